//! From what users write to ids: e-mail addresses, phone numbers, usernames and slugs are looked up, by reading only.

use clerk_api::{Args, Client};
use serde::Deserialize;

use crate::call::{Call, operation};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::phrase;
use crate::reference::{Reference, UserKey};

/// How many candidates are shown when a name fits several.
const CANDIDATES: usize = 10;

/// The id that a reference means.
pub(crate) async fn id(client: &Client, reference: &Reference) -> Outcome<String> {
    match reference {
        Reference::Ready(id) => Ok(id.clone()),
        Reference::User { by, value } => user(client, *by, value).await,
        Reference::Slug(slug) => organization(client, slug).await,
    }
}

/// Resolves every argument that names an object by something else than its id.
pub(crate) async fn arguments(client: &Client, call: &mut Call) -> Outcome<()> {
    for pending in std::mem::take(&mut call.pending) {
        let mut ids = Vec::new();
        for (sign, reference) in &pending.items {
            ids.push(format!("{sign}{}", id(client, reference).await?));
        }
        call.set_ids(pending.field, &ids)?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Found {
    id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    #[serde(default)]
    email_addresses: Vec<Address>,
}

#[derive(Deserialize)]
struct Address {
    email_address: String,
}

impl Found {
    fn shown(&self) -> String {
        let name = [&self.first_name, &self.last_name, &self.username];
        let name = name.into_iter().flatten().filter(|part| !part.is_empty());
        let address = self
            .email_addresses
            .iter()
            .map(|address| &address.email_address)
            .take(1);
        let parts: Vec<&str> = std::iter::once(&self.id)
            .chain(name)
            .chain(address)
            .map(String::as_str)
            .collect();
        parts.join(" ")
    }
}

async fn user(client: &Client, by: UserKey, value: &str) -> Outcome<String> {
    let meta = operation("users.list")?;
    let tried = format!("cannot find the user with the {} {value:?}", by.called());
    let mut args = Args::new();
    let bad = |error: serde_json::Error| Failure::usage(error.to_string());
    match by {
        UserKey::Query => args.set(by.parameter(), &value),
        UserKey::ExternalId => args.set(by.parameter(), &[format!("+{value}")]),
        UserKey::Email | UserKey::Phone | UserKey::Username => args.set(by.parameter(), &[value]),
    }
    .map_err(bad)?;
    args.set("limit", &(CANDIDATES + 1)).map_err(bad)?;
    let reply = client
        .call(meta, args)
        .await
        .map_err(|error| Failure::of_call(&tried, error))?;
    let found: Vec<Found> = serde_json::from_slice(&reply.raw).map_err(|error| {
        Failure::new(Exit::Failed, "bad_answer", tried.clone()).cause(error.to_string())
    })?;
    match found.as_slice() {
        [] => Err(nobody(by, value)),
        [one] => Ok(one.id.clone()),
        many => Err(ambiguous(by, value, many)),
    }
}

fn nobody(by: UserKey, value: &str) -> Box<Failure> {
    let message = format!("no user has the {} {value:?}", by.called());
    let failure = Failure::new(Exit::Absent, "not_found", message);
    if by == UserKey::Query {
        return failure;
    }
    failure.hint(format!(
        "search for it: clerk-api users list --query {}",
        quoted(value)
    ))
}

fn ambiguous(by: UserKey, value: &str, many: &[Found]) -> Box<Failure> {
    let more = if many.len() > CANDIDATES {
        "more than "
    } else {
        ""
    };
    let count = many.len().min(CANDIDATES);
    let mut failure = Failure::new(
        Exit::Usage,
        "ambiguous",
        format!("{more}{count} users have the {} {value:?}", by.called()),
    );
    for user in many.iter().take(CANDIDATES) {
        failure = failure.cause(user.shown());
    }
    failure.hint("name one of them by its id")
}

/// A word for a shell, quoted where it has to be.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A slug is resolved before any write (reliability.md 7.5): only `organizations.get` takes one.
async fn organization(client: &Client, slug: &str) -> Outcome<String> {
    #[derive(Deserialize)]
    struct Organization {
        id: String,
    }
    let meta = operation("organizations.get")?;
    let tried = format!("cannot {}", phrase::one(meta, Some(slug)));
    let mut args = Args::new();
    args.set("organization_id", &slug)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let reply = client
        .call(meta, args)
        .await
        .map_err(|error| Failure::of_call(&tried, error))?;
    let found: Organization = serde_json::from_slice(&reply.raw).map_err(|error| {
        Failure::new(Exit::Failed, "bad_answer", tried).cause(error.to_string())
    })?;
    Ok(found.id)
}

//! From what users write to ids: email addresses, phone numbers, usernames and slugs are looked up with read requests.
//!
//! What a look-up returns is compared with what was asked before it counts (reliability.md 7.7c).

use clerk_api::id::check_id;
use clerk_api::{Args, Client};
use serde_json::{Map, Value};

use super::reference::{Reference, UserKey};
use crate::call::{Call, operation};
use crate::phrase;
use crate::problem::{Outcome, Problem, ProblemKind};

/// How many candidates are shown when a name fits several.
const CANDIDATES: usize = 10;

/// The id that a reference means.
pub async fn id(client: &Client, reference: &Reference) -> Outcome<String> {
    match reference {
        Reference::Ready(id) => Ok(id.clone()),
        Reference::User { by, value } => user(client, *by, value).await,
        Reference::Slug(slug) => organization(client, slug).await,
    }
}

/// Resolves every argument that names an object by something else than its id.
pub async fn arguments(client: &Client, call: &mut Call) -> Outcome<()> {
    for pending in std::mem::take(&mut call.pending) {
        let mut ids = Vec::new();
        for (sign, reference) in &pending.items {
            ids.push(format!("{sign}{}", id(client, reference).await?));
        }
        call.set_ids(pending.field, &ids)?;
    }
    Ok(())
}

/// A user as a look-up returned it.
pub struct Found {
    /// The id.
    pub id: String,
    row: Map<String, Value>,
}

impl Found {
    /// Takes a row whose id is one of a user.
    fn read(row: Map<String, Value>) -> Option<Self> {
        let id = row.get("id")?.as_str()?.to_owned();
        let is_user = id.starts_with("user_") && check_id(&id).is_ok();
        is_user.then_some(Self { id, row })
    }

    /// Whether the user really has what was asked for. What a search finds cannot be compared.
    pub fn has(&self, by: UserKey, asked: &str) -> bool {
        let same_case = |text: &str| text == asked;
        let any_case = |text: &str| text.to_lowercase() == asked.to_lowercase();
        match by {
            UserKey::Id => self.id == asked,
            UserKey::Email => self.each("email_addresses", "email_address").any(any_case),
            UserKey::Phone => self.each("phone_numbers", "phone_number").any(same_case),
            UserKey::Username => self.text("username").is_some_and(any_case),
            UserKey::ExternalId => self.text("external_id").is_some_and(same_case),
            UserKey::Query => true,
        }
    }

    /// The ids of all that belongs to the user: addresses, numbers, wallets, external accounts, passkeys.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let lists = self.row.values().filter_map(Value::as_array).flatten();
        lists.filter_map(|part| part.get("id")?.as_str())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.row.get(name)?.as_str()
    }

    fn each<'a>(&'a self, list: &str, name: &'a str) -> impl Iterator<Item = &'a str> {
        let items = self.row.get(list).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(move |item| item.get(name)?.as_str())
    }

    fn shown(&self) -> String {
        let names = ["first_name", "last_name", "username"];
        let names = names.into_iter().filter_map(|name| self.text(name));
        let address = self.each("email_addresses", "email_address").take(1);
        let parts = std::iter::once(self.id.as_str())
            .chain(names)
            .chain(address)
            .filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// The users who have one of these; a response that cannot be read, or with a user who has none of them, is refused.
pub async fn users(
    client: &Client,
    by: UserKey,
    values: &[&str],
    limit: usize,
) -> Outcome<Vec<Found>> {
    let asked = values.join(", ");
    let tried = format!("cannot find the user with the {} {asked:?}", by.called());
    let mut args = Args::new();
    match by {
        UserKey::Query => args.set(by.parameter(), &asked),
        UserKey::ExternalId | UserKey::Id => {
            let signed: Vec<String> = values.iter().map(|value| format!("+{value}")).collect();
            args.set(by.parameter(), &signed)
        }
        UserKey::Email | UserKey::Phone | UserKey::Username => args.set(by.parameter(), &values),
    }
    .and_then(|()| args.set("limit", &limit))
    .map_err(|error| Problem::usage(error.to_string()))?;
    let reply = client
        .call(operation("users.list")?, args)
        .await
        .map_err(|error| Problem::of_call(&tried, error))?;
    let rows: Vec<Map<String, Value>> = serde_json::from_slice(&reply.raw).map_err(|error| {
        mistaken(&tried, "the response is not a list of users").cause(error.to_string())
    })?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(user) = Found::read(row) else {
            return Err(mistaken(
                &tried,
                "the response has a row without a user's id",
            ));
        };
        if !values.iter().any(|value| user.has(by, value)) {
            let what = format!("the response is {}, who does not have it", user.id);
            return Err(mistaken(&tried, &what));
        }
        found.push(user);
    }
    Ok(found)
}

/// A response that is not to what was asked.
fn mistaken(tried: &str, what: &str) -> Box<Problem> {
    Problem::new(
        ProblemKind::Refused,
        "wrong_answer",
        format!("{tried}: {what}"),
    )
    .hint("nothing was changed; name the object by its id")
}

async fn user(client: &Client, by: UserKey, value: &str) -> Outcome<String> {
    let found = users(client, by, &[value], CANDIDATES + 1).await?;
    match found.as_slice() {
        [] => Err(nobody(by, value)),
        [one] => Ok(one.id.clone()),
        many => Err(ambiguous(by, value, many)),
    }
}

fn nobody(by: UserKey, value: &str) -> Box<Problem> {
    let message = format!("no user has the {} {value:?}", by.called());
    let failure = Problem::new(ProblemKind::Absent, "not_found", message);
    if by == UserKey::Query {
        return failure;
    }
    failure.hint(format!(
        "search for it: clerk-api users list --query {}",
        quoted(value)
    ))
}

fn ambiguous(by: UserKey, value: &str, many: &[Found]) -> Box<Problem> {
    let more = if many.len() > CANDIDATES {
        "more than "
    } else {
        ""
    };
    let count = many.len().min(CANDIDATES);
    let mut failure = Problem::new(
        ProblemKind::Usage,
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
    let meta = operation("organizations.get")?;
    let tried = format!("cannot {}", phrase::one(meta, Some(slug)));
    let mut args = Args::new();
    args.set("organization_id", &slug)
        .map_err(|error| Problem::usage(error.to_string()))?;
    let reply = client
        .call(meta, args)
        .await
        .map_err(|error| Problem::of_call(&tried, error))?;
    let found: Map<String, Value> = serde_json::from_slice(&reply.raw).map_err(|error| {
        mistaken(&tried, "the response is not an organization").cause(error.to_string())
    })?;
    let text = |name: &str| found.get(name).and_then(Value::as_str);
    let is_organization = |id: &&str| id.starts_with("org_") && check_id(id).is_ok();
    match text("id").filter(is_organization) {
        Some(id) if text("slug") == Some(slug) => Ok(id.to_owned()),
        Some(id) => Err(mistaken(
            &tried,
            &format!("the response is {id}, which has another slug"),
        )),
        None => Err(mistaken(&tried, "the response is not an organization")),
    }
}

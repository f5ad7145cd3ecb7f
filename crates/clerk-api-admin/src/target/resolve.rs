//! From what users write to ids: email addresses, phone numbers, usernames and slugs are looked up with read requests.
//!
//! What a look-up returns is compared with what was asked before it counts (reliability.md 7.7c).

use clerk_api::id::{check_id, check_slug};
use clerk_api::{Args, Client};
use serde_json::{Map, Value, json};

use super::reference::{Reference, UserKey};
use crate::call::{Call, operation};
use crate::phrase;
use crate::problem::{Outcome, Problem, ProblemKind};
use crate::text::shell;

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
            UserKey::Name => self.name().to_lowercase().contains(&asked.to_lowercase()),
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

    fn name(&self) -> String {
        let names = ["first_name", "last_name"];
        let names = names.into_iter().filter_map(|name| self.text(name));
        names
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What tells it from other users.
    fn candidate(&self) -> Value {
        json!({
            "id": self.id, "name": self.name(), "username": self.text("username"),
            "email_address": self.each("email_addresses", "email_address").next(),
        })
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
        UserKey::Query | UserKey::Name => args.set(by.parameter(), &asked),
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
        let has = values.iter().any(|value| user.has(by, value));
        // A search by name also finds addresses.
        if !has && by == UserKey::Name {
            continue;
        }
        if !has {
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
    let found = users(client, by, &[value], limit(by)).await?;
    match found.as_slice() {
        // A username that nobody has may be a part of a name.
        [] if by == UserKey::Username => {
            let named = users(client, UserKey::Name, &[value], limit(UserKey::Name)).await?;
            match named.as_slice() {
                [] => Err(nobody(by, value)),
                [one] => Ok(one.id.clone()),
                many => Err(ambiguous(UserKey::Name, value, many)),
            }
        }
        [] => Err(nobody(by, value)),
        [one] => Ok(one.id.clone()),
        many => Err(ambiguous(by, value, many)),
    }
}

/// A search by name finds others too, so that it has to look at a whole page.
const fn limit(by: UserKey) -> usize {
    match by {
        UserKey::Name => 500,
        _ => CANDIDATES + 1,
    }
}

fn nobody(by: UserKey, value: &str) -> Box<Problem> {
    let message = format!("no user has the {} {value:?}", by.called());
    let failure = Problem::new(ProblemKind::Absent, "not_found", message);
    if matches!(by, UserKey::Query | UserKey::Name) {
        return failure;
    }
    failure.hint(format!(
        "search for it: clerk-api users list --query {}",
        shell::word(value)
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
        failure.candidates.push(user.candidate());
    }
    failure.hint("name one of them by its id")
}

/// An organization by its slug, else by its exact name.
async fn organization(client: &Client, text: &str) -> Outcome<String> {
    if check_slug(text).is_err() {
        let absent = Problem::new(
            ProblemKind::Absent,
            "not_found",
            format!("no organization has the name {text:?}"),
        );
        return by_exact_name(client, text).await?.ok_or(absent);
    }
    match by_slug(client, text).await {
        // Only Clerk's own words say that there is none.
        Err(absent) if absent.http == Some(404) && !absent.errors.is_empty() => {
            by_exact_name(client, text).await?.ok_or(absent)
        }
        found => found,
    }
}

/// The organization with exactly this name; nothing where none has it.
async fn by_exact_name(client: &Client, name: &str) -> Outcome<Option<String>> {
    let tried = format!("cannot find the organization {name:?}");
    let mut args = Args::new();
    args.set("query", &name)
        .and_then(|()| args.set("limit", &500))
        .map_err(|error| Problem::usage(error.to_string()))?;
    let reply = client
        .call(operation("organizations.list")?, args)
        .await
        .map_err(|error| Problem::of_call(&tried, error))?;
    let found: Value = serde_json::from_slice(&reply.raw)
        .map_err(|error| mistaken(&tried, "the response is not a list").cause(error.to_string()))?;
    let rows = found["data"].as_array();
    let rows = rows.ok_or_else(|| mistaken(&tried, "the response is not a list"))?;
    let named: Vec<&Value> = rows.iter().filter(|row| row["name"] == name).collect();
    let is_organization = |id: &&str| id.starts_with("org_") && check_id(id).is_ok();
    let mut ids = Vec::new();
    for row in &named {
        let id = row["id"].as_str().filter(is_organization);
        ids.push(id.ok_or_else(|| mistaken(&tried, "the response has no organization's id"))?);
    }
    match ids.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).to_owned())),
        many => {
            let message = format!("{} organizations have the name {name:?}", many.len());
            let mut failure = Problem::new(ProblemKind::Usage, "ambiguous", message);
            for row in named.iter().take(CANDIDATES) {
                let slug = row["slug"].as_str().unwrap_or_default();
                let id = row["id"].as_str().unwrap_or_default();
                failure = failure.cause(format!("{id} {slug}").trim_end());
                let candidate = json!({"id": id, "name": name, "slug": row["slug"]});
                failure.candidates.push(candidate);
            }
            Err(failure.hint("name one of them by its id"))
        }
    }
}

/// A slug is resolved before any write (reliability.md 7.5): only `organizations.get` takes one.
pub(crate) async fn by_slug(client: &Client, slug: &str) -> Outcome<String> {
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

//! One search through users, organizations and invitations; `find/show.rs` has one object with what hangs on it. Reading only.

mod show;

use clerk_api::{Args, Client};
use futures_util::future::try_join4;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

use crate::call::operation;
use crate::problem::{Outcome, Problem, ProblemKind};

pub use show::{one, show};

/// How many rows of each kind hang on an object that is shown.
const HANGING: u64 = 100;
/// So many users are looked at at once.
const AT_ONCE: usize = 8;

/// Searches for a text: users with their organizations and roles, organizations, and invitations of both kinds, at most this many of each,
/// best first.
///
/// # Errors
/// A request failed.
pub async fn find(client: &Client, text: &str, most: u64) -> Outcome<Vec<Value>> {
    let query = [("query", text)];
    let search = |list| rows(client, list, &query, most);
    let (users, organizations, invited, invited_to_all) = try_join4(
        search("users.list"),
        search("organizations.list"),
        search("invitations.list_all"),
        search("application_invitations.list"),
    )
    .await?;
    let users = stream::iter(&users).map(|user| found_user(client, user));
    let mut found: Vec<Value> = users.buffered(AT_ONCE).try_collect().await?;
    found.extend(organizations.iter().map(|row| {
        json!({
            "kind": "organization", "id": row["id"], "name": row["name"], "slug": row["slug"], "members_count": row["members_count"],
        })
    }));
    for (kind, rows) in [
        ("invitation", invited),
        ("application_invitation", invited_to_all),
    ] {
        found.extend(rows.iter().map(|row| {
            json!({
                "kind": kind, "id": row["id"], "email_address": row["email_address"], "status": row["status"], "role": row["role"],
                "organization_id": row["organization_id"],
            })
        }));
    }
    let text = text.to_lowercase();
    found.sort_by_key(|one| rank(one, &text));
    Ok(found)
}

async fn found_user(client: &Client, user: &Value) -> Outcome<Value> {
    let id = user["id"].as_str().unwrap_or_default();
    let memberships = rows(client, "users.memberships", &[("user_id", id)], HANGING).await?;
    let organizations: Vec<Value> = memberships.iter().map(in_organization).collect();
    let mut found = person(user);
    found["organizations"] = organizations.into();
    Ok(found)
}

/// What people know of a user, out of the API's object: name, primary address and number, username, last sign-in.
#[must_use]
pub fn person(user: &Value) -> Value {
    let names = [&user["first_name"], &user["last_name"]];
    let names: Vec<&str> = names.into_iter().filter_map(Value::as_str).collect();
    let primary = |list: &str, member: &str, id: &str| {
        let items = user[list].as_array().into_iter().flatten();
        let mut items = items.filter(|item| item["id"] == user[id]);
        items.next().map(|item| item[member].clone())
    };
    json!({
        "kind": "user", "id": user["id"], "name": names.join(" "),
        "email_address": primary("email_addresses", "email_address", "primary_email_address_id"),
        "phone_number": primary("phone_numbers", "phone_number", "primary_phone_number_id"),
        "username": user["username"], "external_id": user["external_id"], "last_sign_in_at": user["last_sign_in_at"],
    })
}

fn in_organization(membership: &Value) -> Value {
    let organization = &membership["organization"];
    json!({
        "id": organization["id"], "name": organization["name"], "slug": organization["slug"], "role": membership["role"],
    })
}

/// How well a row fits: a text that is the one, one that begins with it, any other.
fn rank(row: &Value, text: &str) -> u8 {
    let members = row.as_object().into_iter().flatten();
    let texts = members.filter(|(name, _)| *name != "kind");
    let texts: Vec<String> = texts
        .filter_map(|(_, value)| value.as_str())
        .map(str::to_lowercase)
        .collect();
    match text {
        text if texts.iter().any(|one| one == text) => 0,
        text if texts.iter().any(|one| one.starts_with(text)) => 1,
        _ => 2,
    }
}

/// The first rows of a list, at most this many.
///
/// # Errors
/// The request failed.
pub async fn rows(
    client: &Client,
    list: &str,
    given: &[(&str, &str)],
    most: u64,
) -> Outcome<Vec<Value>> {
    let meta = operation(list)?;
    let mut args = Args::new();
    for (name, value) in given {
        args.set(name, value)
            .map_err(|error| Problem::usage(error.to_string()))?;
    }
    if meta.field("limit").is_some() {
        args.set("limit", &most.clamp(1, 500))
            .map_err(|error| Problem::usage(error.to_string()))?;
    }
    let tried = format!("cannot {}", crate::phrase::one(meta, None));
    let reply = client.call(meta, args).await;
    let reply = reply.map_err(|error| Problem::of_call(&tried, error))?;
    match read(&reply.raw)? {
        Value::Array(rows) => Ok(rows),
        mut found => match found["data"].take() {
            Value::Array(rows) => Ok(rows),
            _ => Err(Problem::new(
                ProblemKind::Failed,
                "bad_answer",
                format!("{tried}: the response is not a list"),
            )),
        },
    }
}

fn read(raw: &[u8]) -> Outcome<Value> {
    serde_json::from_slice(raw).map_err(|error| {
        Problem::new(
            ProblemKind::Failed,
            "bad_answer",
            "the response cannot be read",
        )
        .cause(error.to_string())
    })
}

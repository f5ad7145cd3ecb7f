//! One search through users, organizations and invitations, and one object with what hangs on it. Reading only.

use clerk_api::declare::{Field, Kind, Meta, Place, Resource, Verb};
use clerk_api::{Args, Client, ops};
use futures_util::future::{try_join_all, try_join4};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value, json};

use crate::call::operation;
use crate::problem::{Outcome, Problem, ProblemKind};

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
    let names = [&user["first_name"], &user["last_name"]];
    let names: Vec<&str> = names.into_iter().filter_map(Value::as_str).collect();
    let primary = |list: &str, member: &str, id: &str| {
        let items = user[list].as_array().into_iter().flatten();
        let mut items = items.filter(|item| item["id"] == user[id]);
        items.next().map(|item| item[member].clone())
    };
    let memberships = rows(client, "users.memberships", &[("user_id", id)], HANGING).await?;
    let organizations: Vec<Value> = memberships.iter().map(in_organization).collect();
    Ok(json!({
        "kind": "user", "id": id, "name": names.join(" "),
        "email_address": primary("email_addresses", "email_address", "primary_email_address_id"),
        "phone_number": primary("phone_numbers", "phone_number", "primary_phone_number_id"),
        "username": user["username"], "external_id": user["external_id"], "last_sign_in_at": user["last_sign_in_at"],
        "organizations": organizations,
    }))
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

/// An object by its id, with what hangs on it: a user with organizations, sessions and invitations, an organization with members,
/// invitations and domains. `secrets` says whether links and tokens are kept.
///
/// # Errors
/// The id is of an object that cannot be shown alone, or a request failed.
pub async fn show(client: &Client, id: &str, secrets: bool) -> Outcome<Value> {
    let of = Resource::of_id(id);
    let Some(of) = of else {
        return Err(Problem::usage(format!("{id:?} is no id")).hint(
            "ids begin with what they name: user_…, org_…, sess_…; `clerk-api find TEXT` searches",
        ));
    };
    let kind = of.noun.replace(' ', "_");
    let mut shown = Map::new();
    shown.insert("kind".to_owned(), kind.clone().into());
    shown.insert(kind, object(client, of, id, secrets).await?);
    let hanging: &[(&str, &str)] = match of {
        Resource::USER => &[
            ("memberships", "users.memberships"),
            ("sessions", "sessions.list"),
            ("invitations", "users.invitations"),
        ],
        Resource::ORGANIZATION => &[
            ("members", "organizations.members"),
            ("invitations", "invitations.list"),
            ("domains", "domains.list"),
        ],
        _ => &[],
    };
    let argument = if of == Resource::USER {
        "user_id"
    } else {
        "organization_id"
    };
    let given = [(argument, id)];
    let lists = hanging
        .iter()
        .map(|(_, list)| rows(client, list, &given, HANGING));
    for ((name, list), mut rows) in hanging.iter().zip(try_join_all(lists).await?) {
        if !secrets {
            rows.iter_mut()
                .for_each(|row| hide(operation(list).ok(), row));
        }
        shown.insert((*name).to_owned(), Value::Array(rows));
    }
    Ok(Value::Object(shown))
}

/// The object, by the operation that needs nothing but its id.
async fn object(client: &Client, of: &Resource, id: &str, secrets: bool) -> Outcome<Value> {
    let mut tried = None;
    for meta in ops::all().map(|op| op.meta).filter(|meta| shows(meta, of)) {
        let Some(field) = meta.fields.iter().find(|field| field.place == Place::Path) else {
            continue;
        };
        let mut args = Args::new();
        args.set(field.name, &id)
            .map_err(|error| Problem::usage(error.to_string()))?;
        let reply = client.call(meta, args).await;
        match reply.map_err(|error| Problem::of_call(&format!("cannot show {id}"), error)) {
            Ok(reply) => {
                let mut value = read(&reply.raw)?;
                if !secrets {
                    hide(Some(meta), &mut value);
                }
                return Ok(value);
            }
            // An identification is an address or a number.
            Err(problem) if problem.kind == ProblemKind::Absent => tried = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    let noun = of.noun;
    Err(tried.unwrap_or_else(|| {
        Problem::usage(format!(
            "cannot show {id}: the API has no request for one {noun} by its id alone"
        ))
        .hint("`clerk-api commands` describes the commands that show it")
    }))
}

/// An object by its id, with nothing that hangs on it and without links and tokens.
///
/// # Errors
/// The id is of an object that cannot be shown alone, or a request failed.
pub async fn one(client: &Client, id: &str) -> Outcome<Value> {
    let of = Resource::of_id(id).unwrap_or(Resource::OBJECT);
    object(client, of, id, false).await
}

/// Whether an operation shows one object of this resource by its id.
fn shows(meta: &Meta, of: &Resource) -> bool {
    let path: Vec<&Field> = meta
        .fields
        .iter()
        .filter(|field| field.place == Place::Path)
        .collect();
    let [field] = path.as_slice() else {
        return false;
    };
    let is_its = matches!(field.kind, Kind::Id { of: named, .. } if named == of);
    meta.verb == Verb::Get && is_its && meta.path.ends_with('}') && !meta.model().is_empty()
}

fn hide(meta: Option<&Meta>, row: &mut Value) {
    let members = meta.into_iter().flat_map(|meta| meta.members);
    for member in members.filter(|member| member.secret) {
        if let Some(object) = row.as_object_mut() {
            object.remove(member.name);
        }
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
    args.set("limit", &most.clamp(1, 500))
        .map_err(|error| Problem::usage(error.to_string()))?;
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

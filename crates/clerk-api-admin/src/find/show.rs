//! One object by its id, with what hangs on it.

use clerk_api::declare::{Field, Kind, Meta, Place, Resource, Verb};
use clerk_api::{Args, Client, ops};
use futures_util::future::try_join_all;
use serde_json::{Map, Value};

use super::{HANGING, read, rows};
use crate::call::operation;
use crate::problem::{Outcome, Problem, ProblemKind};

/// The largest page that the API gives (spec: `LimitParameter`).
const LARGEST: u64 = 500;

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
    let (kind, value) = object(client, of, id, secrets).await?;
    let kind = kind.noun.replace(' ', "_");
    let mut shown = Map::new();
    shown.insert("kind".to_owned(), kind.clone().into());
    shown.insert(kind, value);
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

/// The object and what it is: by the operation that needs nothing but its id, else from a list that finds it by its id.
async fn object(
    client: &Client,
    of: &'static Resource,
    id: &str,
    secrets: bool,
) -> Outcome<(&'static Resource, Value)> {
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
                return Ok((of, value));
            }
            // An identification is an address or a number.
            Err(problem) if problem.kind == ProblemKind::Absent => tried = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    if let Some(list) = LISTS.iter().find(|list| id.starts_with(list.prefix)) {
        return listed(client, list, id, secrets).await;
    }
    let noun = of.noun;
    let place = ELSEWHERE.iter().find(|(prefix, _)| id.starts_with(prefix));
    let place = place.map(|(_, place)| place.replace("{id}", id));
    Err(match (tried, place) {
        (Some(problem), None) => problem,
        (Some(problem), Some(place)) => problem.hint(place),
        (None, place) => Problem::usage(format!(
            "cannot show {id}: the API has no request for one {noun} by its id alone"
        ))
        .hint(place.unwrap_or_else(|| {
            "`clerk-api commands` describes the commands that show it".to_owned()
        })),
    })
}

/// A list in which an object is found by its id.
struct List {
    prefix: &'static str,
    list: &'static str,
    /// The parameter that takes the id; without one the list is looked through, as far as one request brings it.
    by: Option<&'static str>,
}

const LISTS: [List; 4] = [
    List {
        prefix: "inv_",
        list: "application_invitations.list",
        by: Some("query"),
    },
    List {
        prefix: "wle_",
        list: "waitlist.list",
        by: Some("query"),
    },
    List {
        prefix: "alid_",
        list: "allowlist.list",
        by: None,
    },
    List {
        prefix: "blid_",
        list: "blocklist.list",
        by: None,
    },
];

/// What shows an object that has no request of its own and that no list finds by its id.
const ELSEWHERE: [(&str, &str); 8] = [
    (
        "orgmem_",
        "`clerk-api organizations members ORGANIZATION` and `clerk-api users memberships USER` show memberships; `clerk-api memberships list --all --where 'id == \"{id}\"'` finds it by reading all of them",
    ),
    (
        "orginv_",
        "`clerk-api invitations get ORGANIZATION --invitation-id {id}` shows it; without its organization, `clerk-api find ADDRESS` finds it",
    ),
    ("orgdmn_", "`clerk-api domains list ORGANIZATION` shows it"),
    (
        "idn_",
        "it may be a passkey or a wallet, which `clerk-api users get USER` shows with its user",
    ),
    ("eac_", "`clerk-api users get USER` shows it with its user"),
    (
        "ins_",
        "`clerk-api instance get` shows the instance that the key belongs to",
    ),
    (
        "sit_",
        "the API shows a token only when it is created; `clerk-api sign-in-tokens revoke {id}` revokes it",
    ),
    (
        "act_",
        "the API shows a token only when it is created; `clerk-api actor-tokens revoke {id}` revokes it",
    ),
];

/// An object out of a list. No list is read further than one request goes.
async fn listed(
    client: &Client,
    list: &List,
    id: &str,
    secrets: bool,
) -> Outcome<(&'static Resource, Value)> {
    let meta = operation(list.list)?;
    let given: Vec<(&str, &str)> = list.by.into_iter().map(|by| (by, id)).collect();
    let mut found = rows(client, list.list, &given, LARGEST).await?;
    let seen = found.len() as u64;
    // The list leaves out what was revoked unless it is asked for that.
    if found.is_empty() && list.prefix == "inv_" {
        let revoked = [("query", id), ("status", "revoked")];
        found = rows(client, list.list, &revoked, LARGEST).await?;
    }
    if let Some(mut row) = found.into_iter().find(|row| row["id"] == id) {
        if !secrets {
            hide(Some(meta), &mut row);
        }
        return Ok((meta.resource(), row));
    }
    let (noun, plural) = (meta.resource().noun, meta.resource().plural);
    let message = if list.by.is_none() && seen == LARGEST {
        format!(
            "cannot find {id} among the first {LARGEST} {plural}, and the API finds none by its id"
        )
    } else {
        format!("no {noun} has the id {id}")
    };
    Err(Problem::new(ProblemKind::Absent, "not_found", message))
}

/// An object by its id, with nothing that hangs on it and without links and tokens.
///
/// # Errors
/// The id is of an object that cannot be shown alone, or a request failed.
pub async fn one(client: &Client, id: &str) -> Outcome<Value> {
    let of = Resource::of_id(id).unwrap_or(Resource::OBJECT);
    let (_, value) = object(client, of, id, false).await?;
    Ok(value)
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

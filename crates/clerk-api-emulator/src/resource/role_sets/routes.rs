//! `/role_sets`: listing, making and reading. How sets are changed is in a file of its own.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::{change, rows};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::http::{check, problem};
use crate::resource::roles::catalogue::Catalogue;
use crate::resource::roles::routes::described;
use crate::resource::roles::wire::RoleSet;
use crate::store::{Snapshot, Tx};

/// Longest part of a made key that comes from the name.
const KEY_OF_NAME: usize = 40;

const CATALOGUE: Catalogue = Catalogue {
    table: "role_sets",
    column: "seq",
    write: |db, row, out| {
        let set = rows::read(db, row.get(0)?)?;
        Ok(serde_json::to_writer(out, &set)?)
    },
};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/role_sets", get(list).post(create))
        .at(
            "/role_sets/{role_set_key_or_id}",
            get(read).patch(change::update),
        )
        .at(
            "/role_sets/{role_set_key_or_id}/replace",
            post(change::replace),
        )
        .at(
            "/role_sets/{role_set_key_or_id}/roles",
            post(change::add_roles),
        )
        .at(
            "/role_sets/{role_set_key_or_id}/roles/replace",
            post(change::replace_role),
        )
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    CATALOGUE.list(&app, params).await
}

async fn read(State(app): State<Shared>, Path(name): Path<String>) -> Result<Json, ApiError> {
    let work =
        move |snapshot: &Snapshot<'_>| Ok(rows::read(snapshot, rows::load(snapshot, &name)?.seq)?);
    Json::of(&app.store.read(work).await?)
}

/// The body of a creation.
struct Creation {
    set: RoleSet,
    /// Whether the key is to be made from the name.
    keyless: bool,
    roles: Vec<String>,
    default_role: String,
    creator_role: String,
}

impl Creation {
    fn read(bytes: &Bytes, id: String, now: i64) -> Result<Self, ApiError> {
        let mut body = Body::parse(bytes)?;
        let name = body.text("name");
        let name = body.required("name", name);
        if body.is_good() {
            body.check(check::title("name", &name));
        }
        let key = body.text("key");
        let key = body.not_null("key", key);
        if let Some(key) = &key {
            body.check(check::role_set_key("key", key));
        }
        let roles = change::role_keys(&mut body, "roles");
        let [default_role, creator_role] = ["default_role_key", "creator_role_key"].map(|param| {
            let key = body.text(param);
            let key: String = body.required(param, key);
            if body.is_good() && !roles.contains(&key) {
                body.problem(problem::value_invalid(param, &key));
            }
            key
        });
        let mut set = RoleSet::new(id, key.clone().unwrap_or_else(|| key_of(&name)), name, now);
        set.description = described(body.text("description"), None);
        let kind = body.text("type");
        match body.not_null("type", kind).as_deref() {
            None | Some("custom") => {}
            Some("initial") => set.set_initial(true),
            Some(other) => body.problem(problem::value_invalid("type", other)),
        }
        body.finish(Unknown::Refuse)?;
        Ok(Self {
            set,
            keyless: key.is_none(),
            roles,
            default_role,
            creator_role,
        })
    }
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = Creation::read(&bytes, app.new_id("rset", now), now)?;
    let work = move |tx: &Tx<'_>| {
        let db = tx.db();
        let mut set = wanted.set;
        if wanted.keyless {
            set.key = rows::free_key(db, &set.key)?;
        }
        let roles = rows::roles_of(db, "roles", &wanted.roles)?;
        let of = |key: &String| {
            let found = wanted.roles.iter().zip(&roles).find(|(one, _)| *one == key);
            found.map_or(0, |(_, seq)| *seq)
        };
        if set.kind == "initial" {
            rows::dethrone(tx)?;
        }
        let (default_role, creator_role) = (of(&wanted.default_role), of(&wanted.creator_role));
        let seq = rows::insert(tx, &set, &roles, default_role, creator_role)?;
        Ok(rows::read(db, seq)?)
    };
    Json::of(&app.store.write(work).await?)
}

/// Makes a key of a name: its letters and digits in lower case, underscores for what is between them.
fn key_of(name: &str) -> String {
    let mut key = String::new();
    for c in name.to_lowercase().chars() {
        if key.len() >= KEY_OF_NAME {
            break;
        }
        if c.is_ascii_alphanumeric() {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    let key = key.trim_end_matches('_');
    format!("role_set:{}", if key.is_empty() { "set" } else { key })
}

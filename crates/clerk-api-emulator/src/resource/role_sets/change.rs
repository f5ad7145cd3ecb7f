//! How role sets change: their roles, what they are called, and how one takes the place of another.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use bytes::Bytes;
use rusqlite::Connection;

use super::rows::{self, Known};
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::{check, problem};
use crate::resource::roles::routes::described;
use crate::resource::roles::wire::RoleSet;
use crate::resource::roles::{errors as roles_errors, rows as roles};
use crate::store::Tx;

/// Most roles that a request names.
const MOST_ROLES: usize = 10;

pub(super) async fn update(
    State(app): State<Shared>,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let mut known = rows::load(tx.db(), &name)?;
        let mut set = rows::read(tx.db(), known.seq)?;
        let mut body = Body::parse(&bytes)?;
        if let Given::Value(name) = body.text("name") {
            body.check(check::title("name", &name));
            set.name = name;
        }
        if let Given::Value(key) = body.text("key") {
            body.check(check::role_set_key("key", &key));
            set.key = key;
        }
        set.description = described(body.text("description"), set.description);
        let kind = body.text("type").value();
        if let Some(other) = kind.as_deref().filter(|kind| *kind != "initial") {
            body.problem(problem::value_invalid("type", other));
        }
        let given = RolesGiven::read(&mut body);
        body.finish(Unknown::Ignore)?;
        if kind.is_some() && !known.initial {
            rows::dethrone(tx)?;
            set.set_initial(true);
        }
        given.apply(tx.db(), &mut known)?;
        set.updated_at = now;
        rows::save(tx, &known, &set)?;
        Ok(rows::read(tx.db(), known.seq)?)
    };
    Json::of(&app.store.write(work).await?)
}

/// The keys of the roles that a set shall give.
struct RolesGiven {
    default_role: Option<String>,
    creator_role: Option<String>,
}

impl RolesGiven {
    fn read(body: &mut Body<'_>) -> Self {
        Self {
            default_role: body.text("default_role_key").value(),
            creator_role: body.text("creator_role_key").value(),
        }
    }

    fn apply(self, db: &Connection, known: &mut Known) -> Result<(), ApiError> {
        if let Some(key) = self.default_role {
            known.default_role = rows::role_in(db, known.seq, "default_role_key", &key)?;
        }
        if let Some(key) = self.creator_role {
            known.creator_role = rows::role_in(db, known.seq, "creator_role_key", &key)?;
        }
        Ok(())
    }
}

pub(super) async fn add_roles(
    State(app): State<Shared>,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let mut known = rows::load(tx.db(), &name)?;
        let mut body = Body::parse(&bytes)?;
        let keys = role_keys(&mut body, "role_keys");
        let given = RolesGiven::read(&mut body);
        body.finish(Unknown::Ignore)?;
        let roles = rows::roles_of(tx.db(), "role_keys", &keys)?;
        rows::include(tx.db(), known.seq, &roles)?;
        given.apply(tx.db(), &mut known)?;
        touch(tx, &known, now)
    };
    Json::of(&app.store.write(work).await?)
}

pub(super) async fn replace_role(
    State(app): State<Shared>,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let mut known = rows::load(tx.db(), &name)?;
        let mut body = Body::parse(&bytes)?;
        let [from, to] = ["role_key", "to_role_key"].map(|param| {
            let key = body.text(param);
            body.required::<String>(param, key)
        });
        if body.is_good() && from == to {
            body.problem(problem::value_invalid("to_role_key", &to));
        }
        body.finish(Unknown::Ignore)?;
        let from = rows::role_in(tx.db(), known.seq, "role_key", &from)?;
        let to = rows::roles_of(tx.db(), "to_role_key", &[to])?;
        rows::include(tx.db(), known.seq, &to)?;
        for to in to {
            rows::reassign(tx, known.seq, &[(from, to)], now)?;
            for role in [&mut known.default_role, &mut known.creator_role] {
                if *role == from {
                    *role = to;
                }
            }
        }
        rows::exclude(tx, known.seq, from)?;
        touch(tx, &known, now)
    };
    Json::of(&app.store.write(work).await?)
}

/// Writes a set whose roles have changed and returns it.
fn touch(tx: &Tx<'_>, known: &Known, now: i64) -> Result<RoleSet, ApiError> {
    let mut set = rows::read(tx.db(), known.seq)?;
    set.updated_at = now;
    rows::save(tx, known, &set)?;
    Ok(rows::read(tx.db(), known.seq)?)
}

pub(super) async fn replace(
    State(app): State<Shared>,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let db = tx.db();
        let gone = rows::load(db, &name)?;
        let id = rows::read(db, gone.seq)?.id;
        let mut body = Body::parse(&bytes)?;
        let key = body.text("dest_role_set_key");
        let key: String = body.required("dest_role_set_key", key);
        let mappings = body.text_map("reassignment_mappings");
        let mappings = body.not_null("reassignment_mappings", mappings);
        body.finish(Unknown::Ignore)?;
        let by = rows::find(db, &key)?
            .ok_or_else(|| roles_errors::no_such("dest_role_set_key", "role set", &key))?;
        if by.seq == gone.seq {
            return Err(problem::value_invalid("dest_role_set_key", &key).into());
        }
        let pairs = reassignments(db, &gone, &by, mappings.unwrap_or_default())?;
        rows::reassign(tx, gone.seq, &pairs, now)?;
        if gone.initial {
            rows::dethrone(tx)?;
            let mut set = rows::read(db, by.seq)?;
            set.set_initial(true);
            set.updated_at = now;
            rows::save(tx, &by, &set)?;
        }
        rows::replace(tx, &gone, &by)?;
        Ok(id)
    };
    let id = app.store.write(work).await?;
    Json::deleted("role_set", &id, &[])
}

/// Finds out who gets which role: what the mappings say, else the role stays. It must then be in the other set,
/// unless nobody has it.
fn reassignments(
    db: &Connection,
    gone: &Known,
    by: &Known,
    mut mappings: BTreeMap<String, String>,
) -> Result<Vec<(i64, i64)>, ApiError> {
    const PARAM: &str = "reassignment_mappings";
    let there = rows::members(db, by.seq)?;
    let mut found = Vec::new();
    for role in rows::members(db, gone.seq)? {
        let (key, _) = roles::names(db, role)?;
        match mappings.remove(&key) {
            Some(to) => found.push((role, rows::role_in(db, by.seq, PARAM, &to)?)),
            None if there.contains(&role) || !rows::is_used(db, gone.seq, role)? => {}
            None => return Err(roles_errors::no_mapping(&key).into()),
        }
    }
    match mappings.keys().next() {
        Some(stranger) => Err(problem::value_invalid(PARAM, stranger).into()),
        None => Ok(found),
    }
}

/// Reads the keys of one to ten different roles.
pub(super) fn role_keys(body: &mut Body<'_>, param: &str) -> Vec<String> {
    let keys: Given<Vec<String>> = body.texts(param);
    let given = matches!(keys, Given::Value(_));
    let keys = body.required(param, keys);
    if given && keys.is_empty() {
        body.problem(problem::missing(param));
    }
    if keys.len() > MOST_ROLES {
        body.problem(problem::too_many(param, MOST_ROLES));
    }
    if keys.iter().collect::<BTreeSet<_>>().len() < keys.len() {
        body.problem(problem::duplicate(param));
    }
    keys
}

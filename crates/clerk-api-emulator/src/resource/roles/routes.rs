//! `/organization_roles`: what members can be, and the permissions that go with it.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::catalogue::Catalogue;
use super::rows;
use super::wire::Role;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::http::{check, problem};
use crate::resource::permissions::rows as permissions;
use crate::resource::role_sets::rows as role_sets;
use crate::store::{Snapshot, Tx};

const CATALOGUE: Catalogue = Catalogue {
    table: "roles",
    column: "seq",
    write: |db, row, out| {
        let role = rows::read(db, row.get(0)?)?;
        Ok(serde_json::to_writer(out, &role)?)
    },
};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/organization_roles", get(list).post(create))
        .at(
            "/organization_roles/{organization_role_id}",
            get(read).patch(update).delete(delete),
        )
        .at(
            "/organization_roles/{organization_role_id}/permissions/{permission_id}",
            post(permit).delete(forbid),
        )
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    CATALOGUE.list(&app, params).await
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let mut body = Body::parse(&bytes)?;
    let (name, key) = (body.text("name"), body.text("key"));
    let (name, key) = (body.required("name", name), body.required("key", key));
    if body.is_good() {
        body.check(check::title("name", &name));
        body.check(check::role_key("key", &key));
    }
    let mut role = Role::new(app.new_id("role", now), key, name, now);
    role.description = described(body.text("description"), None);
    let ids = permission_ids(&mut body).unwrap_or_default();
    let included = body.flag("include_in_initial_role_set").value();
    body.finish(Unknown::Refuse)?;
    let work = move |tx: &Tx<'_>| {
        let permissions = permissions::numbers(tx.db(), "permissions", &ids)?;
        let seq = rows::insert(tx, &role, &permissions)?;
        if included.unwrap_or(false) {
            let set = role_sets::initial(tx.db())?;
            role_sets::include(tx.db(), set.seq, &[seq])?;
        }
        Ok(rows::read(tx.db(), seq)?)
    };
    Json::of(&app.store.write(work).await?)
}

/// Reads the ids of permissions; none of them may be repeated.
fn permission_ids(body: &mut Body<'_>) -> Option<Vec<String>> {
    let ids = body.texts("permissions").value()?;
    if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
        body.problem(problem::duplicate("permissions"));
    }
    Some(ids)
}

/// Returns the description after a change: null leaves it, an empty text removes it.
pub(crate) fn described(given: Given<String>, before: Option<String>) -> Option<String> {
    match given.value() {
        None => before,
        Some(text) => Some(text).filter(|text| !text.is_empty()),
    }
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let work = move |snapshot: &Snapshot<'_>| Ok(rows::load(snapshot, &id)?.1);
    Json::of(&app.store.read(work).await?)
}

async fn update(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let (seq, mut role) = rows::load(tx.db(), &id)?;
        let mut body = Body::parse(&bytes)?;
        if let Given::Value(name) = body.text("name") {
            body.check(check::title("name", &name));
            role.name = name;
        }
        if let Given::Value(key) = body.text("key") {
            body.check(check::role_key("key", &key));
            role.key = key;
        }
        role.description = described(body.text("description"), role.description);
        let ids = permission_ids(&mut body);
        body.finish(Unknown::Ignore)?;
        let permissions = match ids {
            None => None,
            Some(ids) => Some(permissions::numbers(tx.db(), "permissions", &ids)?),
        };
        role.updated_at = now;
        rows::save(tx, seq, &role, permissions.as_deref())
    };
    Json::of(&app.store.write(work).await?)
}

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let (gone, now) = (id.clone(), app.clock.peek());
    let work = move |tx: &Tx<'_>| rows::delete(tx, &id, now);
    app.store.write(work).await?;
    Json::deleted("role", &gone, &[])
}

async fn permit(state: State<Shared>, path: Path<(String, String)>) -> Result<Json, ApiError> {
    change_permission(state, path, rows::permit).await
}

async fn forbid(state: State<Shared>, path: Path<(String, String)>) -> Result<Json, ApiError> {
    change_permission(state, path, rows::forbid).await
}

async fn change_permission(
    State(app): State<Shared>,
    Path((role, permission)): Path<(String, String)>,
    change: fn(&Tx<'_>, i64, i64) -> Result<(), ApiError>,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let (seq, mut role) = rows::load(tx.db(), &role)?;
        let (permission, _) = permissions::load(tx.db(), &permission)?;
        change(tx, seq, permission)?;
        role.updated_at = now;
        rows::save(tx, seq, &role, None)
    };
    Json::of(&app.store.write(work).await?)
}

//! `/organization_permissions`: what members of organizations may do, beside what every instance has.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::rows;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::check;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::resource::roles::catalogue::Catalogue;
use crate::resource::roles::wire::Permission;
use crate::store::{Snapshot, Tx};

const CATALOGUE: Catalogue = Catalogue {
    table: "permissions",
    column: "wire",
    write: |_, row, out| {
        out.extend_from_slice(row.get_ref(0)?.as_bytes().map_err(rusqlite::Error::from)?);
        Ok(())
    },
};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/organization_permissions", get(list).post(create))
        .at(
            "/organization_permissions/{permission_id}",
            get(read).patch(update).delete(delete),
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
        body.check(check::permission_key("key", &key));
    }
    let description = body.text("description");
    let description = body.not_null("description", description);
    body.finish(Unknown::Ignore)?;
    let permission = Permission {
        object: "permission".into(),
        id: app.new_id("perm", now),
        name,
        key,
        description: description.unwrap_or_default(),
        kind: "user".into(),
        created_at: now,
        updated_at: now,
    };
    let work = move |tx: &Tx<'_>| {
        rows::insert(tx, &permission)?;
        Ok(permission)
    };
    Json::of(&app.store.write(work).await?)
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
        let (seq, mut permission) = rows::load_own(tx.db(), &id)?;
        let mut body = Body::parse(&bytes)?;
        for (param, slot, check) in [
            ("name", &mut permission.name, check::title as Check),
            ("key", &mut permission.key, check::permission_key),
            ("description", &mut permission.description, |_, _| Ok(())),
        ] {
            let given: Given<String> = body.text(param);
            if let Some(text) = body.not_null(param, given) {
                body.check(check(param, &text));
                *slot = text;
            }
        }
        body.finish(Unknown::Ignore)?;
        permission.updated_at = now;
        rows::save(tx, seq, &permission)?;
        Ok(permission)
    };
    Json::of(&app.store.write(work).await?)
}

type Check = fn(&str, &str) -> Result<(), crate::http::problem::Problem>;

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| {
        let (seq, permission) = rows::load_own(tx.db(), &id)?;
        rows::delete(tx, seq, &permission)
    };
    app.store.write(work).await?;
    Json::deleted("permission", &gone, &[])
}

//! Banning and locking users: `/users/{user_id}/ban`, `unban`, `lock`, `unlock`, and `/users/ban`, `/users/unban`.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::change::{self, Draft};
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::store::Tx;

/// Most users of one request.
const MOST: usize = 50;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/users/{user_id}/ban", post(ban))
        .at("/users/{user_id}/unban", post(unban))
        .at("/users/{user_id}/lock", post(lock))
        .at("/users/{user_id}/unlock", post(unlock))
        .at("/users/ban", post(ban_many))
        .at("/users/unban", post(unban_many))
}

async fn ban(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    Ok(Json::raw(change::one(app, id, banned(true)).await?))
}

async fn unban(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    Ok(Json::raw(change::one(app, id, banned(false)).await?))
}

async fn lock(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    Ok(Json::raw(change::one(app, id, locked(true)).await?))
}

async fn unlock(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    Ok(Json::raw(change::one(app, id, locked(false)).await?))
}

async fn ban_many(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    many(app, &bytes, true).await
}

async fn unban_many(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    many(app, &bytes, false).await
}

/// Changes every user that is named, or none if one does not exist.
async fn many(app: Shared, bytes: &Bytes, on: bool) -> Result<Json, ApiError> {
    let ids = read(bytes)?;
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let users: Vec<String> = ids
            .iter()
            .map(|id| change::within(tx, id, now, banned(on)))
            .collect::<Result<_, _>>()?;
        Ok(format!("[{}]", users.join(",")))
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// Reads the ids, each once, in the order in which they were given.
fn read(bytes: &Bytes) -> Result<Vec<String>, ApiError> {
    let mut body = Body::parse(bytes)?;
    let given = body.texts("user_ids");
    if matches!(&given, Given::Value(ids) if ids.is_empty()) {
        body.problem(problem::missing("user_ids"));
    }
    let mut ids = body.required("user_ids", given);
    body.finish(Unknown::Refuse)?;
    if ids.len() > MOST {
        return Err(error::bad_request(
            "bulk_size_exceeded",
            "bulk size exceeded",
            format!("One request takes at most {MOST} users."),
        ));
    }
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    Ok(ids)
}

fn banned(on: bool) -> impl FnOnce(&mut Draft) -> Result<bool, ApiError> + Send + 'static {
    move |draft| {
        draft.signs_out = on;
        Ok(std::mem::replace(&mut draft.user.banned, on) != on)
    }
}

fn locked(on: bool) -> impl FnOnce(&mut Draft) -> Result<bool, ApiError> + Send + 'static {
    move |draft| Ok(draft.user.set_locked(on))
}

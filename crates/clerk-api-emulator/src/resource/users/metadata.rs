//! `PATCH` and `PUT /users/{user_id}/metadata`.

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::value::RawValue;

use super::rows;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::metadata;
use crate::http::reply::Json;

const FIELDS: [&str; 3] = ["public_metadata", "private_metadata", "unsafe_metadata"];

pub(super) async fn merge(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    change(app, id, bytes, false).await
}

pub(super) async fn replace(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    change(app, id, bytes, true).await
}

async fn change(app: Shared, id: String, bytes: Bytes, replace: bool) -> Result<Json, ApiError> {
    let given = fields(&bytes)?;
    let now = app.clock.now();
    let work = move |tx: &crate::store::Tx<'_>| {
        let (seq, before) = rows::load(tx.db(), &id)?;
        let mut after = before.clone();
        let slots = [
            &mut after.public_metadata,
            &mut after.private_metadata,
            &mut after.unsafe_metadata,
        ];
        for ((param, slot), given) in FIELDS.into_iter().zip(slots).zip(given) {
            match given {
                // Old programs name every kind, with null for those that they do not mean.
                Given::Absent => {}
                Given::Null if !replace => {}
                Given::Null => *slot = RawValue::NULL.to_owned(),
                Given::Value(text) if replace => *slot = text,
                Given::Value(patch) => *slot = metadata::merge(param, slot, &patch)?,
            }
        }
        after.updated_at = now;
        rows::save(tx, seq, &before, &after)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// Null is stored by a replacement and says nothing in a merge.
fn fields(bytes: &Bytes) -> Result<[Given<Box<RawValue>>; 3], ApiError> {
    let mut body = Body::parse(bytes)?;
    let given = FIELDS.map(|param| body.metadata(param));
    body.finish(Unknown::Refuse)?;
    Ok(given)
}

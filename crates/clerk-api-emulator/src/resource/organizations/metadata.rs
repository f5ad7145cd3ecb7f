//! `PATCH` and `PUT /organizations/{organization_id}/metadata`, and what the metadata of members share with them.

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::value::RawValue;

use super::rows;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::metadata;
use crate::http::reply::Json;
use crate::store::Tx;

const FIELDS: [&str; 2] = ["public_metadata", "private_metadata"];

/// The public and the private metadata of a body, and what to do with them.
#[derive(Debug)]
pub(crate) struct Change {
    fields: [Given<Box<RawValue>>; 2],
    replaces: bool,
}

impl Change {
    /// Reads the body of a merge; there null for a whole field says nothing: old programs name every kind.
    pub(crate) fn merging(bytes: &Bytes) -> Result<Self, ApiError> {
        Self::read(bytes, false)
    }

    /// Reads the body of a replacement; there null empties, as the metadata of organizations are never null.
    pub(crate) fn replacing(bytes: &Bytes) -> Result<Self, ApiError> {
        Self::read(bytes, true)
    }

    fn read(bytes: &Bytes, replaces: bool) -> Result<Self, ApiError> {
        let mut body = Body::parse(bytes)?;
        let fields = FIELDS.map(|param| body.metadata(param));
        body.finish(Unknown::Refuse)?;
        Ok(Self { fields, replaces })
    }

    /// Changes stored metadata, the public ones first.
    pub(crate) fn apply(self, slots: [&mut Box<RawValue>; 2]) -> Result<(), ApiError> {
        for ((param, slot), given) in FIELDS.into_iter().zip(slots).zip(self.fields) {
            match given {
                Given::Absent => {}
                Given::Null if !self.replaces => {}
                Given::Null => *slot = metadata::empty(),
                Given::Value(text) if self.replaces => *slot = text,
                Given::Value(patch) => *slot = metadata::merge(param, slot, &patch)?,
            }
        }
        Ok(())
    }
}

pub(super) async fn merge(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    change(app, id, Change::merging(&bytes)?).await
}

pub(super) async fn replace(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    change(app, id, Change::replacing(&bytes)?).await
}

async fn change(app: Shared, id: String, change: Change) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let (seq, before) = rows::load(tx.db(), &id)?;
        let mut after = before.clone();
        change.apply([&mut after.public_metadata, &mut after.private_metadata])?;
        after.updated_at = now;
        rows::save(tx, seq, &before, &after)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_empties_in_a_replacement_only() {
        let body = Bytes::from_static(br#"{"private_metadata":null}"#);
        let stored = || RawValue::from_string(r#"{"a":1}"#.to_owned()).expect("JSON");
        let (mut public, mut private) = (stored(), stored());
        let change = Change::merging(&body).expect("valid");
        change.apply([&mut public, &mut private]).expect("small");
        assert_eq!((public.get(), private.get()), (r#"{"a":1}"#, r#"{"a":1}"#));
        let change = Change::replacing(&body).expect("valid");
        change.apply([&mut public, &mut private]).expect("small");
        assert_eq!((public.get(), private.get()), (r#"{"a":1}"#, "{}"));
    }
}

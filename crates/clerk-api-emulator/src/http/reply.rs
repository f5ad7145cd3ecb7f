//! Successful answers.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use super::error::ApiError;

/// The one content type; official clients compare it for equality, so it has no parameters.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A JSON response with status 200, the only success that the served endpoints know.
#[derive(Debug)]
pub(crate) struct Json(Bytes);

impl Json {
    /// Sends text that is JSON already.
    pub(crate) fn raw(text: impl Into<Bytes>) -> Self {
        Self(text.into())
    }

    pub(crate) fn of(value: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self(serde_json::to_vec(value)?.into()))
    }

    /// The response to a deletion; `object` is the type of what is gone.
    pub(crate) fn deleted(
        object: &str,
        id: &str,
        rest: &[(&str, Option<&str>)],
    ) -> Result<Self, ApiError> {
        Ok(deleted(object, id, rest).map(Self::raw)?)
    }

    /// The response to a count.
    pub(crate) fn total(count: u64) -> Self {
        Self::raw(format!(
            r#"{{"object":"total_count","total_count":{count}}}"#
        ))
    }
}

/// Writes what is left to say of an object that is gone.
pub(crate) fn deleted(
    object: &str,
    id: &str,
    rest: &[(&str, Option<&str>)],
) -> serde_json::Result<Vec<u8>> {
    let mut wire = serde_json::Map::new();
    wire.insert("object".to_owned(), object.into());
    wire.insert("id".to_owned(), id.into());
    for (name, value) in rest {
        if let Some(value) = value {
            wire.insert((*name).to_owned(), (*value).into());
        }
    }
    wire.insert("deleted".to_owned(), true.into());
    serde_json::to_vec(&wire)
}

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, JSON)], self.0).into_response()
    }
}

//! `/local/api/effects`: counts of what was done to which object.

use axum::Router;
use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::body;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/effects", get(list).put(switch).delete(forget))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    enabled: bool,
}

/// Lists all, or those whose key contains `key`.
async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let data = app.effects.of(params.one("key").unwrap_or_default());
    Json::of(&json!({"enabled": app.effects.is_on(), "total_count": data.len(), "data": data}))
}

/// Begins or ends counting.
async fn switch(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let Switch { enabled } = body(&bytes)?;
    app.effects.restart(enabled);
    Json::of(&json!({"enabled": enabled}))
}

/// Resets the counts and continues.
async fn forget(State(app): State<Shared>) -> Result<Json, ApiError> {
    app.effects.restart(app.effects.is_on());
    Json::of(&json!({"enabled": app.effects.is_on()}))
}

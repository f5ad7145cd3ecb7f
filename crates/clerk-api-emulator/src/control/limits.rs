//! `/local/api/limits`: the request limits in force and how much of them is in use.

use axum::Router;
use axum::extract::State;
use bytes::Bytes;
use serde_json::json;

use super::body;
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::lab::limits::Limits;

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/limits", get(show).put(replace))
}

async fn show(State(app): State<Shared>) -> Result<Json, ApiError> {
    answer(&app)
}

/// Puts other limits in force: `{"profile":"development"}`; `{}` for none.
async fn replace(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let limits: Limits = body(&bytes)?;
    app.limiter.set(limits);
    answer(&app)
}

fn answer(app: &App) -> Result<Json, ApiError> {
    let usage = app.limiter.usage(app.clock.peek());
    Json::of(&json!({"limits": app.limiter.get(), "usage": usage}))
}

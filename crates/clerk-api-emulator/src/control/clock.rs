//! `/local/api/clock`: the instance's time, which can be moved forward.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::body;
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/clock", get(show).post(advance))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    advance_ms: u64,
}

async fn show(State(app): State<Shared>) -> Result<Json, ApiError> {
    answer(&app)
}

/// Moves the time of this server forward; it never goes back, and no further than the year 9999.
async fn advance(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let Step { advance_ms } = body(&bytes)?;
    if !app.clock.advance(Duration::from_millis(advance_ms)) {
        let text = advance_ms.to_string();
        return Err(problem::value_invalid("advance_ms", &text).into());
    }
    answer(&app)
}

fn answer(app: &App) -> Result<Json, ApiError> {
    Json::of(&json!({"now": app.clock.peek()}))
}

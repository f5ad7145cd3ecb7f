//! `POST /testing_tokens`: tokens that bypass bot detection in tests. There is no bot detection here.

use axum::Router;
use axum::extract::State;
use serde::Serialize;

use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};

/// Seconds for which a token holds.
const LIFE: i64 = 60 * 60;

pub(crate) fn router() -> Router<Shared> {
    Router::new().at("/testing_tokens", post(create))
}

#[derive(Serialize)]
struct TestingToken {
    object: &'static str,
    token: String,
    /// In seconds, unlike other times.
    expires_at: i64,
}

/// Takes no body; whatever is sent is not looked at.
async fn create(State(app): State<Shared>) -> Result<Json, ApiError> {
    let now = app.clock.now().div_euclid(1_000);
    Json::of(&TestingToken {
        object: "testing_token",
        token: format!("{now}-{}", app.ids.secret()),
        expires_at: now + LIFE,
    })
}

//! `POST /local/api/page`: the way to the pages for a browser that is about to start.

use axum::Router;
use axum::extract::State;
use serde_json::json;

use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::ui;

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/page", post(address))
}

async fn address(State(app): State<Shared>) -> Result<Json, ApiError> {
    Json::of(&json!({"url": ui::address(&app)}))
}

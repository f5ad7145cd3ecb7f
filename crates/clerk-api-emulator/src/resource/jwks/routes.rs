//! `GET /jwks`: the public half of the key that signs session tokens. Also where an instance's own address has it, for
//! verifiers that have no secret key.

use axum::Router;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;

use crate::app::Shared;
use crate::http::area::PUBLIC_KEYS;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};

pub(crate) fn public() -> Router<Shared> {
    Router::new().at(PUBLIC_KEYS, get(read))
}

pub(crate) fn router() -> Router<Shared> {
    Router::new().at("/jwks", get(read))
}

#[derive(Serialize)]
struct Set {
    keys: Vec<Value>,
}

async fn read(State(app): State<Shared>) -> Result<Json, ApiError> {
    let key = app.key().await?;
    Json::of(&Set {
        keys: key.public().into_iter().collect(),
    })
}

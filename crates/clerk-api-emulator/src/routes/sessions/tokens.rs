//! `POST /sessions/{session_id}/tokens`, with and without the name of a JWT template.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use bytes::Bytes;
use serde::Serialize;

use crate::app::Shared;
use crate::body::{Body, Given, Unknown};
use crate::error::ApiError;
use crate::problem;
use crate::reply::Json;
use crate::store::Snapshot;
use crate::token::claims::{self, Bearer};
use crate::token::key::blocking;
use crate::token::{self};

/// Seconds that a token may live.
pub(crate) const LIFETIMES: std::ops::RangeInclusive<i64> = 30..=315_360_000;

pub(super) fn router() -> Router<Shared> {
    Router::new().route("/sessions/{session_id}/tokens", post(create))
}

#[derive(Serialize)]
pub(super) struct Token {
    object: &'static str,
    jwt: String,
}

impl Token {
    pub(super) fn answer(jwt: String) -> Result<Json, ApiError> {
        Json::of(&Self {
            object: "token",
            jwt,
        })
    }
}

async fn create(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |snapshot: &Snapshot<'_>| Bearer::load(snapshot, &id, now);
    let bearer = app.store.read(work).await?;
    let lifetime = lifetime(&bytes)?;
    Token::answer(mint(&app, &bearer, now, lifetime).await?)
}

/// Signs a token of a session.
pub(super) async fn mint(
    app: &Shared,
    bearer: &Bearer,
    now: i64,
    lifetime: Option<i64>,
) -> Result<String, ApiError> {
    let claims = claims::of_session(app, bearer, now, lifetime)?;
    let key = app.key().await?;
    blocking(move || key.sign(token::SESSION, &claims)).await
}

/// Reads how long a token shall live.
fn lifetime(bytes: &Bytes) -> Result<Option<i64>, ApiError> {
    let mut body = Body::parse(bytes)?;
    let given = body.whole("expires_in_seconds");
    if let Given::Value(seconds) = given
        && !LIFETIMES.contains(&seconds)
    {
        let text = seconds.to_string();
        body.problem(problem::value_invalid("expires_in_seconds", &text));
    }
    body.finish(Unknown::Ignore)?;
    Ok(given.value())
}

//! `POST /sessions/{session_id}/tokens`, with and without the name of a JWT template.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde::Serialize;

use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::jwt::claims::{self, Bearer, Term};
use crate::jwt::key::compute;
use crate::jwt::{self, Algorithm, Claims, SigningKey, template};
use crate::resource::jwt_templates::rows::{self as jwt_templates, Stored};
use crate::store::Snapshot;

/// Seconds that a token may live.
pub(crate) const LIFETIMES: std::ops::RangeInclusive<i64> = 30..=315_360_000;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/sessions/{session_id}/tokens", post(create))
        .at(
            "/sessions/{session_id}/tokens/{template_name}",
            post(create_from_template),
        )
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
    compute(move || key.sign(jwt::SESSION, &claims)).await
}

async fn create_from_template(
    State(app): State<Shared>,
    Path((id, name)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |snapshot: &Snapshot<'_>| {
        let bearer = Bearer::load(snapshot, &id, now)?;
        let stored = jwt_templates::named(snapshot, &name)?;
        let claims = template::claims(snapshot, &bearer, &stored.template)?;
        Ok((bearer, stored, claims))
    };
    let (bearer, stored, mut claims) = app.store.read(work).await?;
    let lifetime = lifetime(&bytes)?.unwrap_or(stored.template.lifetime);
    let term = Term {
        now: now.div_euclid(1_000),
        lifetime,
        skew: stored.template.allowed_clock_skew,
    };
    claims.extend(claims::basic(&app, &bearer.session.user_id, term));
    Token::answer(sign(&app, stored, claims).await?)
}

/// Signs with the template's key, else with the instance's.
async fn sign(app: &Shared, stored: Stored, claims: Claims) -> Result<String, ApiError> {
    let Some(text) = stored.signing_key else {
        let key = app.key().await?;
        return compute(move || key.sign(jwt::TEMPLATE, &claims)).await;
    };
    compute(move || {
        let algorithm = Algorithm::parse(&stored.template.signing_algorithm);
        let key = algorithm.and_then(|algorithm| SigningKey::read(algorithm, &text));
        match (algorithm, key) {
            (Some(algorithm), Some(key)) => {
                jwt::encode(jwt::TEMPLATE, None, algorithm, &key, &claims)
            }
            _ => Err(error::internal("The key of the template cannot be used.")),
        }
    })
    .await
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

//! `POST /sessions/{session_id}/refresh`, which official clients call for a browser whose token has expired.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use http::Uri;
use serde::Serialize;

use super::errors::NoRefresh;
use super::rows;
use super::tokens::{self, Token};
use super::wire::Status;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::jwt::claims::Bearer;
use crate::jwt::key::compute;
use crate::store::Snapshot;

const FORMATS: [&str; 2] = ["token", "cookie"];

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/sessions/{session_id}/refresh", post(refresh))
}

#[derive(Serialize)]
struct Cookies {
    object: &'static str,
    cookies: [String; 1],
}

#[derive(Debug, Default)]
struct Request {
    expired_token: String,
    refresh_token: String,
    origin: String,
    as_cookie: bool,
}

async fn refresh(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let request = read(&bytes)?;
    check_origin(&request.origin)?;
    let now = app.clock.now();
    let key = app.key().await?;
    let claims = compute(move || Ok(key.verify(&request.expired_token))).await?;
    let claims = claims.ok_or(NoRefresh::TokenInvalid)?;
    let sid = claims.get("sid").and_then(|sid| sid.as_str());
    if sid.ok_or(NoRefresh::SidMissing)? != id {
        return Err(NoRefresh::SidMismatch.into());
    }
    // Nothing hands out refresh tokens here, so that any is as good as another.
    if request.refresh_token.is_empty() {
        return Err(NoRefresh::RefreshTokenUnknown.into());
    }
    let work = move |snapshot: &Snapshot<'_>| {
        let found = rows::find(snapshot, &id, now)?.ok_or(NoRefresh::SessionUnknown)?;
        if found.session.status != Status::Active {
            return Err(NoRefresh::SessionInactive.into());
        }
        Bearer::of(snapshot, found)
    };
    let bearer = app.store.read(work).await?;
    let jwt = tokens::mint(&app, &bearer, now, None).await?;
    if request.as_cookie {
        return Json::of(&Cookies {
            object: "cookies",
            cookies: [format!("__session={jwt}; Path=/; SameSite=Lax")],
        });
    }
    Token::answer(jwt)
}

fn read(bytes: &Bytes) -> Result<Request, ApiError> {
    let mut body = Body::parse(bytes)?;
    let mut text = |name: &str| {
        let given = body.text(name);
        body.required(name, given)
    };
    let (expired_token, refresh_token, origin) = (
        text("expired_token"),
        text("refresh_token"),
        text("request_origin"),
    );
    let format = body.text("format");
    if let Given::Value(word) = &format
        && !FORMATS.contains(&word.as_str())
    {
        body.problem(problem::value_invalid("format", word));
    }
    // These concern browsers; the last one is unknown to the specification, but official clients send it.
    for name in [
        "request_headers",
        "request_originating_ip",
        "suffixed_cookies",
    ] {
        body.take(name);
    }
    body.finish(Unknown::Refuse)?;
    Ok(Request {
        expired_token,
        refresh_token,
        origin,
        as_cookie: format.value().is_some_and(|word| word == "cookie"),
    })
}

/// Tokens name no `azp` that the origin could be compared with.
fn check_origin(text: &str) -> Result<(), ApiError> {
    let good = text
        .parse::<Uri>()
        .is_ok_and(|uri| uri.scheme().is_some() && uri.host().is_some());
    if good {
        Ok(())
    } else {
        Err(NoRefresh::OriginInvalid.into())
    }
}

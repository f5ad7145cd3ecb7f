//! `/actor_tokens`: tokens that let somebody act as a user.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::resource::access_tokens::rows::{self as access_tokens, Terms};
use crate::resource::access_tokens::term::{expiry, seconds};
use crate::resource::access_tokens::wire::{AccessToken, Kind};
use crate::resource::users::rows as users;
use crate::store::Tx;

const SECONDS_DEFAULT: i64 = 60 * 60;
const SESSION_DEFAULT: i64 = 30 * 60;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/actor_tokens", post(create))
        .at("/actor_tokens/{actor_token_id}/revoke", post(revoke))
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let mut body = Body::parse(&bytes)?;
        let user = body.text("user_id");
        let user_id: String = body.required("user_id", user);
        let actor = actor(&mut body)?;
        let expires = seconds(&mut body, "expires_in_seconds");
        let expires = body.not_null("expires_in_seconds", expires);
        let expires_at = expiry(expires.unwrap_or(SECONDS_DEFAULT), now);
        let session = seconds(&mut body, "session_max_duration_in_seconds");
        let session = body.not_null("session_max_duration_in_seconds", session);
        body.finish(Unknown::Refuse)?;
        // The specification knows no 404 here.
        let user = users::number(tx.db(), &user_id)?.ok_or_else(|| {
            problem::no_such("user_id", format!("No user was found with id {user_id}."))
        })?;
        let id = inner.new_id(Kind::Actor.prefix(), now);
        let mut token = AccessToken::new(Kind::Actor, id, user_id, &inner.ids, now);
        token.actor = actor;
        let terms = Terms {
            expires_at,
            organization_id: None,
            session_seconds: Some(session.unwrap_or(SESSION_DEFAULT)),
        };
        access_tokens::insert(tx, Kind::Actor, user, &token, &terms)?;
        Ok(token)
    };
    let token = app.store.write_after_checks(work).await?;
    Json::of(&token.at(&app.url()))
}

/// Reads who acts: an object with an id in `sub`, which need not be that of a user.
fn actor(body: &mut Body<'_>) -> Result<Option<Box<RawValue>>, ApiError> {
    match body.metadata("actor") {
        Given::Value(actor) => {
            let fields: Value = serde_json::from_str(actor.get())?;
            match fields.get("sub") {
                Some(Value::String(sub)) if !sub.is_empty() => {}
                None | Some(Value::Null | Value::String(_)) => {
                    body.problem(problem::missing("actor.sub"));
                }
                Some(_) => body.problem(problem::type_invalid("actor.sub", "string")),
            }
            Ok(Some(actor))
        }
        Given::Null => {
            body.problem(problem::null("actor"));
            Ok(None)
        }
        Given::Absent => {
            body.missing("actor");
            Ok(None)
        }
    }
}

async fn revoke(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| access_tokens::revoke(tx, Kind::Actor, &id, now);
    let token = app.store.write(work).await?;
    Json::of(&token.at(&app.url()))
}

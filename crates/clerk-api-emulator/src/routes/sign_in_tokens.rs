//! `/sign_in_tokens`: tokens that sign a user in once.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use bytes::Bytes;

use super::sessions::check_member;
use crate::app::Shared;
use crate::body::{Body, Given, Unknown};
use crate::error::{self, ApiError};
use crate::problem;
use crate::reply::Json;
use crate::store::access_tokens::{self, Terms};
use crate::store::{Tx, users};
use crate::wire::access_token::{AccessToken, Kind};

const SECONDS_DEFAULT: i64 = 30 * 24 * 60 * 60;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/sign_in_tokens", post(create))
        .route("/sign_in_tokens/{sign_in_token_id}/revoke", post(revoke))
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let mut body = Body::parse(&bytes)?;
        let user = body.text("user_id");
        let user_id: String = body.required("user_id", user);
        let organization_id = body.text("org_id").value();
        let expires = seconds(&mut body, "expires_in_seconds").value();
        let expires_at = expiry(expires.unwrap_or(SECONDS_DEFAULT), now);
        body.finish(Unknown::Ignore)?;
        let user =
            users::number(tx.db(), &user_id)?.ok_or_else(|| error::user_not_found(&user_id))?;
        if let Some(organization) = &organization_id {
            check_member(tx, organization, user, &user_id)?;
        }
        let id = inner.new_id(Kind::SignIn.prefix(), now);
        let token = AccessToken::new(Kind::SignIn, id, user_id, &inner.ids, now);
        let terms = Terms {
            expires_at,
            organization_id,
            session_seconds: None,
        };
        access_tokens::insert(tx, Kind::SignIn, user, &token, &terms)?;
        Ok(token)
    };
    let token = app.store.write_after_checks(work).await?;
    Json::of(&token.at(&app.url()))
}

/// Returns when a token expires, of either kind.
pub(super) fn expiry(seconds: i64, now: i64) -> i64 {
    now.saturating_add(seconds.saturating_mul(1_000))
}

/// Reads a duration, which is at least a second.
pub(super) fn seconds(body: &mut Body<'_>, name: &str) -> Given<i64> {
    let given = body.whole(name);
    if let Given::Value(seconds) = given
        && seconds < 1
    {
        body.problem(problem::value_invalid(name, &seconds.to_string()));
    }
    given
}

async fn revoke(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| access_tokens::revoke(tx, Kind::SignIn, &id, now);
    let token = app.store.write(work).await?;
    Json::of(&token.at(&app.url()))
}

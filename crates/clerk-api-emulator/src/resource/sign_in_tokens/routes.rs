//! `/sign_in_tokens`: tokens that sign a user in once.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::resource::access_tokens::rows::{self as access_tokens, Terms};
use crate::resource::access_tokens::term::{expiry, seconds};
use crate::resource::access_tokens::wire::{AccessToken, Kind};
use crate::resource::sessions::routes::check_member;
use crate::resource::users::rows as users;
use crate::store::Tx;

const SECONDS_DEFAULT: i64 = 30 * 24 * 60 * 60;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/sign_in_tokens", post(create))
        .at("/sign_in_tokens/{sign_in_token_id}/revoke", post(revoke))
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

async fn revoke(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| access_tokens::revoke(tx, Kind::SignIn, &id, now);
    let token = app.store.write(work).await?;
    Json::of(&token.at(&app.url()))
}

//! Second factors of existing users: verifying a code, switching factors off.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::json;

use super::change::{self, Draft};
use super::credentials::{may_block, secrets};
use super::rows::Secrets;
use super::{errors, hasher, totp};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, delete, post};

/// What a code turned out to be.
#[derive(Debug)]
enum Found {
    Totp,
    /// The backup code with this hash.
    Backup(String),
}

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/users/{user_id}/verify_totp", post(verify))
        .at("/users/{user_id}/mfa", delete(disable))
        .at("/users/{user_id}/totp", delete(delete_totp))
        .at("/users/{user_id}/backup_code", delete(delete_backup_codes))
}

async fn verify(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let secrets = secrets(&app, id.clone()).await?;
    let mut body = Body::parse(&bytes)?;
    let given = body.text("code");
    let code = body.required("code", given);
    body.finish(Unknown::Refuse)?;
    let now = app.clock.now();
    let found = may_block(move || find(&secrets, &code, now)).await?;
    let kind = match found {
        Found::Totp => "totp",
        Found::Backup(hash) => {
            change::one(app, id, move |draft| use_up(draft, &hash)).await?;
            "backup_code"
        }
    };
    Json::of(&json!({"verified": true, "code_type": kind}))
}

fn find(secrets: &Secrets, code: &str, now: i64) -> Result<Found, ApiError> {
    let Some(secret) = &secrets.totp_secret else {
        return Err(errors::totp_disabled());
    };
    if totp::verify(secret, code, now) {
        return Ok(Found::Totp);
    }
    let hash = hashes(secrets)?
        .into_iter()
        .find(|hash| hasher::verify_backup_code(code, hash));
    match hash {
        Some(hash) => Ok(Found::Backup(hash)),
        None if code.len() != totp::DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(errors::totp_invalid_length())
        }
        None => Err(errors::totp_incorrect_code()),
    }
}

fn hashes(secrets: &Secrets) -> Result<Vec<String>, ApiError> {
    let stored = secrets.backup_codes.as_deref();
    Ok(stored.map_or(Ok(Vec::new()), serde_json::from_str)?)
}

/// Takes one backup code away, unless another request was quicker.
fn use_up(draft: &mut Draft, hash: &str) -> Result<bool, ApiError> {
    let mut left = hashes(&draft.secrets)?;
    let place = left.iter().position(|other| other == hash);
    left.remove(place.ok_or_else(errors::totp_incorrect_code)?);
    draft.user.backup_code_enabled = !left.is_empty();
    draft.secrets.backup_codes = if left.is_empty() {
        None
    } else {
        Some(serde_json::to_string(&left)?)
    };
    Ok(true)
}

async fn disable(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    switch_off(app, id, |draft| {
        let phones = draft.user.release_phones();
        let totp = forget_totp(draft);
        forget_backup_codes(draft) || totp || phones
    })
    .await
}

async fn delete_totp(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    switch_off(app, id, forget_totp).await
}

async fn delete_backup_codes(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    switch_off(app, id, forget_backup_codes).await
}

async fn switch_off(
    app: Shared,
    id: String,
    forget: fn(&mut Draft) -> bool,
) -> Result<Json, ApiError> {
    let edit = move |draft: &mut Draft| {
        let changed = forget(draft);
        draft.user.judge_second_factor(draft.now);
        Ok(changed)
    };
    change::one(app, id.clone(), edit).await?;
    Json::of(&json!({"user_id": id}))
}

fn forget_totp(draft: &mut Draft) -> bool {
    draft.secrets.totp_secret = None;
    std::mem::replace(&mut draft.user.totp_enabled, false)
}

fn forget_backup_codes(draft: &mut Draft) -> bool {
    draft.secrets.backup_codes = None;
    std::mem::replace(&mut draft.user.backup_code_enabled, false)
}

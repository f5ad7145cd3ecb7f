//! Passwords of existing users: removing, verifying, marking as compromised.

use axum::extract::{Path, State};
use axum::{Extension, Router};
use bytes::Bytes;
use http::Uri;

use super::rows::{self, Secrets};
use super::{change, errors, hasher};
use crate::app::Shared;
use crate::blocking;
use crate::http::body::{Body, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::reply::Json;
use crate::http::route::{Routes, post};
use crate::http::version::ApiVersion;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/users/{user_id}/remove_password", post(remove))
        .at("/users/{user_id}/verify_password", post(verify))
        .at(
            "/users/{user_id}/password/set_compromised",
            post(set_compromised),
        )
        .at(
            "/users/{user_id}/password/unset_compromised",
            post(unset_compromised),
        )
}

async fn remove(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let edit = move |draft: &mut change::Draft| {
        let mut body = Body::parse(&bytes)?;
        let name = "sign_out_of_other_sessions";
        let signs_out = body.flag(name);
        let signs_out = body.not_null(name, signs_out);
        body.finish(Unknown::Refuse)?;
        draft.signs_out = signs_out.unwrap_or(false);
        draft.secrets.password_hash = None;
        draft.secrets.password_hasher = None;
        draft.user.password_last_updated_at = None;
        Ok(std::mem::replace(&mut draft.user.password_enabled, false))
    };
    Ok(Json::raw(change::one(app, id, edit).await?))
}

async fn verify(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let secrets = secrets(&app, id).await?;
    let mut body = Body::parse(&bytes)?;
    let given = body.text("password");
    let password = body.required("password", given);
    body.finish(Unknown::Refuse)?;
    let hash = secrets.password_hash.ok_or_else(errors::no_password_set)?;
    let scheme = secrets.password_hasher;
    may_block(
        move || match hasher::verify(scheme.as_deref(), &password, &hash) {
            Some(true) => Ok(()),
            Some(false) => Err(errors::incorrect_password()),
            None => Err(errors::unverifiable(
                scheme.as_deref().unwrap_or("another system"),
            )),
        },
    )
    .await?;
    Ok(Json::raw(r#"{"verified":true}"#))
}

/// Returns what is kept beside a user.
pub(super) async fn secrets(app: &Shared, id: String) -> Result<Secrets, ApiError> {
    let work = move |snapshot: &crate::store::Snapshot<'_>| {
        let seq = rows::number(snapshot, &id)?.ok_or_else(|| error::user_not_found(&id))?;
        Ok(rows::secrets(snapshot, seq)?)
    };
    app.store.read(work).await
}

/// Runs what may take long, such as a slow hash, beside the threads that serve.
pub(super) async fn may_block<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    blocking::run(work)
        .await
        .unwrap_or_else(|| Err(error::internal("A hash could not be computed.")))
}

async fn set_compromised(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    uri: Uri,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    mark(app, version, uri, id, Some(bytes)).await
}

async fn unset_compromised(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    uri: Uri,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    mark(app, version, uri, id, None).await
}

/// The mark matters only for sign-ins, which do not exist here: what remains is the time and the
/// end of the sessions.
async fn mark(
    app: Shared,
    version: ApiVersion,
    uri: Uri,
    id: String,
    options: Option<Bytes>,
) -> Result<Json, ApiError> {
    if version < ApiVersion::V2025_11_10 {
        return Err(error::unknown_endpoint(uri).await);
    }
    let edit = move |draft: &mut change::Draft| {
        if let Some(bytes) = &options {
            let mut body = Body::parse(bytes)?;
            let signs_out = body.flag("revoke_all_sessions");
            body.finish(Unknown::Refuse)?;
            draft.signs_out = signs_out.value().unwrap_or(false);
        }
        if draft.user.password_enabled {
            Ok(true)
        } else {
            Err(errors::no_password_set())
        }
    };
    Ok(Json::raw(change::one(app, id, edit).await?))
}

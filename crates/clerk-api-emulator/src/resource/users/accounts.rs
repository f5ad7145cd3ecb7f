//! What is tied to a user by other systems: wallets, passkeys, external accounts and their tokens, devices.
//! Only wallets can come into being here; of the others there are none.

use axum::Router;
use axum::extract::{Path, State};

use super::change::{self, Draft};
use super::rows;
use crate::app::Shared;
use crate::http::error::{self, ApiError};
use crate::http::list::{self, Page};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, delete, get};

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at(
            "/users/{user_id}/web3_wallets/{web3_wallet_identification_id}",
            delete(delete_wallet),
        )
        .at(
            "/users/{user_id}/passkeys/{passkey_identification_id}",
            delete(delete_passkey),
        )
        .at(
            "/users/{user_id}/external_accounts/{external_account_id}",
            delete(delete_external_account),
        )
        .at(
            "/users/{user_id}/oauth_access_tokens/{provider}",
            get(list_tokens),
        )
        .at("/users/{user_id}/trusted_devices", get(list_devices))
        .at(
            "/users/{user_id}/trusted_devices/{trusted_device_id}",
            delete(revoke_device),
        )
}

async fn delete_wallet(
    State(app): State<Shared>,
    Path((user, wallet)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    let gone = wallet.clone();
    let edit = move |draft: &mut Draft| {
        if draft.user.remove_wallet(&gone) {
            Ok(true)
        } else {
            Err(nothing_with("web3 wallet", &gone))
        }
    };
    change::one(app, user, edit).await?;
    Json::deleted("web3_wallet", &wallet, &[])
}

async fn delete_passkey(
    State(app): State<Shared>,
    Path((user, id)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    none_of(&app, user, "passkey", &id).await
}

async fn delete_external_account(
    State(app): State<Shared>,
    Path((user, id)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    none_of(&app, user, "external account", &id).await
}

async fn revoke_device(
    State(app): State<Shared>,
    Path((user, id)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    none_of(&app, user, "trusted device", &id).await
}

async fn list_tokens(
    State(app): State<Shared>,
    Path((user, _provider)): Path<(String, String)>,
    params: Params,
) -> Result<Json, ApiError> {
    Page::of(&params)?;
    let enveloped = params.flag("paginated")?.unwrap_or(false);
    must_exist(&app, user).await?;
    Ok(if enveloped { empty() } else { Json::raw("[]") })
}

async fn list_devices(
    State(app): State<Shared>,
    Path(user): Path<String>,
) -> Result<Json, ApiError> {
    must_exist(&app, user).await?;
    Ok(empty())
}

fn empty() -> Json {
    Json::raw(list::envelope(b"[]".to_vec(), 0))
}

async fn none_of(app: &Shared, user: String, what: &str, id: &str) -> Result<Json, ApiError> {
    must_exist(app, user).await?;
    Err(nothing_with(what, id))
}

fn nothing_with(what: &str, id: &str) -> ApiError {
    error::not_found(format!("This user has no {what} with id {id}."))
}

async fn must_exist(app: &Shared, id: String) -> Result<(), ApiError> {
    app.store
        .read(move |snapshot| rows::wire(snapshot, &id))
        .await?;
    Ok(())
}

//! `…/billing` of a user or an organization: no subscriptions, but a ledger of credits.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use rusqlite::Connection;

use super::ledger::{self, Adjustment};
use crate::app::Shared;
use crate::http::error::{ApiError, forbidden};
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::store::{Snapshot, Tx};

/// Fails unless the payer with this id exists.
type Exists = fn(&Connection, &str) -> Result<(), ApiError>;

/// Returns the routes below a payer's path, such as `/users/{user_id}`.
pub(crate) fn router(payer: &str, exists: Exists) -> Router<Shared> {
    Router::new()
        .at(
            &format!("{payer}/billing/subscription"),
            get(move |app, id| subscription(app, id, exists)),
        )
        .at(
            &format!("{payer}/billing/credits"),
            get(move |app, id| balance(app, id, exists))
                .post(move |app, id, bytes| adjust(app, id, bytes, exists)),
        )
}

async fn subscription(
    State(app): State<Shared>,
    Path(id): Path<String>,
    exists: Exists,
) -> Result<Json, ApiError> {
    app.store
        .read(move |snapshot| exists(snapshot, &id))
        .await?;
    Err(forbidden(
        "feature_not_enabled",
        "not enabled",
        "Billing is not enabled in this instance.",
    ))
}

async fn balance(
    State(app): State<Shared>,
    Path(id): Path<String>,
    exists: Exists,
) -> Result<Json, ApiError> {
    let work = move |snapshot: &Snapshot<'_>| {
        exists(snapshot, &id)?;
        ledger::balance(snapshot, &id)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn adjust(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
    exists: Exists,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        exists(tx.db(), &id)?;
        let adjustment = Adjustment::read(&bytes)?;
        ledger::adjust(&inner, tx, &id, &adjustment)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

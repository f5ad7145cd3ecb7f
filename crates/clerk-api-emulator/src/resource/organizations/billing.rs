//! `/organizations/{organization_id}/billing`: no subscriptions, but a ledger of credits.

use axum::extract::{Path, State};
use bytes::Bytes;

use super::{errors, rows};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::resource::credits::ledger;
use crate::store::Tx;

pub(super) async fn subscription(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    app.store
        .read(move |snapshot| rows::find(snapshot, &id))
        .await?;
    Err(errors::no_billing())
}

pub(super) async fn balance(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let work = move |snapshot: &crate::store::Snapshot<'_>| {
        rows::find(snapshot, &id)?;
        ledger::balance(snapshot, &id)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

pub(super) async fn adjust(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        rows::find(tx.db(), &id)?;
        let adjustment = ledger::Adjustment::read(&bytes)?;
        ledger::adjust(&inner, tx, &id, &adjustment)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

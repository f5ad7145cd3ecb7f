//! `/organizations/{organization_id}/billing`: no subscriptions, but a ledger of credits.

use axum::extract::{Path, State};
use bytes::Bytes;

use crate::app::Shared;
use crate::credit;
use crate::error::{self, ApiError};
use crate::reply::Json;
use crate::store::{Tx, organizations};

pub(super) async fn subscription(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    app.store
        .read(move |snapshot| organizations::find(snapshot, &id))
        .await?;
    Err(error::organization::no_billing())
}

pub(super) async fn balance(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let work = move |snapshot: &crate::store::Snapshot<'_>| {
        organizations::find(snapshot, &id)?;
        credit::balance(snapshot, &id)
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
        organizations::find(tx.db(), &id)?;
        let adjustment = credit::Adjustment::read(&bytes)?;
        credit::adjust(&inner, tx, &id, &adjustment)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

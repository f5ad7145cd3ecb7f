//! `/users/{user_id}/billing`: no subscriptions, but a ledger of credits.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use bytes::Bytes;

use super::rows;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::resource::credits::ledger::{self, Adjustment};
use crate::resource::organizations::errors as organizations_errors;
use crate::store::{Snapshot, Tx};

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/users/{user_id}/billing/subscription", get(subscription))
        .route(
            "/users/{user_id}/billing/credits",
            get(balance).post(adjust),
        )
}

async fn subscription(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    app.store
        .read(move |snapshot| rows::wire(snapshot, &id))
        .await?;
    Err(organizations_errors::no_billing())
}

async fn balance(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let work = move |snapshot: &Snapshot<'_>| {
        rows::wire(snapshot, &id)?;
        ledger::balance(snapshot, &id)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn adjust(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        rows::wire(tx.db(), &id)?;
        let adjustment = Adjustment::read(&bytes)?;
        ledger::adjust(&inner, tx, &id, &adjustment)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

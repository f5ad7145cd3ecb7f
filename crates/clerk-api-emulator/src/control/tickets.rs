//! `/local/api/tickets`: acts on an invitation or a sign-in token as the person who has its link.

use axum::Router;
use axum::extract::{Path, State};

use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::resource::tickets::routes as tickets;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/tickets/{ticket}", get(read))
        .at("/tickets/{ticket}/accept", post(accept))
        .at("/tickets/{ticket}/decline", post(decline))
}

async fn read(State(app): State<Shared>, Path(ticket): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.peek();
    let opened = app
        .store
        .read(move |snapshot| tickets::opened(snapshot, &ticket, now))
        .await?;
    Json::of(&opened)
}

async fn accept(State(app): State<Shared>, Path(ticket): Path<String>) -> Result<Json, ApiError> {
    Json::of(&tickets::accepted(&app, ticket).await?)
}

async fn decline(State(app): State<Shared>, Path(ticket): Path<String>) -> Result<Json, ApiError> {
    Json::of(&tickets::declined(&app, ticket).await?)
}

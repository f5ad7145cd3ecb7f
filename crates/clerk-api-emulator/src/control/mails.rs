//! `/local/api/mails`: what would have been mailed.

use axum::Router;
use axum::extract::{Path, State};
use serde_json::json;

use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::list::Page;
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::resource::mails::rows as mails;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/mails", get(list).delete(clear))
        .at("/mails/{id}", get(read).delete(remove))
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let to = params.one("to").map(str::to_owned);
    let (mails, total) = app
        .store
        .read(move |snapshot| Ok(mails::list(snapshot, to.as_deref(), page)?))
        .await?;
    let server = app.url();
    let data: Vec<_> = mails.iter().map(|mail| mail.received(&server)).collect();
    Json::of(&json!({"data": data, "total_count": total}))
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let mail = app
        .store
        .read(move |snapshot| mails::read(snapshot, &id))
        .await?;
    Json::of(&mail.received(&app.url()))
}

async fn remove(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let asked = id.clone();
    app.store.write(move |tx| mails::delete(tx, &asked)).await?;
    Json::deleted("email", &id, &[])
}

async fn clear(State(app): State<Shared>) -> Result<Json, ApiError> {
    let gone = app.store.write(|tx| Ok(mails::clear(tx)?)).await?;
    Json::of(&json!({"deleted": gone}))
}

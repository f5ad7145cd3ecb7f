//! `/local/api/webhooks`: the endpoints that get events.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::body;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::resource::webhooks::endpoint::{self, Target};
use crate::resource::webhooks::rows::{self as webhooks, Webhook};

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/webhooks", get(list).post(add))
        .at("/webhooks/{id}", get(read).patch(change).delete(remove))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    url: String,
    #[serde(default)]
    events: Vec<String>,
    secret: Option<String>,
    #[serde(default)]
    disabled: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    url: Option<String>,
    events: Option<Vec<String>>,
    secret: Option<String>,
    disabled: Option<bool>,
}

async fn list(State(app): State<Shared>) -> Result<Json, ApiError> {
    let data = app
        .store
        .read(|snapshot| Ok(webhooks::list(snapshot)?))
        .await?;
    Json::of(&json!({"total_count": data.len(), "data": data}))
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let found = app
        .store
        .read(move |snapshot| webhooks::read(snapshot, &id))
        .await?;
    Json::of(&found)
}

async fn add(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let Add {
        url,
        events,
        secret,
        disabled,
    } = body(&bytes)?;
    let now = app.clock.peek();
    let webhook = Webhook {
        seq: 0,
        object: "webhook",
        id: app.new_id("ep", now),
        url,
        secret: secret.unwrap_or_else(|| endpoint::new_secret(&app.ids)),
        events,
        disabled,
        created_at: now,
        updated_at: now,
    };
    check(&webhook)?;
    let added = webhook.clone();
    app.store
        .write(move |tx| Ok(webhooks::insert(tx, &added)?))
        .await?;
    Json::of(&webhook)
}

async fn change(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let change: Change = body(&bytes)?;
    let now = app.clock.peek();
    let changed = app
        .store
        .write(move |tx| {
            let mut webhook = webhooks::read(tx.db(), &id)?;
            webhook.url = change.url.unwrap_or(webhook.url);
            webhook.events = change.events.unwrap_or(webhook.events);
            webhook.secret = change.secret.unwrap_or(webhook.secret);
            webhook.disabled = change.disabled.unwrap_or(webhook.disabled);
            webhook.updated_at = now;
            check(&webhook)?;
            webhooks::save(tx, &webhook)?;
            Ok(webhook)
        })
        .await?;
    Json::of(&changed)
}

async fn remove(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let asked = id.clone();
    app.store
        .write(move |tx| webhooks::delete(tx, &asked))
        .await?;
    Json::deleted("webhook", &id, &[])
}

fn check(webhook: &Webhook) -> Result<(), ApiError> {
    Target::parse(&webhook.url)?;
    endpoint::check_events(&webhook.events)?;
    endpoint::check_secret(&webhook.secret)
}

//! `/local/api/events` and `/local/api/deliveries`: events, deliveries, and sending them again.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::body;
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::list::Page;
use crate::http::params::Params;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::resource::webhooks::events::{self, Filter};
use crate::resource::webhooks::{deliveries, event, rows as webhooks};
use crate::store::Tx;

const STATES: [&str; 3] = ["pending", "delivered", "failed"];

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/events", get(list))
        .at("/events/replay", post(replay_many))
        .at("/events/{id}", get(read))
        .at("/events/{id}/replay", post(replay_one))
        .at("/deliveries", get(list_deliveries))
        .at("/deliveries/{id}/replay", post(replay_delivery))
}

/// Which events are to be sent once more, and to whom.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Replay {
    /// Unix milliseconds.
    since: Option<i64>,
    #[serde(rename = "type")]
    kind: Option<String>,
    webhook_id: Option<String>,
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let filter = Filter {
        kind: kind(params.one("type"))?,
        since: params.instant("since")?,
    };
    let (data, total) = app
        .store
        .read(move |snapshot| Ok(events::list(snapshot, &filter, page)?))
        .await?;
    Json::of(&json!({"data": data, "total_count": total}))
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let event = app
        .store
        .read(move |snapshot| events::read(snapshot, &id))
        .await?;
    Json::of(&event)
}

async fn replay_one(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let asked = asked(&bytes)?;
    let inner = Shared::clone(&app);
    let replayed = app
        .store
        .write(move |tx| {
            let event = events::read(tx.db(), &id)?;
            send_again(&inner, tx, &[event.seq], asked.webhook_id.as_deref())
        })
        .await?;
    Json::of(&json!({"replayed": replayed}))
}

async fn replay_many(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let asked = asked(&bytes)?;
    let filter = Filter {
        kind: kind(asked.kind.as_deref())?,
        since: asked.since,
    };
    let inner = Shared::clone(&app);
    let replayed = app
        .store
        .write(move |tx| {
            let events = events::numbers(tx.db(), &filter)?;
            send_again(&inner, tx, &events, asked.webhook_id.as_deref())
        })
        .await?;
    Json::of(&json!({"replayed": replayed}))
}

/// Sends events to one endpoint, whatever its types are, or to all endpoints that get such events; returns how
/// many deliveries that makes.
fn send_again(
    app: &Shared,
    tx: &Tx<'_>,
    events: &[i64],
    webhook: Option<&str>,
) -> Result<usize, ApiError> {
    let only = match webhook {
        Some(id) => Some(vec![webhooks::read(tx.db(), id)?.seq]),
        None => None,
    };
    let mut made = 0;
    for event in events {
        let audience = match &only {
            Some(only) => only.clone(),
            None => webhooks::audience(tx.db(), &events::kind(tx.db(), *event)?)?,
        };
        for webhook in audience {
            deliveries::schedule(tx, &app.ids, *event, webhook)?;
            made += 1;
        }
    }
    Ok(made)
}

async fn list_deliveries(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let text = |name: &str| params.one(name).map(str::to_owned);
    let filter = deliveries::Filter {
        event: text("event_id"),
        webhook: text("webhook_id"),
        status: params.choices("status", &STATES)?.pop(),
    };
    let (data, total) = app
        .store
        .read(move |snapshot| Ok(deliveries::list(snapshot, &filter, page)?))
        .await?;
    Json::of(&json!({"data": data, "total_count": total}))
}

async fn replay_delivery(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let delivery = app
        .store
        .write(move |tx| deliveries::replay(tx, &id))
        .await?;
    Json::of(&delivery)
}

fn asked(bytes: &Bytes) -> Result<Replay, ApiError> {
    if bytes.is_empty() {
        Ok(Replay::default())
    } else {
        body(bytes)
    }
}

fn kind(text: Option<&str>) -> Result<Option<String>, ApiError> {
    match text {
        Some(text) if !event::is_filter(text) => Err(problem::value_invalid("type", text).into()),
        text => Ok(text.map(str::to_owned)),
    }
}

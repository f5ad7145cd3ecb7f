//! `/local/api/requests`: the latest requests, one of them with its bodies, and a stream of them.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::Serialize;
use serde_json::json;

use crate::app::Shared;
use crate::http::error::{self, ApiError};
use crate::http::params::Params;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};
use crate::lab::requests::{Entry, Shown};

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/requests", get(list))
        .at("/requests/stream", get(follow))
        .at("/requests/{id}", get(show))
}

/// The number after which requests are asked for.
fn after(params: &Params) -> Result<u64, ApiError> {
    let Some(text) = params.one("after") else {
        return Ok(0);
    };
    let number = text.parse();
    number.map_err(|_| problem::value_invalid("after", text).into())
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let data = app.requests.after(after(&params)?);
    Json::of(&json!({"total_count": data.len(), "data": data}))
}

/// A request with its bodies; null for those that are no longer kept.
#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    entry: Entry,
    request: Option<Shown>,
    answer: Option<Shown>,
}

async fn show(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let entry = id.parse().ok().and_then(|id| app.requests.find(id));
    let entry = entry.ok_or_else(|| {
        error::not_found(format!(
            "There is no request {id} in the log, or not any more."
        ))
    })?;
    let exchange = entry.exchange.clone();
    Json::of(&Whole {
        entry,
        request: exchange.as_ref().map(|exchange| exchange.request()),
        answer: exchange.as_ref().and_then(|exchange| exchange.answer()),
    })
}

/// Server-sent events, one a request, from those that are kept on.
async fn follow(State(app): State<Shared>, params: Params) -> Result<impl IntoResponse, ApiError> {
    let entries = entries(app, after(&params)?).map(|entry| event(&entry));
    Ok(Sse::new(entries).keep_alive(KeepAlive::default()))
}

fn event(entry: &Entry) -> Result<Event, Infallible> {
    let data = serde_json::to_string(entry).unwrap_or_default();
    Ok(Event::default().id(entry.id.to_string()).data(data))
}

/// Requests after one, and those that come until the server ends.
pub(crate) fn entries(app: Shared, after: u64) -> impl Stream<Item = Entry> {
    let newest = app.requests.watch();
    let batches = stream::unfold(
        (app, newest, after),
        |(app, mut newest, after)| async move {
            let open = newest
                .wait_for(|newest| newest.is_none_or(|newest| newest > after))
                .await
                .is_ok_and(|newest| newest.is_some());
            if !open {
                return None;
            }
            let batch = app.requests.after(after);
            let after = batch.last().map_or(after, |last| last.id);
            Some((stream::iter(batch), (app, newest, after)))
        },
    );
    batches.flatten()
}

//! `/local/api/requests`: the latest requests, and a stream of them.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::Deserialize;
use serde_json::json;

use crate::app::Shared;
use crate::error::ApiError;
use crate::reply::Json;
use crate::request_log::Entry;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/requests", get(list))
        .route("/requests/stream", get(follow))
}

#[derive(Deserialize)]
struct From {
    /// Only requests after the one with this number.
    #[serde(default)]
    after: u64,
}

async fn list(State(app): State<Shared>, Query(from): Query<From>) -> Result<Json, ApiError> {
    let data = app.requests.after(from.after);
    Json::of(&json!({"total_count": data.len(), "data": data}))
}

/// Server-sent events, one a request, from those that are kept on.
async fn follow(State(app): State<Shared>, Query(from): Query<From>) -> impl IntoResponse {
    Sse::new(entries(app, from.after).map(|entry| event(&entry))).keep_alive(KeepAlive::default())
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

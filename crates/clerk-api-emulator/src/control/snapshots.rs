//! `/local/api/snapshots`: states of the instance to return to.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::body;
use crate::app::{App, Shared};
use crate::blocking;
use crate::http::error::{self, ApiError};
use crate::http::problem::Problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, delete, get, post};
use crate::lab::snapshot::SnapshotError;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/snapshots", get(list).post(save))
        .at("/snapshots/{name}", delete(remove))
        .at("/snapshots/{name}/restore", post(restore))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Save {
    name: String,
    /// Whether a state that has the name may go.
    #[serde(default)]
    replace: bool,
}

async fn list(State(app): State<Shared>) -> Result<Json, ApiError> {
    let data = beside(app, |app| app.snapshots.list()).await?;
    Json::of(&json!({"total_count": data.len(), "data": data}))
}

async fn save(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let Save { name, replace } = body(&bytes)?;
    Json::of(
        &beside(app, move |app| {
            app.snapshots.save(app.running(), &name, replace)
        })
        .await?,
    )
}

async fn restore(State(app): State<Shared>, Path(name): Path<String>) -> Result<Json, ApiError> {
    let asked = name.clone();
    beside(app, move |app| app.snapshots.restore(app.running(), &asked)).await?;
    Json::of(&json!({"name": name, "restored": true}))
}

async fn remove(State(app): State<Shared>, Path(name): Path<String>) -> Result<Json, ApiError> {
    let asked = name.clone();
    beside(app, move |app| app.snapshots.delete(&asked)).await?;
    Json::of(&json!({"name": name, "deleted": true}))
}

async fn beside<T: Send + 'static>(
    app: Shared,
    work: impl FnOnce(&App) -> Result<T, SnapshotError> + Send + 'static,
) -> Result<T, ApiError> {
    match blocking::run(move || work(&app)).await {
        Some(outcome) => outcome.map_err(|error| refusal(&error)),
        None => Err(error::internal("The instance failed.")),
    }
}

fn refusal(error: &SnapshotError) -> ApiError {
    let (status, code, message) = match error {
        SnapshotError::Name(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "snapshot_name_invalid",
            "Snapshot name is invalid",
        ),
        SnapshotError::Taken(_) => (StatusCode::CONFLICT, "snapshot_exists", "Snapshot exists"),
        SnapshotError::Absent(_) => (
            StatusCode::NOT_FOUND,
            "snapshot_not_found",
            "Snapshot not found",
        ),
        _ => return error::internal(format!("{error}.")),
    };
    ApiError::new(status, Problem::new(code, message, format!("{error}.")))
}

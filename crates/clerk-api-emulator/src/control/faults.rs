//! `/local/api/faults`: what goes wrong on purpose.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::body;
use crate::app::{App, Shared};
use crate::blocking;
use crate::http::error::{self, ApiError};
use crate::http::reply::Json;
use crate::http::route::{Routes, get, patch};
use crate::lab::faults::Fault;

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .at("/faults", get(list).post(add).delete(clear))
        .at("/faults/{id}", patch(switch).delete(remove))
}

/// A fault as an object, or as one line.
#[derive(Deserialize)]
#[serde(untagged)]
enum Wanted {
    Line { fault: String },
    Object(Box<Fault>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    enabled: bool,
}

async fn list(State(app): State<Shared>) -> Result<Json, ApiError> {
    let data = app.faults.list();
    Json::of(&json!({"total_count": data.len(), "data": data}))
}

async fn add(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let fault = match body(&bytes)? {
        Wanted::Line { fault } => fault.parse().map_err(error::fault_invalid)?,
        Wanted::Object(fault) => *fault,
    };
    let adding = blocking::run({
        let app = app.clone();
        move || App::add_fault(&app, fault)
    });
    let id = adding
        .await
        .ok_or_else(|| error::internal("The instance failed."))?
        .map_err(error::fault_invalid)?;
    let added = app.faults.list().into_iter().find(|fault| fault.id == id);
    Json::of(&added)
}

async fn switch(
    State(app): State<Shared>,
    Path(id): Path<u64>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let Switch { enabled } = body(&bytes)?;
    known(id, app.faults.enable(id, enabled))?;
    Json::of(&json!({"id": id, "enabled": enabled}))
}

async fn remove(State(app): State<Shared>, Path(id): Path<u64>) -> Result<Json, ApiError> {
    known(id, app.faults.remove(id))?;
    Json::of(&json!({"id": id, "deleted": true}))
}

async fn clear(State(app): State<Shared>) -> Result<Json, ApiError> {
    app.faults.clear();
    Json::of(&json!({"deleted": true}))
}

fn known(id: u64, found: bool) -> Result<(), ApiError> {
    if found {
        Ok(())
    } else {
        Err(error::not_found(format!("There is no fault {id}.")))
    }
}

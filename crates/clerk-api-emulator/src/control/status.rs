//! `GET /local/api/status`: which instance this is.

use axum::Router;
use axum::extract::State;
use serde_json::json;

use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::route::{Routes, get};

pub(super) fn router() -> Router<Shared> {
    Router::new().at("/status", get(status))
}

async fn status(State(app): State<Shared>) -> Result<Json, ApiError> {
    let (instance_id, users, organizations) = app
        .store
        .read(|snapshot| {
            // Read anew: another process may have emptied or filled the database.
            let id = "SELECT value FROM instance WHERE key = 'id'";
            let id: String = snapshot.query_row(id, [], |row| row.get(0))?;
            Ok((
                id,
                snapshot.counter("users")?,
                snapshot.counter("organizations")?,
            ))
        })
        .await?;
    Json::of(&json!({
        "instance_id": instance_id,
        "pid": std::process::id(),
        "now": app.clock.peek(),
        "users": users,
        "organizations": organizations,
    }))
}

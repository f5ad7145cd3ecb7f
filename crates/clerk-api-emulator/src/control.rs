//! `/local/api/…`: what concerns this server and is no part of Clerk's API. Every request carries the control token.

mod clock;
mod effects;
mod events;
mod faults;
mod limits;
mod mails;
mod page;
pub(crate) mod requests;
mod snapshots;
mod status;
mod tickets;
mod webhooks;

use axum::Router;
use serde::de::DeserializeOwned;

use crate::app::Shared;
use crate::http::error::{self, ApiError};

/// Builds the routes below `/local/api`. What belongs to one subject is one module.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .merge(clock::router())
        .merge(effects::router())
        .merge(faults::router())
        .merge(limits::router())
        .merge(events::router())
        .merge(mails::router())
        .merge(page::router())
        .merge(requests::router())
        .merge(snapshots::router())
        .merge(status::router())
        .merge(tickets::router())
        .merge(webhooks::router())
}

/// Reads the JSON body of a request.
fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| error::body_invalid(format!("The body is not what is expected: {error}.")))
}

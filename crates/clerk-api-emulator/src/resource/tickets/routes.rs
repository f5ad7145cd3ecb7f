//! `/tickets`: what the link of an invitation, or of a token that signs in, opens. The ticket is the credential, so
//! there is no key, and what changes something is a POST.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{HeaderMap, HeaderValue, StatusCode};
use rusqlite::Connection;
use serde::Serialize;

use super::{invitation, sign_in};
use crate::app::Shared;
use crate::http::area;
use crate::http::error::ApiError;
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::resource::invitations::errors as invitations_errors;
use crate::store::{Snapshot, Tx};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/tickets/accept", get(open).post(accept))
        .at("/tickets/decline", post(decline))
}

/// What the holder of a ticket may see of its purpose.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Opened {
    SignIn(sign_in::Opened),
    Invitation(invitation::Opened),
}

/// The result of accepting a ticket.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Accepted {
    SignIn(sign_in::Opened),
    Invitation(invitation::Accepted),
}

/// Returns what a ticket is for.
pub(crate) fn opened(db: &Connection, ticket: &str, now: i64) -> Result<Opened, ApiError> {
    match sign_in::open(db, ticket, now)? {
        Some(token) => Ok(Opened::SignIn(token)),
        None => invitation::open(db, ticket, now).map(Opened::Invitation),
    }
}

/// Leads to where the invitation says, else tells what the ticket is for.
async fn open(
    State(app): State<Shared>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, ApiError> {
    let ticket = given(&params)?;
    let page = area::ticket_page(&ticket);
    let now = app.clock.peek();
    let work = move |snapshot: &Snapshot<'_>| opened(snapshot, &ticket, now);
    let opened = app.store.read(work).await?;
    // A person without anywhere to go gets a page, a program what the ticket is for.
    let to = match &opened {
        Opened::Invitation(invitation) => invitation.redirect_to.as_deref(),
        Opened::SignIn(_) => None,
    };
    let to = to.or_else(|| is_browser(&headers).then_some(page.as_str()));
    let mut response = match to.and_then(|to| HeaderValue::from_str(to).ok()) {
        Some(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        None => Json::of(&opened)?.into_response(),
    };
    let headers = response.headers_mut();
    // The address holds the credential.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn is_browser(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|types| types.contains("text/html"))
}

async fn accept(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    Json::of(&accepted(&app, given(&params)?).await?)
}

async fn decline(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    Json::of(&declined(&app, given(&params)?).await?)
}

/// Accepts an invitation, or signs in, in a transaction of its own.
pub(crate) async fn accepted(app: &Shared, ticket: String) -> Result<Accepted, ApiError> {
    let inner = Shared::clone(app);
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| match sign_in::accept(&inner, tx, &ticket, now)? {
        Some(token) => Ok(Accepted::SignIn(token)),
        None => invitation::accept(&inner, tx, &ticket, now).map(Accepted::Invitation),
    };
    app.store.write(work).await
}

/// Declines an invitation in a transaction of its own.
pub(crate) async fn declined(app: &Shared, ticket: String) -> Result<invitation::Opened, ApiError> {
    let now = app.clock.now();
    app.store
        .write(move |tx| invitation::decline(tx, &ticket, now))
        .await
}

fn given(params: &Params) -> Result<String, ApiError> {
    let ticket = params.one("ticket").map(str::to_owned);
    ticket.ok_or_else(invitations_errors::unknown_ticket)
}

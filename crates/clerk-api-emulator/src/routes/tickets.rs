//! `/tickets`: what an invitation's link opens. The ticket is the credential, so there is no key, and what changes
//! something is a POST.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{ACCEPT, CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::app::Shared;
use crate::error::{self, ApiError};
use crate::params::Params;
use crate::reply::Json;
use crate::{page, ticket};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/tickets/accept", get(open).post(accept))
        .route("/tickets/decline", post(decline))
}

/// Tells whether a path is one of these.
pub(crate) fn is_ticket(path: &str) -> bool {
    path.starts_with("/v1/tickets/")
}

/// Leads to where the invitation says, else tells what the invitation is.
async fn open(
    State(app): State<Shared>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, ApiError> {
    let ticket = given(&params)?;
    let page = page::ticket_path(&ticket);
    let now = app.clock.peek();
    let opened = app
        .store
        .read(move |snapshot| ticket::open(snapshot, &ticket, now))
        .await?;
    // A person without anywhere to go gets a page, a program the invitation.
    let to = opened.redirect_to.as_deref();
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

/// Accepts an invitation in a transaction of its own.
pub(crate) async fn accepted(app: &Shared, ticket: String) -> Result<ticket::Accepted, ApiError> {
    let inner = Shared::clone(app);
    let now = app.clock.now();
    app.store
        .write(move |tx| ticket::accept(&inner, tx, &ticket, now))
        .await
}

/// Declines an invitation in a transaction of its own.
pub(crate) async fn declined(app: &Shared, ticket: String) -> Result<ticket::Opened, ApiError> {
    let now = app.clock.now();
    app.store
        .write(move |tx| ticket::decline(tx, &ticket, now))
        .await
}

fn given(params: &Params) -> Result<String, ApiError> {
    let ticket = params.one("ticket").map(str::to_owned);
    ticket.ok_or_else(error::invitation::unknown_ticket)
}

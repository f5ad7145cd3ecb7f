//! `/waitlist_entries`: listing, inviting, rejecting and deleting. Adding is in a file of its own.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::rows::{self, Entry};
use super::wire::Status;
use super::{create, errors};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::list::{Order, Page, envelope};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, delete, get, post};
use crate::resource::invitations::routes::{self as invitations, Template};
use crate::store::{Select, Snapshot, Tx, marks};

const ORDERS: [(&str, &str); 3] = [
    ("created_at", "created_at"),
    ("email_address", "email"),
    ("invited_at", "invited_at"),
];
const DELETED: &str = "waitlist_entry";

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/waitlist_entries", get(list).post(create::one))
        .at("/waitlist_entries/bulk", post(create::many))
        .at("/waitlist_entries/{waitlist_entry_id}", delete(remove))
        .at("/waitlist_entries/{waitlist_entry_id}/invite", post(invite))
        .at("/waitlist_entries/{waitlist_entry_id}/reject", post(reject))
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let statuses = params.choices("status", &Status::NAMES)?;
    let query = params.one("query").map(str::to_lowercase);
    app.store.expire(app.clock.peek()).await?;
    let server = app.url();
    let work = move |snapshot: &Snapshot<'_>| {
        let selecting = |sql: String| {
            let mut select = Select::new(sql);
            if !statuses.is_empty() {
                let condition = format!("status IN ({})", marks(statuses.len()));
                select.and(&condition, statuses.clone());
            }
            if let Some(text) = &query {
                let either = [text.clone(), text.clone()];
                select.and("(instr(email, ?) OR instr(lower(id), ?) = 1)", either);
            }
            select
        };
        let count = selecting("SELECT count(*) FROM waitlist_entries".to_owned());
        let columns = rows::COLUMNS;
        let mut select = selecting(format!("SELECT {columns} FROM waitlist_entries"));
        select.then(&order.sql(), [0_i64; 0]);
        select.page(page.limit, page.offset);
        let array = select.array_of(snapshot, |row, out| Entry::of(row)?.write(out, &server))?;
        Ok(envelope(array, count.number(snapshot)?))
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn invite(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let mut body = Body::parse(&bytes)?;
    let ignore_existing = body.flag("ignore_existing").value().unwrap_or(false);
    body.finish(Unknown::Refuse)?;
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let entry = waiting(tx, &id)?;
        let now = inner.clock.now();
        let template = Template::Waitlist;
        let invitation =
            invitations::invite(&inner, tx, entry.email, template, ignore_existing, now)?;
        rows::settle(tx, &id, Status::Invited, Some(&invitation), now)
    };
    create::sent(&app, &app.store.write(work).await?)
}

/// Takes no body; whatever is sent is not looked at.
async fn reject(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        waiting(tx, &id)?;
        rows::settle(tx, &id, Status::Rejected, None, now)
    };
    create::sent(&app, &app.store.write(work).await?)
}

async fn remove(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| {
        waiting(tx, &gone)?;
        Ok(rows::delete(tx, &gone)?)
    };
    app.store.write(work).await?;
    Json::deleted(DELETED, &id, &[])
}

/// Returns an entry that has not been decided on.
fn waiting(tx: &Tx<'_>, id: &str) -> Result<Entry, ApiError> {
    let entry = rows::load(tx.db(), id)?;
    match errors::settled(entry.status) {
        Some(error) => Err(error),
        None => Ok(entry),
    }
}

//! `/users`: listing, counting, reading and deleting. Creating and changing are in files of their own.

use axum::Router;
use axum::extract::{Path, State};

use super::filter::Filter;
use super::{accounts, bans, create, credentials, factors, images, metadata, rows, update};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::list::{Order, Page};
use crate::http::params::Params;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{self, Routes, get};
use crate::resource::credits::routes as credits;
use crate::store::{Select, Snapshot};

pub(super) const ORDERS: [(&str, &str); 10] = [
    ("created_at", "created_at"),
    ("updated_at", "updated_at"),
    ("email_address", "email"),
    ("web3wallet", "wallet"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("phone_number", "phone"),
    ("username", "username"),
    ("last_active_at", "last_active_at"),
    ("last_sign_in_at", "last_sign_in_at"),
];

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/users", get(list).post(create::create))
        .at("/users/count", get(count))
        .at(
            "/users/{user_id}",
            get(read).patch(update::update).delete(delete),
        )
        .at(
            "/users/{user_id}/metadata",
            route::patch(metadata::merge).put(metadata::replace),
        )
        .merge(accounts::router())
        .merge(bans::router())
        .merge(credits::router("/users/{user_id}", |db, id| {
            rows::wire(db, id).map(drop)
        }))
        .merge(credentials::router())
        .merge(factors::router())
        .merge(images::router())
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let after = params.one("starting_after").map(str::to_owned);
    if after.is_some() {
        check_cursor(order, page)?;
    }
    let mut filter = Filter::of(&params)?;
    filter.use_index_of(order.column);
    if filter.searches() {
        app.store.catch_up_search().await?;
    }
    let work = move |snapshot: &Snapshot<'_>| {
        let Some(select) = select_page(snapshot, &filter, order, page, after.as_deref())? else {
            return Ok(b"[]".to_vec());
        };
        Ok(select.array(snapshot)?)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

fn check_cursor(order: Order, page: Page) -> Result<(), ApiError> {
    if !order.is_by_creation() {
        return Err(problem::only_with("starting_after", "order_by=created_at").into());
    }
    if page.offset != 0 {
        return Err(problem::only_with("starting_after", "offset=0").into());
    }
    Ok(())
}

/// Builds the statement for a page; `None` if there is nothing on it.
fn select_page(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    order: Order,
    page: Page,
    after: Option<&str>,
) -> Result<Option<Select>, ApiError> {
    if order.is_by_creation()
        && let Some((select, number)) = filter.numbered()
        && snapshot.is_in_order(&rows::LIST)?
    {
        return select_numbered(snapshot, select, number, order, page, after).map(Some);
    }
    let mut select = Select::new("SELECT wire FROM users");
    filter.add_to(&mut select);
    let mut skip = page.offset;
    if let Some(id) = after {
        let (_, key) = rows::place(snapshot, id)?.ok_or_else(|| no_cursor(id))?;
        select.beyond(&key, order.descending, false);
    } else if filter.is_empty() && order.is_by_creation() {
        let Some(start) = snapshot.seek(&rows::LIST, order.descending, page.offset)? else {
            return Ok(None);
        };
        if let Some(key) = &start.from {
            select.beyond(key, order.descending, true);
        }
        skip = start.skip;
    }
    select.then(&order.sql(), [0_i64; 0]);
    select.page(page.limit, skip);
    Ok(Some(select))
}

/// Completes a statement that reads users by number where that is the order of creation.
fn select_numbered(
    snapshot: &Snapshot<'_>,
    mut select: Select,
    number: &str,
    order: Order,
    page: Page,
    after: Option<&str>,
) -> Result<Select, ApiError> {
    let (beyond, way) = if order.descending {
        ("<", "DESC")
    } else {
        (">", "ASC")
    };
    if let Some(id) = after {
        let (seq, _) = rows::place(snapshot, id)?.ok_or_else(|| no_cursor(id))?;
        select.and(&format!("{number} {beyond} ?"), [seq]);
    }
    select.then(&format!(" ORDER BY {number} {way}"), [0_i64; 0]);
    select.page(page.limit, page.offset);
    Ok(select)
}

fn no_cursor(id: &str) -> ApiError {
    problem::no_such("starting_after", format!("No user was found with id {id}.")).into()
}

async fn count(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let filter = Filter::of(&params)?;
    if filter.searches() {
        app.store.catch_up_search().await?;
    }
    let total = app
        .store
        .read(move |snapshot| Ok(filter.count(snapshot)?))
        .await?;
    Ok(Json::total(total))
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let wire = app
        .store
        .read(move |snapshot| rows::wire(snapshot, &id))
        .await?;
    Ok(Json::raw(wire))
}

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let user = app.store.write(move |tx| rows::delete(tx, &id)).await?;
    Json::deleted(
        "user",
        &user.id,
        &[("external_id", user.external_id.as_deref())],
    )
}

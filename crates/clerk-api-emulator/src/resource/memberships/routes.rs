//! Memberships: of an organization, of a user, of the whole instance. They are made and changed in a file of their own.

use axum::Router;
use axum::extract::{Path, State};

use super::change;
use super::filter::{Filter, every, user_order};
use super::rows::{self, PARTS, Sender};
use crate::app::Shared;
use crate::http::error::{self, ApiError};
use crate::http::list::{self, Order, Page};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{self, Routes, get};
use crate::resource::organizations::rows as organizations;
use crate::resource::users::rows as users;
use crate::store::{Select, Snapshot};

/// All but the first are the member's.
pub(super) const ORDERS: [(&str, &str); 6] = [
    ("created_at", "created_at"),
    ("phone_number", "phone"),
    ("email_address", "email"),
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("username", "username"),
];

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at(
            "/organizations/{organization_id}/memberships",
            get(of_organization).post(change::create),
        )
        .at(
            "/organizations/{organization_id}/memberships/{user_id}",
            route::patch(change::update).delete(change::delete),
        )
        .at(
            "/organizations/{organization_id}/memberships/{user_id}/metadata",
            route::patch(change::merge_metadata),
        )
        .at("/organization_memberships", get(of_instance))
        .at("/users/{user_id}/organization_memberships", get(of_user))
}

async fn of_organization(
    State(app): State<Shared>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let filter = Filter::of(params)?;
    if filter.searches() {
        app.store.catch_up_search().await?;
    }
    let work = move |snapshot: &Snapshot<'_>| {
        let organization = organizations::find(snapshot, &id)?.seq;
        let total = filter.count(snapshot, organization)?;
        let select = filter.page(organization, order, page);
        answer(snapshot, Some(&select), total)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn of_instance(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    if users::SORTED_LATER.contains(&order.column) {
        app.store.catch_up_search().await?;
    }
    let work = move |snapshot: &Snapshot<'_>| {
        let total = snapshot.counter("memberships")?;
        let select = if order.is_by_creation() {
            by_creation(snapshot, order, page)?
        } else {
            Some(by_user(order, page))
        };
        answer(snapshot, select.as_ref(), total)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn of_user(
    State(app): State<Shared>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let work = move |snapshot: &Snapshot<'_>| {
        let user = users::number(snapshot, &id)?.ok_or_else(|| error::user_not_found(&id))?;
        let of_user = |sql: &str| {
            let mut select = Select::new(sql);
            select.and("user_seq = ?", [user]);
            select
        };
        let total = of_user("SELECT count(*) FROM memberships").number(snapshot)?;
        let mut select = of_user(&every());
        select.then(&Order::NEWEST_FIRST.sql(), [0_i64; 0]);
        select.page(page.limit, page.offset);
        answer(snapshot, Some(&select), total)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

/// Builds the statement for a page of all memberships; `None` if there is nothing on it.
fn by_creation(
    snapshot: &Snapshot<'_>,
    order: Order,
    page: Page,
) -> Result<Option<Select>, ApiError> {
    let Some(start) = snapshot.seek(&rows::LIST, order.descending, page.offset)? else {
        return Ok(None);
    };
    let mut select = Select::new(every());
    if let Some(key) = &start.from {
        select.beyond(key, order.descending, true);
    }
    select.then(&order.sql(), [0_i64; 0]);
    select.page(page.limit, start.skip);
    Ok(Some(select))
}

/// Like `by_creation`, but in an order of users: those are walked, and for each the memberships.
fn by_user(order: Order, page: Page) -> Select {
    let mut select = Select::new(format!(
        "SELECT memberships.wire, {PARTS} FROM users CROSS JOIN memberships ON user_seq = users.seq"
    ));
    if users::SORTED_LATER.contains(&order.column) {
        select.and(users::SORTED, [0_i64; 0]);
    }
    select.then(&user_order(order), [0_i64; 0]);
    select.page(page.limit, page.offset);
    select
}

fn answer(
    snapshot: &Snapshot<'_>,
    select: Option<&Select>,
    total: u64,
) -> Result<Vec<u8>, ApiError> {
    let array = match select {
        None => b"[]".to_vec(),
        Some(select) => {
            let mut sender = Sender::new(snapshot);
            select.array_of(snapshot, |row, out| sender.append(row, out))?
        }
    };
    Ok(list::envelope(array, total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{assert_indexed, connect};

    #[test]
    fn no_statement_for_the_instance_reads_a_whole_table() {
        let db = connect::in_memory(crate::resource::content());
        let page = Page {
            limit: 10,
            offset: 0,
        };
        for (_, column) in ORDERS {
            for descending in [true, false] {
                let order = Order { column, descending };
                if !order.is_by_creation() {
                    assert_indexed(&by_user(order, page).plan(&db));
                }
            }
        }
    }
}

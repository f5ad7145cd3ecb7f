//! `/organizations`: listing, reading and deleting. What else can be done with one is in files of its own.

use axum::Router;
use axum::extract::{Path, State};

use super::filter::Filter;
use super::wire::{self, Counts};
use super::{create, logo, metadata, rows, update};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::list::{self, Order, Page};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{self, Routes, get};
use crate::resource::credits::routes as credits;
use crate::store::{Select, Snapshot};

pub(super) const ORDERS: [(&str, &str); 3] = [
    ("created_at", "created_at"),
    ("name", "name"),
    ("members_count", "members_count"),
];

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/organizations", get(list).post(create::create))
        .at(
            "/organizations/{organization_id}",
            get(read).patch(update::update).delete(delete),
        )
        .at(
            "/organizations/{organization_id}/metadata",
            route::patch(metadata::merge).put(metadata::replace),
        )
        .at(
            "/organizations/{organization_id}/logo",
            route::put(logo::put).delete(logo::delete),
        )
        .merge(credits::router(
            "/organizations/{organization_id}",
            |db, id| rows::find(db, id).map(drop),
        ))
}

/// What a request wants to know beside the organizations themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) people: bool,
    pub(super) unmanaged: bool,
}

impl Wanted {
    fn of(params: &Params) -> Result<Self, ApiError> {
        let flag = |name: &str| Ok::<_, ApiError>(params.flag(name)?.unwrap_or(false));
        Ok(Self {
            people: flag("include_members_count")?,
            unmanaged: flag("include_missing_member_with_elevated_permissions")?,
        })
    }

    fn nothing(self) -> bool {
        !self.people && !self.unmanaged
    }
}

async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let wanted = Wanted::of(&params)?;
    let filter = Filter::of(&params)?;
    if filter.searches() {
        app.store.catch_up_search().await?;
    }
    let now = app.clock.peek();
    let work = move |snapshot: &Snapshot<'_>| {
        let total = filter.count(snapshot)?;
        let select = select_page(snapshot, &filter, order, page, columns(wanted, now))?;
        let array = match select {
            None => b"[]".to_vec(),
            Some(select) => rows(snapshot, &select, wanted)?,
        };
        Ok(list::envelope(array, total))
    };
    Ok(Json::raw(app.store.read(work).await?))
}

/// Begins the statement; what is not wanted is not counted.
pub(super) fn columns(wanted: Wanted, now: i64) -> Select {
    let mut select = Select::new("SELECT wire, members_count");
    if wanted.people {
        select.then(", ", [0_i64; 0]);
        select.then(rows::PENDING, [now]);
    }
    if wanted.unmanaged {
        select.then(", ", [0_i64; 0]);
        select.then(rows::UNMANAGED, [0_i64; 0]);
    }
    select.then(" FROM organizations", [0_i64; 0]);
    select
}

fn rows(snapshot: &Snapshot<'_>, select: &Select, wanted: Wanted) -> Result<Vec<u8>, ApiError> {
    Ok(select.array_of(snapshot, |row, out| {
        let mut counts = Counts::default();
        if wanted.people {
            counts.people = Some((row.get(1)?, row.get(2)?));
        }
        if wanted.unmanaged {
            counts.unmanaged = Some(row.get(if wanted.people { 3 } else { 2 })?);
        }
        let wire = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        wire::with_counts(out, wire, counts);
        Ok(())
    })?)
}

/// Builds the statement for a page; `None` if there is nothing on it.
fn select_page(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    order: Order,
    page: Page,
    mut select: Select,
) -> Result<Option<Select>, ApiError> {
    filter.add_to(&mut select);
    let mut skip = page.offset;
    if filter.is_empty() && order.is_by_creation() {
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

async fn read(
    State(app): State<Shared>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let wanted = Wanted::of(&params)?;
    let now = app.clock.peek();
    let work = move |snapshot: &Snapshot<'_>| {
        let stored = rows::find_by_id_or_slug(snapshot, &id)?;
        if wanted.nothing() {
            return Ok(stored.wire.into_bytes());
        }
        let counts = rows::counts(snapshot, stored.seq, now, wanted.people, wanted.unmanaged)?;
        let mut out = Vec::with_capacity(stored.wire.len() + 128);
        wire::with_counts(&mut out, &stored.wire, counts);
        Ok(out)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn delete(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let gone = app.store.write(move |tx| rows::delete(tx, &id)).await?;
    Json::deleted("organization", &gone.id, &[("slug", gone.slug.as_deref())])
}

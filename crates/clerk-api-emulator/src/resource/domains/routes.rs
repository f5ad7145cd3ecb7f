//! Domains: those of an organization and those of the whole instance.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::filter::{COMPANIES, Filter, MODES};
use super::wire::Domain;
use super::{errors, name, rows};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::list::{self, Order, Page};
use crate::http::params::Params;
use crate::http::problem::{self, Problem};
use crate::http::reply::Json;
use crate::http::route::{Routes, get, patch, post};
use crate::resource::organizations::rows as organizations;
use crate::store::{Select, Snapshot, Tx};

const ORDERS: [(&str, &str); 2] = [("created_at", "created_at"), ("name", "name")];

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at(
            "/organizations/{organization_id}/domains",
            get(of_organization).post(create),
        )
        .at(
            "/organizations/{organization_id}/domains/{domain_id}",
            patch(update).delete(delete),
        )
        .at(
            "/organizations/{organization_id}/domains/{domain_id}/verify_ownership",
            post(verify_ownership),
        )
        .at("/organization_domains", get(of_instance))
}

async fn of_organization(
    State(app): State<Shared>,
    Path(id): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let mut filter = Filter::of_organization(&params)?;
    let work = move |snapshot: &Snapshot<'_>| {
        filter.within(organizations::find(snapshot, &id)?.seq);
        answer(snapshot, &filter, Order::NEWEST_FIRST, page)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn of_instance(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let filter = Filter::of_instance(&params)?;
    let work = move |snapshot: &Snapshot<'_>| answer(snapshot, &filter, order, page);
    Ok(Json::raw(app.store.read(work).await?))
}

fn answer(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    order: Order,
    page: Page,
) -> Result<Vec<u8>, ApiError> {
    let total = filter.count(snapshot)?;
    let mut select = Select::new("SELECT wire, organization_seq FROM organization_domains");
    filter.add_to(&mut select);
    let mut skip = page.offset;
    if filter.is_empty() && order.is_by_creation() {
        let Some(start) = snapshot.seek(&rows::LIST, order.descending, page.offset)? else {
            return Ok(list::envelope(b"[]".to_vec(), total));
        };
        if let Some(key) = &start.from {
            select.beyond(key, order.descending, true);
        }
        skip = start.skip;
    }
    select.then(&order.sql(), [0_i64; 0]);
    select.page(page.limit, skip);
    let array = select.array_of(snapshot, |row, out| {
        let wire = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        rows::write(snapshot, out, row.get(1)?, wire)
    })?;
    Ok(list::envelope(array, total))
}

async fn create(
    State(app): State<Shared>,
    Path(organization): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let id = app.new_id("orgdmn", now);
    let work = move |tx: &Tx<'_>| {
        let seq = organizations::find(tx.db(), &organization)?.seq;
        let mut body = Body::parse(&bytes)?;
        let name = body.text("name");
        let name: String = body.required("name", name);
        let name = if body.is_good() {
            name::domain("name", &name).unwrap_or_else(|problem| {
                body.problem(problem);
                String::new()
            })
        } else {
            name
        };
        let mode = body.text("enrollment_mode");
        let mode = body.not_null("enrollment_mode", mode);
        let verified = body.flag("verified").value();
        let mut domain = Domain::new(id, organization, name, now);
        if let Some(mode) = mode {
            body.check(mode_problem(&mode));
            domain.enrollment_mode = mode;
        }
        body.finish(Unknown::Refuse)?;
        if !tx.settings()?.organizations.domains_enabled {
            return Err(errors::not_enabled());
        }
        check_mode(tx, &domain.enrollment_mode)?;
        domain.set_verified(verified.unwrap_or(true));
        rows::insert(tx, seq, &domain)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

fn mode_problem(mode: &str) -> Result<(), Problem> {
    if MODES.contains(&mode) {
        Ok(())
    } else {
        Err(problem::value_invalid("enrollment_mode", mode))
    }
}

/// Refuses a mode that the instance's settings do not allow. That of companies is not theirs to allow.
fn check_mode(tx: &Tx<'_>, mode: &str) -> Result<(), ApiError> {
    let settings = tx.settings()?;
    let allowed = &settings.organizations.domains_enrollment_modes;
    if mode == COMPANIES || allowed.iter().any(|one| one == mode) {
        Ok(())
    } else {
        Err(errors::mode_not_enabled(mode))
    }
}

async fn update(
    State(app): State<Shared>,
    Path((organization, id)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let organization = organizations::find(tx.db(), &organization)?.seq;
        let (seq, mut domain) = rows::load(tx.db(), organization, &id)?;
        let mut body = Body::parse(&bytes)?;
        let mode = body.text("enrollment_mode").value();
        if let Some(mode) = &mode {
            body.check(mode_problem(mode));
        }
        let verified = body.flag("verified").value();
        body.finish(Unknown::Ignore)?;
        if let Some(mode) = mode {
            check_mode(tx, &mode)?;
            domain.enrollment_mode = mode;
        }
        if let Some(verified) = verified.filter(|verified| *verified != domain.is_verified()) {
            if verified {
                rows::check_free(tx.db(), organization, &domain.name, "verified")?;
            }
            domain.set_verified(verified);
        }
        domain.updated_at = now;
        Ok(rows::save(tx, organization, seq, &domain)?)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

async fn delete(
    State(app): State<Shared>,
    Path((organization, id)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| {
        let organization = organizations::find(tx.db(), &organization)?.seq;
        rows::delete(tx, organization, &id)
    };
    app.store.write(work).await?;
    Json::deleted(rows::OBJECT, &gone, &[])
}

async fn verify_ownership(
    State(app): State<Shared>,
    Path((organization, id)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let organization = organizations::find(tx.db(), &organization)?.seq;
        let (seq, mut domain) = rows::load(tx.db(), organization, &id)?;
        if domain.own(now) {
            domain.updated_at = now;
        }
        Ok(rows::save(tx, organization, seq, &domain)?)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

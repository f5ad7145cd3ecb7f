//! `/allowlist_identifiers` and `/blocklist_identifiers`.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::rows;
use super::wire::{Kind, List, Listed, identify};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::list::{Page, envelope};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, delete, get};
use crate::resource::identifications::errors as identifications_errors;
use crate::resource::invitations::routes::Template;
use crate::resource::invitations::{routes as invitations, rows as invited};
use crate::store::{Select, Snapshot, Tx};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/allowlist_identifiers", get(list_allowed).post(allow))
        .at("/allowlist_identifiers/{identifier_id}", delete(disallow))
        .at("/blocklist_identifiers", get(list_blocked).post(block))
        .at("/blocklist_identifiers/{identifier_id}", delete(unblock))
}

/// A bare array, or the envelope if `paginated` asks for it; the newest first.
async fn list_allowed(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let counted = params.flag("paginated")?.unwrap_or(false);
    let work = move |snapshot: &Snapshot<'_>| {
        let array = page_of(snapshot, List::Allow, Some(page))?;
        if counted {
            Ok(envelope(array, count(snapshot, List::Allow)?))
        } else {
            Ok(array)
        }
    };
    Ok(Json::raw(app.store.read(work).await?))
}

/// All of them, in the envelope.
async fn list_blocked(State(app): State<Shared>) -> Result<Json, ApiError> {
    let work = |snapshot: &Snapshot<'_>| {
        let array = page_of(snapshot, List::Block, None)?;
        Ok(envelope(array, count(snapshot, List::Block)?))
    };
    Ok(Json::raw(app.store.read(work).await?))
}

fn page_of(snapshot: &Snapshot<'_>, list: List, page: Option<Page>) -> Result<Vec<u8>, ApiError> {
    let mut select = Select::new("SELECT wire FROM listed_identifiers");
    select.and("list = ?", [list as i64]);
    select.then(" ORDER BY seq DESC", [0_i64; 0]);
    if let Some(page) = page {
        select.page(page.limit, page.offset);
    }
    Ok(select.array(snapshot)?)
}

fn count(snapshot: &Snapshot<'_>, list: List) -> Result<u64, ApiError> {
    let mut select = Select::new("SELECT count(*) FROM listed_identifiers");
    select.and("list = ?", [list as i64]);
    Ok(select.number(snapshot)?)
}

async fn allow(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let mut body = Body::parse(&bytes)?;
    let notify = body.flag("notify");
    let notify = body.not_null("notify", notify).unwrap_or(false);
    add(app, List::Allow, body, notify).await
}

async fn block(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    add(app, List::Block, Body::parse(&bytes)?, false).await
}

async fn add(app: Shared, list: List, mut body: Body<'_>, notify: bool) -> Result<Json, ApiError> {
    let given = body.text("identifier");
    let text = body.required("identifier", given);
    let found = identify("identifier", &text);
    if let (true, Err(problem)) = (body.is_good(), &found) {
        body.problem(problem.clone());
    }
    body.finish(Unknown::Refuse)?;
    let (kind, identifier) = found?;
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        if rows::has(tx.db(), list, &identifier)? {
            return Err(identifications_errors::listed_already(&identifier));
        }
        let now = inner.clock.now();
        let invites = notify && kind == Kind::Email && !knows(tx, &identifier, now)?;
        let invitation_id = if invites {
            let template = Template::Plain;
            let to = identifier.clone();
            Some(invitations::invite(&inner, tx, to, template, true, now)?)
        } else {
            None
        };
        let (object, prefix) = match list {
            List::Allow => ("allowlist_identifier", "alid"),
            List::Block => ("blocklist_identifier", "blid"),
        };
        let new = Listed {
            object,
            id: inner.new_id(prefix, now),
            invitation_id,
            identifier: &identifier,
            identifier_type: kind.name(),
            instance_id: inner.store.instance_id(),
            created_at: now,
            updated_at: now,
        };
        Ok(rows::insert(tx, list, &new)?)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// Returns whether an address needs no invitation: a user has it, or an invitation is pending.
fn knows(tx: &Tx<'_>, email: &str, now: i64) -> Result<bool, ApiError> {
    Ok(invited::is_claimed(tx.db(), email)? || invited::is_pending(tx.db(), email, now)?)
}

async fn disallow(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    remove(app, List::Allow, "allowlist_identifier", id).await
}

async fn unblock(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    remove(app, List::Block, "blocklist_identifier", id).await
}

async fn remove(app: Shared, list: List, object: &str, id: String) -> Result<Json, ApiError> {
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| {
        if rows::remove(tx, list, &gone)? {
            Ok(())
        } else {
            Err(error::not_found(format!(
                "No identifier was found with id {gone}."
            )))
        }
    };
    app.store.write(work).await?;
    Json::deleted(object, &id, &[])
}

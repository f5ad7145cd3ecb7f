//! `/sessions`: listing, creating, reading and revoking. Their tokens are in a file of their own.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use rusqlite::types::Value;

use super::wire::{Session, Status};
use super::{errors, refresh, rows, tokens};
use crate::app::{App, Shared};
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::list::{Order, Page, envelope};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::resource::invitations::errors as invitations_errors;
use crate::resource::memberships::rows::{self as memberships, Parties};
use crate::resource::organizations::rows as organizations;
use crate::resource::users::rows as users;
use crate::store::{Select, Snapshot, Tx};

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/sessions", get(list).post(create))
        .at("/sessions/{session_id}", get(read))
        .at("/sessions/{session_id}/revoke", post(revoke))
        .merge(tokens::router())
        .merge(refresh::router())
}

/// A bare array, or the envelope if `paginated` asks for it.
async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let now = app.clock.peek();
    let conditions = conditions(&params, now)?;
    let counted = params.flag("paginated")?.unwrap_or(false);
    let work = move |snapshot: &Snapshot<'_>| {
        let mut select = Select::new("SELECT user_seq, wire FROM sessions");
        let mut count = Select::new("SELECT count(*) FROM sessions");
        for (condition, args) in conditions {
            select.and(&condition, args.clone());
            count.and(&condition, args);
        }
        select.then(&Order::NEWEST_FIRST.sql(), [0_i64; 0]);
        select.page(page.limit, page.offset);
        let array = select.array_of(snapshot, |row, out| {
            let wire: String = row.get(1)?;
            let session = rows::present(snapshot, row.get(0)?, &wire, now)?;
            Ok(serde_json::to_writer(out, &session)?)
        })?;
        if counted {
            Ok(envelope(array, count.number(snapshot)?))
        } else {
            Ok(array)
        }
    };
    Ok(Json::raw(app.store.read(work).await?))
}

/// Whose sessions are listed must be said; which of them may be.
fn conditions(params: &Params, now: i64) -> Result<Vec<(String, Vec<Value>)>, ApiError> {
    let mut conditions = Vec::new();
    if let Some(id) = params.one("user_id") {
        let condition = "user_seq = (SELECT seq FROM users WHERE id = ?)".to_owned();
        conditions.push((condition, vec![id.to_owned().into()]));
    }
    if let Some(id) = params.one("client_id") {
        conditions.push(("client_id = ?".to_owned(), vec![id.to_owned().into()]));
    }
    if conditions.is_empty() {
        return Err(errors::of_nobody());
    }
    let statuses = params.choices("status", &Status::NAMES)?;
    if !statuses.is_empty() {
        let marks = crate::store::marks(statuses.len());
        let condition = format!("{} IN ({marks})", rows::STATUS_NOW);
        let mut args = vec![now.into(), now.into()];
        args.extend(statuses.into_iter().map(Value::from));
        conditions.push((condition, args));
    }
    Ok(conditions)
}

async fn create(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let mut body = Body::parse(&bytes)?;
        let user = body.text("user_id");
        let user: String = body.required("user_id", user);
        let organization = body.text("active_organization_id");
        let organization = body.not_null("active_organization_id", organization);
        body.finish(Unknown::Ignore)?;
        let (user, session) = prepare(&inner, tx, &user, organization)?;
        Ok(rows::insert(tx, user, &session)?)
    };
    Ok(Json::raw(app.store.write_after_checks(work).await?))
}

/// Makes a session that a user may have, to be stored for the user with this number.
pub(crate) fn prepare(
    app: &App,
    tx: &Tx<'_>,
    user_id: &str,
    organization: Option<String>,
) -> Result<(i64, Session), ApiError> {
    let (user, who) = users::load(tx.db(), user_id)?;
    if who.banned {
        return Err(errors::banned(user_id));
    }
    if let Some(id) = &organization {
        check_member(tx, id, user, user_id)?;
    }
    let now = app.clock.now();
    let mut session = Session::new(
        app.new_id("sess", now),
        app.new_id("client", now),
        user_id.to_owned(),
        now,
    );
    session.last_active_organization_id = organization;
    Ok((user, session))
}

/// Refuses an organization that a user is not in.
pub(crate) fn check_member(
    tx: &Tx<'_>,
    organization_id: &str,
    user: i64,
    user_id: &str,
) -> Result<(), ApiError> {
    let organization = organizations::find(tx.db(), organization_id)?.seq;
    if memberships::exists(tx.db(), Parties { organization, user })? {
        Ok(())
    } else {
        Err(invitations_errors::stranger(user_id))
    }
}

async fn read(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.peek();
    let work = move |snapshot: &Snapshot<'_>| Ok(rows::load(snapshot, &id, now)?.session);
    Json::of(&app.store.read(work).await?)
}

/// Takes no body; whatever is sent is not looked at.
async fn revoke(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| rows::revoke(tx, &id, now);
    Json::of(&app.store.write(work).await?)
}

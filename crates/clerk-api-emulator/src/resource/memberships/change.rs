//! How a user comes into an organization, changes there and leaves.

use axum::extract::{Path, State};
use bytes::Bytes;
use serde_json::value::RawValue;

use super::rows::{self, Parties};
use super::wire::Membership;
use crate::app::{App, Shared};
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::reply::Json;
use crate::resource::organizations::metadata::Change;
use crate::resource::organizations::{errors as organizations_errors, rows as organizations};
use crate::resource::roles::rows as roles;
use crate::resource::users::rows as users;
use crate::store::Tx;

/// The body of an addition.
struct Addition {
    user: String,
    role: String,
    public_metadata: Given<Box<RawValue>>,
    private_metadata: Given<Box<RawValue>>,
}

impl Addition {
    fn read(bytes: &Bytes) -> Result<Self, ApiError> {
        let mut body = Body::parse(bytes)?;
        let user = body.text("user_id");
        let role = body.text("role");
        let addition = Self {
            user: body.required("user_id", user),
            role: body.required("role", role),
            public_metadata: body.metadata("public_metadata"),
            private_metadata: body.metadata("private_metadata"),
        };
        body.finish(Unknown::Refuse)?;
        Ok(addition)
    }
}

/// Returns the membership of a user in an organization, both named by their ids.
fn load(tx: &Tx<'_>, organization: &str, user: &str) -> Result<(Parties, Membership), ApiError> {
    let organization = organizations::find(tx.db(), organization)?.seq;
    rows::load(tx.db(), organization, user)
}

pub(super) async fn create(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let organization = organizations::find(tx.db(), &id)?.seq;
        add(&inner, tx, organization, Addition::read(&bytes)?)
    };
    Ok(Json::raw(app.store.write_after_checks(work).await?))
}

fn add(app: &App, tx: &Tx<'_>, organization: i64, addition: Addition) -> Result<Vec<u8>, ApiError> {
    let role = roles::grant(tx.db(), organization, &addition.role)?;
    let user = users::number(tx.db(), &addition.user)?
        .ok_or_else(|| error::user_not_found(&addition.user))?;
    let parties = Parties { organization, user };
    if rows::exists(tx.db(), parties)? {
        return Err(organizations_errors::already_a_member(&addition.user));
    }
    let now = app.clock.now();
    organizations::check_room(tx.db(), organization, now, 1)?;
    let mut membership = Membership::new(app.new_id("orgmem", now), role.seq, now);
    if let Given::Value(text) = addition.public_metadata {
        membership.public_metadata = text;
    }
    if let Given::Value(text) = addition.private_metadata {
        membership.private_metadata = text;
    }
    let wire = serde_json::to_string(&membership)?;
    rows::insert(tx, parties, &membership, &wire)?;
    Ok(rows::sent(tx.db(), parties, role.seq, &wire)?)
}

pub(super) async fn update(
    State(app): State<Shared>,
    Path((organization, user)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let (parties, mut membership) = load(tx, &organization, &user)?;
        let mut body = Body::parse(&bytes)?;
        let key = body.text("role");
        let key: String = body.required("role", key);
        body.finish(Unknown::Refuse)?;
        let role = roles::grant(tx.db(), parties.organization, &key)?;
        rows::check_not_last(tx.db(), parties, Some(role))?;
        membership.role = role.seq;
        membership.updated_at = now;
        Ok(rows::save(tx, parties, &membership)?)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

pub(super) async fn delete(
    State(app): State<Shared>,
    Path((organization, user)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    let work = move |tx: &Tx<'_>| {
        let (parties, membership) = load(tx, &organization, &user)?;
        rows::check_not_last(tx.db(), parties, None)?;
        Ok(rows::delete(tx, parties, &membership)?)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

pub(super) async fn merge_metadata(
    State(app): State<Shared>,
    Path((organization, user)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let change = Change::merging(&bytes)?;
    let now = app.clock.now();
    let work = move |tx: &Tx<'_>| {
        let (parties, mut membership) = load(tx, &organization, &user)?;
        change.apply([
            &mut membership.public_metadata,
            &mut membership.private_metadata,
        ])?;
        membership.updated_at = now;
        Ok(rows::save(tx, parties, &membership)?)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

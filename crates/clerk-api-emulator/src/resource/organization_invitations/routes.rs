//! Invitations to organizations: listing, reading and revoking. Creating is in a file of its own.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::create;
use super::rows::{self, Sender};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::list::{Order, Page, envelope};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::resource::invitations::errors as invitations_errors;
use crate::resource::invitations::filter::Filter;
use crate::resource::invitations::wire::Status;
use crate::resource::organizations::rows as organizations;
use crate::resource::users::rows as users;
use crate::store::{Snapshot, Tx};

const ORDERS: [(&str, &str); 2] = [("created_at", "created_at"), ("email_address", "email")];

pub(crate) fn router() -> Router<Shared> {
    let all = "/organizations/{organization_id}/invitations";
    let one = format!("{all}/{{invitation_id}}");
    Router::new()
        .at(all, get(list).post(create::one))
        .at(&format!("{all}/bulk"), post(create::many))
        .at(&format!("{all}/pending"), get(list_pending))
        .at(&one, get(read))
        .at(&format!("{one}/revoke"), post(revoke))
        .at("/organization_invitations", get(list_all))
        .at(
            "/users/{user_id}/organization_invitations",
            get(list_of_user),
        )
}

async fn list(
    State(app): State<Shared>,
    Path(organization): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let mut filter = Filter::of(&params, &rows::LIST)?;
    if let Some(email) = params.one("email_address") {
        filter.emails(vec![email.to_lowercase()]);
    }
    let order = Order::of(&params, &ORDERS)?;
    list_within(app, organization, &params, filter, order).await
}

/// Deprecated: the list of what is pending.
async fn list_pending(
    State(app): State<Shared>,
    Path(organization): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let filter = Filter::of(&Params::default(), &rows::LIST)?.only(Status::Pending);
    list_within(app, organization, &params, filter, Order::NEWEST_FIRST).await
}

async fn list_within(
    app: Shared,
    organization: String,
    params: &Params,
    mut filter: Filter,
    order: Order,
) -> Result<Json, ApiError> {
    let page = Page::of(params)?;
    app.store.expire(app.clock.peek()).await?;
    let server = app.url();
    let work = move |snapshot: &Snapshot<'_>| {
        filter.within(organizations::find(snapshot, &organization)?.seq);
        answer(
            snapshot,
            &filter,
            order,
            page,
            Sender::new(snapshot, &server),
        )
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn list_all(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let mut filter = Filter::of(&params, &rows::LIST)?;
    filter.search(&params, None);
    app.store.expire(app.clock.peek()).await?;
    if filter.searches() {
        app.store.catch_up_search().await?;
    }
    let server = app.url();
    let work = move |snapshot: &Snapshot<'_>| {
        let sender = Sender::with_organizations(snapshot, &server);
        answer(snapshot, &filter, order, page, sender)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

/// What was sent to the proven email addresses of a user.
async fn list_of_user(
    State(app): State<Shared>,
    Path(user): Path<String>,
    params: Params,
) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let mut filter = Filter::of(&params, &rows::LIST)?;
    app.store.expire(app.clock.peek()).await?;
    let server = app.url();
    let work = move |snapshot: &Snapshot<'_>| {
        let (_, user) = users::load(snapshot, &user)?;
        let proven = user
            .email_addresses
            .iter()
            .filter(|email| user.is_verified(&email.id) == Some(true));
        filter.emails(proven.map(|email| email.email_address.clone()).collect());
        let sender = Sender::with_organizations(snapshot, &server);
        answer(snapshot, &filter, Order::NEWEST_FIRST, page, sender)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

fn answer(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    order: Order,
    page: Page,
    mut sender: Sender<'_>,
) -> Result<Vec<u8>, ApiError> {
    let array = match filter.page(snapshot, rows::SENT, order, page)? {
        Some(select) => select.array_of(snapshot, |row, out| sender.append(row, out))?,
        None => b"[]".to_vec(),
    };
    Ok(envelope(array, filter.count(snapshot)?))
}

async fn read(
    State(app): State<Shared>,
    Path((organization, id)): Path<(String, String)>,
) -> Result<Json, ApiError> {
    let now = app.clock.peek();
    let server = app.url();
    let work = move |snapshot: &Snapshot<'_>| {
        let organization = organizations::find(snapshot, &organization)?.seq;
        let (_, invitation) = rows::load(snapshot, organization, &id, now)?;
        let mut out = Vec::new();
        let wire = serde_json::to_string(&invitation)?;
        Sender::new(snapshot, &server).one(&mut out, &wire, invitation.inviter_id.as_deref())?;
        Ok(out)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn revoke(
    State(app): State<Shared>,
    Path((organization, id)): Path<(String, String)>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let mut body = Body::parse(&bytes)?;
    let requester = body.text("requesting_user_id").value();
    body.finish(Unknown::Ignore)?;
    let server = app.url();
    let work = move |tx: &Tx<'_>| {
        let db = tx.db();
        let organization = organizations::find(db, &organization)?.seq;
        let (seq, mut invitation) = rows::load(db, organization, &id, now)?;
        if let Some(requester) = &requester {
            rows::check_permitted(db, organization, requester)?;
        }
        if invitation.status != Status::Pending {
            return Err(invitations_errors::not_pending(invitation.status.name()));
        }
        let wire = rows::revoke(tx, seq, organization, &mut invitation, now)?;
        let mut out = Vec::new();
        Sender::new(db, &server).one(&mut out, &wire, invitation.inviter_id.as_deref())?;
        Ok(out)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

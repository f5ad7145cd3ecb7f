//! `/invitations`, those to the application: listing and revoking. Creating is in a file of its own.

pub(crate) use create::{Template, invite};

use axum::Router;
use axum::extract::{Path, State};

use super::filter::Filter;
use super::{create, rows, wire};
use crate::app::Shared;
use crate::http::error::ApiError;
use crate::http::list::{Order, Page, envelope};
use crate::http::params::Params;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post};
use crate::store::Snapshot;

const ORDERS: [(&str, &str); 3] = [
    ("created_at", "created_at"),
    ("email_address", "email"),
    ("expires_at", "expires_at"),
];

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .at("/invitations", get(list).post(create::one))
        .at("/invitations/bulk", post(create::many))
        .at("/invitations/{invitation_id}/revoke", post(revoke))
}

/// A bare array, or the envelope if `paginated` asks for it.
async fn list(State(app): State<Shared>, params: Params) -> Result<Json, ApiError> {
    let page = Page::of(&params)?;
    let order = Order::of(&params, &ORDERS)?;
    let counted = params.flag("paginated")?.unwrap_or(false);
    let mut filter = Filter::of(&params, &rows::LIST)?.hiding_revoked();
    filter.search(&params, Some("inv_"));
    app.store.expire(app.clock.peek()).await?;
    if filter.searches() {
        app.store.catch_up_search().await?;
    }
    let server = app.url();
    let work = move |snapshot: &Snapshot<'_>| {
        let array = match filter.page(snapshot, "wire", order, page)? {
            Some(select) => select.array_of(snapshot, |row, out| {
                let wire = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                wire::write(out, wire, &server);
                Ok(())
            })?,
            None => b"[]".to_vec(),
        };
        if counted {
            Ok(envelope(array, filter.count(snapshot)?))
        } else {
            Ok(array)
        }
    };
    Ok(Json::raw(app.store.read(work).await?))
}

/// Takes no body; whatever is sent is not looked at.
async fn revoke(State(app): State<Shared>, Path(id): Path<String>) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let work = move |tx: &crate::store::Tx<'_>| rows::revoke(tx, &id, now);
    Ok(Json::raw(app.store.write(work).await?))
}

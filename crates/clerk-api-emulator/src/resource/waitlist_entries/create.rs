//! `POST /waitlist_entries` and `POST /waitlist_entries/bulk`.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::State;
use bytes::Bytes;
use http::Uri;

use super::errors;
use super::rows::{self, Entry};
use crate::app::{App, Shared};
use crate::http::body::{Body, Unknown};
use crate::http::error::{self, ApiError};
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::version::ApiVersion;
use crate::resource::invitations::terms;
use crate::resource::mails::rows as mails;
use crate::resource::mails::wire::{Facts, Mail};
use crate::store::Tx;

/// Most entries of one request.
const MOST: usize = 50;

#[derive(Debug)]
struct Wanted {
    email: String,
    notify: bool,
}

pub(super) async fn one(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let wanted = read(Body::parse(&bytes)?)?;
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| add(&inner, tx, wanted);
    sent(&app, &app.store.write(work).await?)
}

/// Unknown before version 2025-11-10. All are added or, with an error, none.
pub(super) async fn many(
    State(app): State<Shared>,
    Extension(version): Extension<ApiVersion>,
    uri: Uri,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    if version < ApiVersion::V2025_11_10 {
        return Err(error::unknown_endpoint(uri).await);
    }
    let wanted = read_many(&bytes)?;
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        wanted
            .into_iter()
            .map(|wanted| add(&inner, tx, wanted))
            .collect::<Result<Vec<_>, _>>()
    };
    let mut out = vec![b'['];
    for entry in app.store.write(work).await? {
        if out.len() > 1 {
            out.push(b',');
        }
        entry.write(&mut out, &app.url())?;
    }
    out.push(b']');
    Ok(Json::raw(out))
}

fn read(mut body: Body<'_>) -> Result<Wanted, ApiError> {
    let email = terms::email(&mut body);
    let notify = body.flag("notify").value().unwrap_or(true);
    body.finish(Unknown::Refuse)?;
    Ok(Wanted { email, notify })
}

fn read_many(bytes: &Bytes) -> Result<Vec<Wanted>, ApiError> {
    let bodies = Body::parse_many(bytes)?;
    if bodies.is_empty() {
        return Err(error::body_invalid(
            "The request body must hold at least one entry.",
        ));
    }
    if bodies.len() > MOST {
        return Err(errors::bulk_size(MOST));
    }
    let wanted = bodies
        .into_iter()
        .map(read)
        .collect::<Result<Vec<_>, _>>()?;
    let different: BTreeSet<&str> = wanted.iter().map(|one| one.email.as_str()).collect();
    if different.len() < wanted.len() {
        return Err(problem::duplicate("email_address").into());
    }
    Ok(wanted)
}

/// Adds an entry, or returns the one that the address has.
fn add(app: &App, tx: &Tx<'_>, wanted: Wanted) -> Result<Entry, ApiError> {
    if let Some(entry) = rows::by_email(tx.db(), &wanted.email)? {
        return Ok(entry);
    }
    let now = app.clock.now();
    let entry = Entry::new(app.new_id("wle", now), wanted.email, now);
    rows::insert(tx, &entry)?;
    if wanted.notify {
        let to = entry.email.clone();
        let id = app.new_id("ema", now);
        let facts = Facts::WaitlistConfirmation;
        let mail = Mail::new(id, "waitlist_confirmation", to, &entry.id, facts, now);
        mails::insert(tx, &mail)?;
    }
    Ok(entry)
}

pub(super) fn sent(app: &App, entry: &Entry) -> Result<Json, ApiError> {
    let mut out = Vec::new();
    entry.write(&mut out, &app.url())?;
    Ok(Json::raw(out))
}

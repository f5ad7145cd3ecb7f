//! `POST /invitations` and `POST /invitations/bulk`.

use std::borrow::Cow;

use axum::extract::State;
use bytes::Bytes;

use super::terms;
use crate::app::{App, Shared};
use crate::body::{Body, Given, Unknown};
use crate::error::{self, ApiError};
use crate::metadata;
use crate::problem;
use crate::reply::Json;
use crate::store::{Tx, invitations};
use crate::wire::invitation::{self, Invitation, Status};

const TEMPLATES: [&str; 2] = ["invitation", "waitlist_invitation"];

/// One of the two endpoints: bulk items may be null where a single one may not, and never bypass a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Single,
    Bulk,
}

#[derive(Debug)]
struct Wanted {
    invitation: Invitation,
    ignore_existing: bool,
}

pub(super) async fn one(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = read(&app, Body::parse(&bytes)?, Form::Single, now)?;
    let work = move |tx: &Tx<'_>| store(tx, &[wanted], Form::Single, now);
    Ok(Json::raw(app.store.write(work).await?.concat()))
}

pub(super) async fn many(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = terms::items(&bytes)?
        .into_iter()
        .map(|body| read(&app, body, Form::Bulk, now))
        .collect::<Result<Vec<_>, _>>()?;
    let work = move |tx: &Tx<'_>| store(tx, &wanted, Form::Bulk, now);
    let wires = app.store.write(work).await?;
    Ok(Json::raw(format!("[{}]", wires.join(","))))
}

fn read(app: &App, mut body: Body<'_>, form: Form, now: i64) -> Result<Wanted, ApiError> {
    let email_address = terms::email(&mut body);
    let expires_at = terms::expiry(&mut body, now);
    let given = body.metadata("public_metadata");
    let metadata = nullable(&mut body, "public_metadata", given, form);
    let given = body.text("redirect_url");
    let url = nullable(&mut body, "redirect_url", given, form);
    terms::redirect_url(&mut body, url.map_or(Given::Absent, Given::Value));
    let given = body.text("template_slug");
    if let Some(slug) = body.not_null("template_slug", given)
        && !TEMPLATES.contains(&slug.as_str())
    {
        body.problem(problem::value_invalid("template_slug", &slug));
    }
    // Nothing is mailed yet, so there is nothing to leave out.
    body.flag("notify");
    let ignore_existing = body.flag("ignore_existing").value().unwrap_or(false);
    body.finish(Unknown::Refuse)?;
    let invitation = Invitation {
        object: Cow::Borrowed("invitation"),
        id: app.new_id("inv", now),
        email_address,
        public_metadata: metadata.unwrap_or_else(metadata::empty),
        revoked: false,
        status: Status::Pending,
        url: Some(invitation::link(&app.ids)),
        expires_at,
        created_at: now,
        updated_at: now,
    };
    Ok(Wanted {
        invitation,
        ignore_existing,
    })
}

fn nullable<T>(body: &mut Body<'_>, name: &str, given: Given<T>, form: Form) -> Option<T> {
    match form {
        Form::Single => body.not_null(name, given),
        Form::Bulk => given.value(),
    }
}

/// Stores all or, with an error, none; an address that comes twice is a duplicate of its first invitation.
fn store(tx: &Tx<'_>, wanted: &[Wanted], form: Form, now: i64) -> Result<Vec<String>, ApiError> {
    let mut wires = Vec::with_capacity(wanted.len());
    let mut pending = Vec::new();
    for one in wanted {
        let email = one.invitation.email_address.as_str();
        let bypass = one.ignore_existing && form == Form::Single;
        if !bypass && invitations::is_claimed(tx.db(), email)? {
            return Err(problem::exists("email_address", "email address").into());
        }
        if !one.ignore_existing && invitations::is_pending(tx.db(), email, now)? {
            pending.push(email);
        } else {
            wires.push(invitations::insert(tx, &one.invitation)?);
        }
    }
    if pending.is_empty() {
        Ok(wires)
    } else {
        Err(error::invitation::duplicates(&pending))
    }
}

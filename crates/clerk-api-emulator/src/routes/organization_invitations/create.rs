//! `POST /organizations/{organization_id}/invitations` and its bulk form.

use std::borrow::Cow;

use axum::extract::{Path, State};
use bytes::Bytes;

use crate::app::{App, Shared};
use crate::body::{Body, Given, Unknown};
use crate::error::{self, ApiError};
use crate::list::envelope;
use crate::metadata;
use crate::reply::Json;
use crate::routes::invitations::terms;
use crate::store::organization_invitations::{self as rows, Sender};
use crate::store::{Tx, organizations, roles};
use crate::wire::invitation::{self, Status};
use crate::wire::organization_invitation::OrganizationInvitation;

pub(super) async fn one(
    State(app): State<Shared>,
    Path(organization): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = read(&app, Body::parse(&bytes)?, &organization, now)?;
    let work = move |tx: &Tx<'_>| store(tx, &organization, vec![wanted], now);
    Ok(Json::raw(app.store.write(work).await?.concat()))
}

pub(super) async fn many(
    State(app): State<Shared>,
    Path(organization): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = terms::items(&bytes)?
        .into_iter()
        .map(|body| read(&app, body, &organization, now))
        .collect::<Result<Vec<_>, _>>()?;
    let work = move |tx: &Tx<'_>| store(tx, &organization, wanted, now);
    let wires = app.store.write(work).await?;
    let mut array = vec![b'['];
    array.extend(wires.join(&b','));
    array.push(b']');
    Ok(Json::raw(envelope(&array, wires.len() as u64)))
}

/// Fields that are not declared are ignored: the specification leaves these bodies open.
fn read(
    app: &App,
    mut body: Body<'_>,
    organization: &str,
    now: i64,
) -> Result<OrganizationInvitation, ApiError> {
    let email_address = terms::email(&mut body);
    let given = body.text("role");
    let key = body.required("role", given);
    let inviter_id = body.text("inviter_user_id").value();
    let expires_at = terms::expiry(&mut body, now);
    let [public_metadata, private_metadata] = ["public_metadata", "private_metadata"].map(|name| {
        let given = body.metadata(name);
        given.value().unwrap_or_else(metadata::empty)
    });
    let url = body.text("redirect_url");
    terms::redirect_url(&mut body, url);
    // Nothing is mailed yet, so there is nothing to leave out.
    let _: Given<bool> = body.flag("notify");
    body.finish(Unknown::Ignore)?;
    Ok(OrganizationInvitation {
        object: Cow::Borrowed("organization_invitation"),
        id: app.new_id("orginv", now),
        email_address,
        role: Cow::Owned(key),
        // Known when the role has been looked up.
        role_name: Cow::Borrowed(""),
        organization_id: organization.to_owned(),
        inviter_id,
        public_inviter_data: (),
        status: Status::Pending,
        public_metadata,
        private_metadata,
        url: Some(invitation::link(&app.ids)),
        expires_at,
        created_at: now,
        updated_at: now,
    })
}

/// Stores all or, with an error, none; an address that comes twice is a duplicate of its first invitation.
fn store(
    tx: &Tx<'_>,
    organization: &str,
    mut wanted: Vec<OrganizationInvitation>,
    now: i64,
) -> Result<Vec<Vec<u8>>, ApiError> {
    let db = tx.db();
    let seq = organizations::find(db, organization)?.seq;
    for inviter in wanted.iter().filter_map(|one| one.inviter_id.as_deref()) {
        rows::check_permitted(db, seq, inviter)?;
    }
    let mut role_seqs = Vec::with_capacity(wanted.len());
    for one in &mut wanted {
        let role = roles::grant(db, seq, &one.role)?.seq;
        one.role_name = Cow::Owned(roles::names(db, role)?.1);
        role_seqs.push(role);
    }
    let mut sender = Sender::new(db);
    let mut answers = Vec::with_capacity(wanted.len());
    let mut pending = Vec::new();
    for (one, role) in wanted.iter().zip(role_seqs) {
        let email = one.email_address.as_str();
        if rows::is_member(db, seq, email)? {
            return Err(error::organization::already_a_member(email));
        }
        if rows::is_pending(db, seq, email, now)? {
            pending.push(email);
            continue;
        }
        let wire = rows::insert(tx, seq, role, one)?;
        let mut answer = Vec::new();
        sender.one(&mut answer, &wire, one.inviter_id.as_deref())?;
        answers.push(answer);
    }
    if !pending.is_empty() {
        return Err(error::invitation::not_unique(&pending));
    }
    // They are counted already.
    organizations::check_room(db, seq, now, 0)?;
    Ok(answers)
}

//! `POST /organizations/{organization_id}/invitations` and its bulk form.

use std::borrow::Cow;

use axum::extract::{Path, State};
use bytes::Bytes;

use super::rows::{self, Sender};
use super::wire::OrganizationInvitation;
use crate::app::{App, Shared};
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::list::envelope;
use crate::http::metadata;
use crate::http::reply::Json;
use crate::resource::invitations::wire::Status;
use crate::resource::invitations::{errors as invitations_errors, terms, wire as invitation};
use crate::resource::mails::rows as mails;
use crate::resource::mails::wire::{Facts, Mail};
use crate::resource::organizations::{errors as organizations_errors, rows as organizations};
use crate::resource::roles::rows as roles;
use crate::resource::users::rows as users;
use crate::store::Tx;

/// An invitation that is to be made.
struct Wanted {
    invitation: OrganizationInvitation,
    redirect_url: Option<String>,
    /// The id of the email, unless no email is to be sent.
    mail: Option<String>,
}

pub(super) async fn one(
    State(app): State<Shared>,
    Path(organization): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = read(&app, Body::parse(&bytes)?, &organization, now)?;
    let server = app.url();
    let work = move |tx: &Tx<'_>| store(tx, &server, &organization, vec![wanted], now);
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
    let server = app.url();
    let work = move |tx: &Tx<'_>| store(tx, &server, &organization, wanted, now);
    let wires = app.store.write(work).await?;
    let mut array = vec![b'['];
    array.extend(wires.join(&b','));
    array.push(b']');
    Ok(Json::raw(envelope(array, wires.len() as u64)))
}

/// Fields that are not declared are ignored: the specification leaves these bodies open.
fn read(app: &App, mut body: Body<'_>, organization: &str, now: i64) -> Result<Wanted, ApiError> {
    let email_address = terms::email(&mut body);
    let given = body.text("role");
    let key = body.required("role", given);
    let inviter_id = body.text("inviter_user_id").value();
    let expires_at = terms::expiry(&mut body, now);
    let [public_metadata, private_metadata] = ["public_metadata", "private_metadata"].map(|name| {
        let given = body.metadata(name);
        given.value().unwrap_or_else(metadata::empty)
    });
    let url = body.text("redirect_url").value();
    let redirect_url = terms::redirect_url(&mut body, url);
    let notify = body.flag("notify").value().unwrap_or(true);
    body.finish(Unknown::Ignore)?;
    let invitation = OrganizationInvitation {
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
    };
    Ok(Wanted {
        invitation,
        redirect_url,
        mail: notify.then(|| app.new_id("ema", now)),
    })
}

/// Stores all or, with an error, none; an address that comes twice is a duplicate of its first invitation.
fn store(
    tx: &Tx<'_>,
    server: &str,
    organization: &str,
    mut wanted: Vec<Wanted>,
    now: i64,
) -> Result<Vec<Vec<u8>>, ApiError> {
    let db = tx.db();
    let (seq, organization) = organizations::load(db, organization)?;
    let inviters = wanted
        .iter()
        .filter_map(|one| one.invitation.inviter_id.as_deref());
    for inviter in inviters {
        rows::check_permitted(db, seq, inviter)?;
    }
    let mut role_seqs = Vec::with_capacity(wanted.len());
    for Wanted { invitation, .. } in &mut wanted {
        let role = roles::grant(db, seq, &invitation.role)?.seq;
        invitation.role_name = Cow::Owned(roles::names(db, role)?.1);
        role_seqs.push(role);
    }
    let mut sender = Sender::new(db, server);
    let mut answers = Vec::with_capacity(wanted.len());
    let mut pending = Vec::new();
    for (wanted, role) in wanted.iter().zip(role_seqs) {
        let one = &wanted.invitation;
        let email = one.email_address.as_str();
        if rows::is_member(db, seq, email)? {
            return Err(organizations_errors::already_a_member(email));
        }
        if rows::is_pending(db, seq, email, now)? {
            pending.push(email);
            continue;
        }
        let wire = rows::insert(tx, seq, role, one, wanted.redirect_url.as_deref())?;
        if let Some(id) = &wanted.mail {
            mail(tx, id, &organization.name, one, now)?;
        }
        let mut answer = Vec::new();
        sender.one(&mut answer, &wire, one.inviter_id.as_deref())?;
        answers.push(answer);
    }
    if !pending.is_empty() {
        return Err(invitations_errors::not_unique(&pending));
    }
    // They are counted already.
    organizations::check_room(db, seq, now, 0)?;
    Ok(answers)
}

/// Keeps the email about an invitation.
fn mail(
    tx: &Tx<'_>,
    id: &str,
    organization: &str,
    invitation: &OrganizationInvitation,
    now: i64,
) -> Result<(), ApiError> {
    let inviter = match &invitation.inviter_id {
        Some(id) => users::name(tx.db(), id)?,
        None => None,
    };
    let facts = Facts::OrganizationInvitation {
        link: invitation.url.clone().unwrap_or_default(),
        organization: organization.to_owned(),
        role: invitation.role_name.clone().into_owned(),
        inviter,
    };
    let to = invitation.email_address.clone();
    let slug = "organization_invitation";
    let mail = Mail::new(id.to_owned(), slug, to, &invitation.id, facts, now);
    Ok(mails::insert(tx, &mail)?)
}

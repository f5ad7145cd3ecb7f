//! `POST /invitations` and `POST /invitations/bulk`.

use std::borrow::Cow;

use axum::extract::State;
use bytes::Bytes;

use super::wire::{self, Invitation, Status};
use super::{errors, rows, terms};
use crate::app::{App, Shared};
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::http::{metadata, problem};
use crate::resource::mails::rows as mails;
use crate::resource::mails::wire::{Facts, Mail};
use crate::store::Tx;

/// The email that an invitation goes out with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    Plain,
    Waitlist,
}

impl Template {
    const ALL: [Self; 2] = [Self::Plain, Self::Waitlist];

    fn slug(self) -> &'static str {
        match self {
            Self::Plain => "invitation",
            Self::Waitlist => "waitlist_invitation",
        }
    }
}

/// One of the two endpoints: bulk items may be null where a single one may not, and never bypass a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Single,
    Bulk,
}

#[derive(Debug)]
struct Wanted {
    invitation: Invitation,
    redirect_url: Option<String>,
    mail: Option<Mail>,
    ignore_existing: bool,
}

pub(super) async fn one(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = read(&app, Body::parse(&bytes)?, Form::Single, now)?;
    let work = move |tx: &Tx<'_>| store(tx, &[wanted], Form::Single, now);
    Ok(Json::raw(sent(&app, &app.store.write(work).await?)))
}

pub(super) async fn many(State(app): State<Shared>, bytes: Bytes) -> Result<Json, ApiError> {
    let now = app.clock.now();
    let wanted = terms::items(&bytes)?
        .into_iter()
        .map(|body| read(&app, body, Form::Bulk, now))
        .collect::<Result<Vec<_>, _>>()?;
    let work = move |tx: &Tx<'_>| store(tx, &wanted, Form::Bulk, now);
    let mut array = vec![b'['];
    array.extend(sent(&app, &app.store.write(work).await?));
    array.push(b']');
    Ok(Json::raw(array))
}

/// Writes invitations as they are sent, with commas between them.
fn sent(app: &App, wires: &[String]) -> Vec<u8> {
    let server = app.url();
    let mut out = Vec::new();
    for (place, wire) in wires.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        wire::write(&mut out, wire, &server);
    }
    out
}

fn read(app: &App, mut body: Body<'_>, form: Form, now: i64) -> Result<Wanted, ApiError> {
    let email_address = terms::email(&mut body);
    let expires_at = terms::expiry(&mut body, now);
    let given = body.metadata("public_metadata");
    let metadata = nullable(&mut body, "public_metadata", given, form);
    let given = body.text("redirect_url");
    let url = nullable(&mut body, "redirect_url", given, form);
    let redirect_url = terms::redirect_url(&mut body, url);
    let given = body.text("template_slug");
    let template = match body.not_null("template_slug", given) {
        None => Template::Plain,
        Some(slug) => {
            let known = Template::ALL.into_iter().find(|known| known.slug() == slug);
            known.unwrap_or_else(|| {
                body.problem(problem::value_invalid("template_slug", &slug));
                Template::Plain
            })
        }
    };
    let notify = body.flag("notify").value().unwrap_or(true);
    let ignore_existing = body.flag("ignore_existing").value().unwrap_or(false);
    body.finish(Unknown::Refuse)?;
    let mut invitation = pending(app, email_address, expires_at, now);
    if let Some(metadata) = metadata {
        invitation.public_metadata = metadata;
    }
    let mail = notify.then(|| mail(app, &invitation, template.slug()));
    Ok(Wanted {
        invitation,
        redirect_url,
        mail,
        ignore_existing,
    })
}

fn pending(app: &App, email_address: String, expires_at: i64, now: i64) -> Invitation {
    Invitation {
        object: Cow::Borrowed("invitation"),
        id: app.new_id("inv", now),
        email_address,
        public_metadata: metadata::empty(),
        revoked: false,
        status: Status::Pending,
        url: Some(wire::link(&app.ids)),
        expires_at,
        created_at: now,
        updated_at: now,
    }
}

fn mail(app: &App, invitation: &Invitation, slug: &'static str) -> Mail {
    let facts = Facts::Invitation {
        link: invitation.url.clone().unwrap_or_default(),
    };
    let to = invitation.email_address.clone();
    let now = invitation.created_at;
    Mail::new(app.new_id("ema", now), slug, to, &invitation.id, facts, now)
}

/// Invites an address on behalf of another resource, and returns the invitation's id.
pub(crate) fn invite(
    app: &App,
    tx: &Tx<'_>,
    email: String,
    template: Template,
    ignore_existing: bool,
    now: i64,
) -> Result<String, ApiError> {
    let invitation = pending(app, email, terms::usual_expiry(now), now);
    let wanted = Wanted {
        mail: Some(mail(app, &invitation, template.slug())),
        invitation,
        redirect_url: None,
        ignore_existing,
    };
    let id = wanted.invitation.id.clone();
    store(tx, &[wanted], Form::Single, now)?;
    Ok(id)
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
        if !bypass && rows::is_claimed(tx.db(), email)? {
            return Err(problem::exists("email_address", "email address").into());
        }
        if !one.ignore_existing && rows::is_pending(tx.db(), email, now)? {
            pending.push(email);
        } else {
            let redirect_url = one.redirect_url.as_deref();
            wires.push(rows::insert(tx, &one.invitation, redirect_url)?);
            if let Some(mail) = &one.mail {
                mails::insert(tx, mail)?;
            }
        }
    }
    if pending.is_empty() {
        Ok(wires)
    } else {
        Err(errors::duplicates(&pending))
    }
}

//! Verification by code. An email is kept, and no message sent to a phone: the code is always the one of Clerk's test addresses and numbers.

use std::borrow::Cow;

use axum::extract::{Path, State};
use bytes::Bytes;

use super::contact::Contact;
use super::owner::{change, own, own_mut, unknown};
use super::verification::{CodeVerification, Sent, Status};
use super::wire::{Kind, Verification};
use super::{errors, rows};
use crate::app::{App, Shared};
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::reply::Json;
use crate::resource::mails::rows as mails;
use crate::resource::mails::wire::{Facts, Mail};
use crate::resource::users::rows as users;
use crate::store::Tx;

/// The code that is right.
const CODE: &str = "424242";
/// Milliseconds for which a code holds.
const LIFE: i64 = 10 * 60 * 1_000;
/// Wrong codes after which a verification has failed.
const ATTEMPTS: i64 = 3;

/// Takes no body; whatever is sent is not looked at.
pub(super) async fn prepare<C: Contact>(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let (seq, user) = users::owner(tx.db(), C::KIND, &id)?.ok_or_else(|| unknown::<C>(&id))?;
        if let Some(last) = rows::newest(tx.db(), &id)?
            && now < last + C::PAUSE
        {
            let left = (last + C::PAUSE - now).unsigned_abs();
            return Err(errors::too_many_codes(left.div_ceil(1_000)));
        }
        let sent = Sent {
            id: inner.new_id("ver", now),
            code: CODE.to_owned(),
            status: Status::Unverified,
            attempts: 0,
            created_at: now,
            expire_at: now + LIFE,
        };
        rows::insert(tx, seq, &id, &sent)?;
        if C::KIND == Kind::Email {
            mail(&inner, tx, user.id.clone(), own::<C>(&user, &id)?, &sent)?;
        }
        wire::<C>(&sent)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// Keeps the email with a code.
fn mail<C: Contact>(
    app: &App,
    tx: &Tx<'_>,
    user: String,
    to: &C,
    sent: &Sent,
) -> Result<(), ApiError> {
    let code = sent.code.clone();
    let mut mail = Mail::new(
        app.new_id("ema", sent.created_at),
        "verification_code",
        to.text().to_owned(),
        to.id(),
        Facts::VerificationCode { code },
        sent.created_at,
    );
    mail.user_id = Some(user);
    mail.email_address_id = Some(to.id().to_owned());
    Ok(mails::insert(tx, &mail)?)
}

/// A wrong or late code is no error: the status tells.
pub(super) async fn attempt<C: Contact>(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let (_, user) = users::owner(tx.db(), C::KIND, &id)?.ok_or_else(|| unknown::<C>(&id))?;
        let mut body = Body::parse(&bytes)?;
        let given = body.text("verification_id");
        let verification = body.required("verification_id", given);
        let given = body.text("code");
        let code = body.required("code", given);
        body.finish(Unknown::Refuse)?;
        let mut sent = rows::find(tx.db(), &id, &verification)?
            .ok_or_else(|| errors::unknown_verification(&verification))?;
        try_code(&mut sent, &code, now)?;
        rows::save(tx, &sent)?;
        if sent.status == Status::Verified && !own::<C>(&user, &id)?.is_verified() {
            change::<C>(tx, &id, now, |user| {
                let one = own_mut::<C>(user, &id)?;
                one.prove(|| by_code::<C>(&sent));
                one.touch(now);
                Ok(())
            })?;
        }
        wire::<C>(&sent)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

fn try_code(sent: &mut Sent, code: &str, now: i64) -> Result<(), ApiError> {
    match sent.status {
        Status::Verified => return Err(errors::already_verified()),
        Status::Failed | Status::Expired => {}
        Status::Unverified if now >= sent.expire_at => sent.status = Status::Expired,
        Status::Unverified => {
            sent.attempts += 1;
            if code == sent.code {
                sent.status = Status::Verified;
            } else if sent.attempts >= ATTEMPTS {
                sent.status = Status::Failed;
            }
        }
    }
    Ok(())
}

fn by_code<C: Contact>(sent: &Sent) -> Verification {
    Verification {
        object: Cow::Borrowed("verification_otp"),
        status: Cow::Borrowed("verified"),
        strategy: Cow::Borrowed(C::STRATEGY),
        attempts: Some(sent.attempts),
        expire_at: Some(sent.expire_at),
        channel: C::CHANNEL.map(Cow::Borrowed),
    }
}

fn wire<C: Contact>(sent: &Sent) -> Result<String, ApiError> {
    let answer = CodeVerification::new(sent, C::STRATEGY, C::CHANNEL);
    Ok(serde_json::to_string(&answer)?)
}

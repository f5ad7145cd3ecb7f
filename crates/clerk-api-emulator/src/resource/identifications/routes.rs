//! `/email_addresses` and `/phone_numbers`, and `/users/{user_id}/email_address` and `phone_number`: both kinds
//! have the same rules, which are written once for any `Contact`. Codes are in a file of their own.

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;

use super::contact::Contact;
use super::owner::{change, own, own_mut, unknown};
use super::wire::{EmailAddress, PhoneNumber, Verification};
use super::{codes, create, errors, replace, rows};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::reply::Json;
use crate::http::route::{Routes, get, post, put};
use crate::resource::users::rows as users;
use crate::resource::users::wire::User;
use crate::store::{Snapshot, Tx};

pub(crate) fn router() -> Router<Shared> {
    routes::<EmailAddress>("/email_addresses", "/users/{user_id}/email_address").merge(routes::<
        PhoneNumber,
    >(
        "/phone_numbers",
        "/users/{user_id}/phone_number",
    ))
}

fn routes<C: Contact>(all: &str, of_user: &str) -> Router<Shared> {
    Router::new()
        .at(all, post(create::create::<C>))
        .at(
            &format!("{all}/{{id}}"),
            get(read::<C>).patch(update::<C>).delete(delete::<C>),
        )
        .at(
            &format!("{all}/{{id}}/prepare_verification"),
            post(codes::prepare::<C>),
        )
        .at(
            &format!("{all}/{{id}}/attempt_verification"),
            post(codes::attempt::<C>),
        )
        .at(of_user, put(replace::replace::<C>))
}

async fn read<C: Contact>(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let work = move |snapshot: &Snapshot<'_>| {
        let (_, user) = users::owner(snapshot, C::KIND, &id)?.ok_or_else(|| unknown::<C>(&id))?;
        Ok(serde_json::to_string(own::<C>(&user, &id)?)?)
    };
    Ok(Json::raw(app.store.read(work).await?))
}

async fn update<C: Contact>(
    State(app): State<Shared>,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        change::<C>(tx, &id, now, |user| {
            let mut body = Body::parse(&bytes)?;
            let verified = body.flag("verified").value();
            let primary = body.flag("primary").value().unwrap_or(false);
            let second = C::read_second_factor(&mut body);
            C::read_notify(&mut body);
            let one = own_mut::<C>(user, &id)?;
            match verified {
                Some(true) => one.prove(Verification::by_admin),
                Some(false) => one.disprove(),
                None => {}
            }
            let proven = one.is_verified();
            if primary && !proven {
                body.problem(problem::unverified("primary"));
            }
            if second == Some(true) && !proven {
                body.problem(problem::unverified("reserved_for_second_factor"));
            }
            body.finish(Unknown::Refuse)?;
            one.touch(now);
            if primary {
                *C::primary(user) = Some(id.clone());
            }
            C::set_second_factor(user, &id, second, now);
            Ok(())
        })
    };
    Ok(Json::raw(app.store.write(work).await?))
}

async fn delete<C: Contact>(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json, ApiError> {
    let inner = Shared::clone(&app);
    let gone = id.clone();
    let work = move |tx: &Tx<'_>| {
        let (seq, before) =
            users::owner(tx.db(), C::KIND, &gone)?.ok_or_else(|| unknown::<C>(&gone))?;
        let mut after = before.clone();
        remove::<C>(&mut after, &gone, inner.clock.now())?;
        rows::remove_of(tx, &gone)?;
        users::save(tx, seq, &before, &after)
    };
    app.store.write(work).await?;
    Json::deleted(C::NAME, &id, &[])
}

/// Takes an address or number from its user. If it was the primary one, the first of the others that is
/// verified becomes that, or else the first.
fn remove<C: Contact>(user: &mut User, id: &str, now: i64) -> Result<(), ApiError> {
    if own::<C>(user, id)?.is_linked() {
        return Err(errors::linked(C::WHAT));
    }
    if user.username.is_none() && user.identifications().nth(1).is_none() {
        return Err(errors::last(C::WHAT));
    }
    C::all(user).retain(|one| one.id() != id);
    if C::primary(user).as_deref() == Some(id) {
        let left = C::all(user);
        let next = left.iter().find(|one| one.is_verified());
        let next = next.or(left.first()).map(|one| one.id().to_owned());
        *C::primary(user) = next;
    }
    C::set_second_factor(user, id, None, now);
    user.updated_at = now;
    Ok(())
}

//! `PUT /users/{user_id}/email_address` and `phone_number`.

use axum::extract::{Path, State};
use bytes::Bytes;

use super::contact::Contact;
use super::create::read_text;
use super::wire::Claim;
use super::{errors, rows};
use crate::app::Shared;
use crate::http::body::{Body, Unknown};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::reply::Json;
use crate::resource::users::rows as users;
use crate::store::Tx;

/// Puts one in the place of all that the user has.
pub(super) async fn replace<C: Contact>(
    State(app): State<Shared>,
    Path(owner): Path<String>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let mut body = Body::parse(&bytes)?;
    let text = read_text::<C>(&mut body);
    let given = body.text("identification_status");
    let claim = match body.not_null("identification_status", given) {
        None => Claim::Verified,
        Some(status) => Claim::parse(&status).unwrap_or_else(|| {
            body.problem(problem::value_invalid("identification_status", &status));
            Claim::default()
        }),
    };
    C::read_notify(&mut body);
    body.finish(Unknown::Refuse)?;
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let (seq, before) = users::load(tx.db(), &owner)?;
        if C::list(&before).iter().any(Contact::is_linked) {
            return Err(errors::linked(C::WHAT));
        }
        C::check_rules(tx, &text)?;
        for gone in C::list(&before) {
            rows::remove_of(tx, gone.id())?;
        }
        let mut after = before.clone();
        let one = C::new(inner.new_id("idn", now), text, claim, now);
        let (id, wire) = (one.id().to_owned(), serde_json::to_string(&one)?);
        *C::all(&mut after) = vec![one];
        *C::primary(&mut after) = Some(id.clone());
        C::set_second_factor(&mut after, &id, None, now);
        after.updated_at = now;
        users::save(tx, seq, &before, &after)?;
        Ok(wire)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

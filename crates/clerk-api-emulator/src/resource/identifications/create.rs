//! `POST /email_addresses` and `POST /phone_numbers`.

use axum::extract::State;
use bytes::Bytes;

use super::contact::Contact;
use super::owner::own;
use super::wire::Claim;
use crate::app::Shared;
use crate::http::body::{Body, Given, Unknown};
use crate::http::error::ApiError;
use crate::http::problem;
use crate::http::reply::Json;
use crate::resource::users::rows as users;
use crate::store::Tx;

pub(super) async fn create<C: Contact>(
    State(app): State<Shared>,
    bytes: Bytes,
) -> Result<Json, ApiError> {
    let mut body = Body::parse(&bytes)?;
    let given = body.text("user_id");
    let owner = body.required("user_id", given);
    let text = read_text::<C>(&mut body);
    let verified = body.flag("verified").value().unwrap_or(false);
    let primary = body.flag("primary").value();
    let second = C::read_second_factor(&mut body);
    C::read_notify(&mut body);
    if !verified {
        if primary == Some(true) {
            body.problem(problem::unverified("primary"));
        }
        if second == Some(true) {
            body.problem(problem::unverified("reserved_for_second_factor"));
        }
    }
    body.finish(Unknown::Refuse)?;
    let claim = if verified {
        Claim::Verified
    } else {
        Claim::Unverified
    };
    let inner = Shared::clone(&app);
    let work = move |tx: &Tx<'_>| {
        let now = inner.clock.now();
        let (seq, before) = users::load(tx.db(), &owner)?;
        let mut after = before.clone();
        if C::list(&after).iter().any(|one| one.text() == text) {
            return Err(problem::exists(C::NAME, C::WHAT).into());
        }
        C::check_rules(tx, &text)?;
        let one = C::new(inner.new_id("idn", now), text, claim, now);
        let wire = serde_json::to_string(&one)?;
        let id = one.id().to_owned();
        if primary.unwrap_or(C::list(&after).is_empty()) {
            *C::primary(&mut after) = Some(id.clone());
        }
        C::all(&mut after).push(one);
        let wire = match second {
            None => wire,
            Some(_) => {
                C::set_second_factor(&mut after, &id, second, now);
                serde_json::to_string(own::<C>(&after, &id)?)?
            }
        };
        after.updated_at = now;
        users::save(tx, seq, &before, &after)?;
        Ok(wire)
    };
    Ok(Json::raw(app.store.write(work).await?))
}

/// Reads the address or number itself.
pub(super) fn read_text<C: Contact>(body: &mut Body<'_>) -> String {
    match body.text(C::NAME) {
        Given::Value(text) => match C::check(&text) {
            Ok(text) => return text,
            Err(problem) => body.problem(problem),
        },
        given => return body.required(C::NAME, given),
    }
    String::new()
}

//! An address or a number within the user that has it.

use super::contact::Contact;
use super::errors;
use crate::http::error::ApiError;
use crate::resource::users::rows as users;
use crate::resource::users::wire::User;
use crate::store::Tx;

/// Changes the user who has an address or number, and returns that one's JSON.
pub(super) fn change<C: Contact>(
    tx: &Tx<'_>,
    id: &str,
    now: i64,
    edit: impl FnOnce(&mut User) -> Result<(), ApiError>,
) -> Result<String, ApiError> {
    let (seq, before) = users::owner(tx.db(), C::KIND, id)?.ok_or_else(|| unknown::<C>(id))?;
    let mut after = before.clone();
    edit(&mut after)?;
    after.updated_at = now;
    users::save(tx, seq, &before, &after)?;
    Ok(serde_json::to_string(own::<C>(&after, id)?)?)
}

pub(super) fn own<'a, C: Contact>(user: &'a User, id: &str) -> Result<&'a C, ApiError> {
    let mut all = C::list(user).iter();
    all.find(|one| one.id() == id)
        .ok_or_else(|| unknown::<C>(id))
}

pub(super) fn own_mut<'a, C: Contact>(user: &'a mut User, id: &str) -> Result<&'a mut C, ApiError> {
    let mut all = C::all(user).iter_mut();
    all.find(|one| one.id() == id)
        .ok_or_else(|| unknown::<C>(id))
}

pub(super) fn unknown<C: Contact>(id: &str) -> ApiError {
    errors::unknown(C::WHAT, id)
}

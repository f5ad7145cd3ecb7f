//! The rows of the allowlist and the blocklist, and who may sign up by them.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::{List, Listed, domain_of};
use crate::http::error::ApiError;
use crate::resource::identifications::errors as identifications_errors;
use crate::resource::identifications::wire::Kind;
use crate::resource::instance::wire::Restrictions;
use crate::resource::users::wire::User;
use crate::store::{StoreError, Tx};

/// Characters that begin or mark a part of an address which its owner can choose at will.
const SUBADDRESS: [char; 3] = ['+', '=', '#'];
/// Some well-known domains of addresses to throw away.
const DISPOSABLE: [&str; 12] = [
    "10minutemail.com",
    "dispostable.com",
    "fakeinbox.com",
    "getnada.com",
    "guerrillamail.com",
    "mailinator.com",
    "maildrop.cc",
    "sharklasers.com",
    "temp-mail.org",
    "throwawaymail.com",
    "trashmail.com",
    "yopmail.com",
];

/// Adds an identifier and returns its JSON.
pub(crate) fn insert(tx: &Tx<'_>, list: List, listed: &Listed<'_>) -> Result<String, StoreError> {
    let wire = serde_json::to_string(listed)?;
    tx.db()
        .prepare_cached(
            "INSERT INTO listed_identifiers (id, list, identifier, wire) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![listed.id, list as i64, listed.identifier, wire])?;
    Ok(wire)
}

/// Removes an identifier; false if the list has none with this id.
pub(crate) fn remove(tx: &Tx<'_>, list: List, id: &str) -> Result<bool, StoreError> {
    let gone = tx
        .db()
        .prepare_cached("DELETE FROM listed_identifiers WHERE id = ?1 AND list = ?2")?
        .execute(params![id, list as i64])?;
    Ok(gone > 0)
}

/// Returns whether a list has exactly this identifier.
pub(crate) fn has(db: &Connection, list: List, identifier: &str) -> rusqlite::Result<bool> {
    let found: Option<i64> = db
        .prepare_cached("SELECT seq FROM listed_identifiers WHERE list = ?1 AND identifier = ?2")?
        .query_row(params![list as i64, identifier], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

/// Refuses a new user whom the restrictions keep out. While they are off this asks nothing of the database.
pub(crate) fn check_sign_up(tx: &Tx<'_>, user: &User) -> Result<(), ApiError> {
    let settings = tx.settings()?;
    let rules = &settings.restrictions;
    for email in &user.email_addresses {
        check_subaddress(rules, &email.email_address)?;
        check_disposable(rules, &email.email_address)?;
    }
    if rules.allowlist {
        let mut allowed = false;
        for one in user.identifications() {
            allowed |= is_listed(tx.db(), List::Allow, one.kind, one.value)?;
        }
        if !allowed {
            let all = user.identifications().map(|one| one.value.to_owned());
            return Err(identifications_errors::not_allowed(
                &all.collect::<Vec<_>>(),
            ));
        }
    }
    if rules.blocklist {
        for one in user.identifications() {
            // The allowlist has precedence.
            let saved = rules.allowlist && is_listed(tx.db(), List::Allow, one.kind, one.value)?;
            if !saved && is_listed(tx.db(), List::Block, one.kind, one.value)? {
                return Err(identifications_errors::not_allowed(&[one.value.to_owned()]));
            }
        }
    }
    Ok(())
}

/// Refuses an address with a part that its owner chose, also for a user who is there.
pub(crate) fn check_subaddress(rules: &Restrictions, email: &str) -> Result<(), ApiError> {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    if rules.block_email_subaddresses && local.contains(SUBADDRESS) {
        return Err(identifications_errors::not_allowed(&[email.to_owned()]));
    }
    Ok(())
}

fn check_disposable(rules: &Restrictions, email: &str) -> Result<(), ApiError> {
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
    if rules.block_disposable_email_domains && DISPOSABLE.contains(&domain) {
        return Err(identifications_errors::not_allowed(&[email.to_owned()]));
    }
    Ok(())
}

fn is_listed(db: &Connection, list: List, kind: Kind, value: &str) -> Result<bool, StoreError> {
    let value = value.to_lowercase();
    if has(db, list, &value)? {
        return Ok(true);
    }
    match domain_of(&value).filter(|_| kind == Kind::Email) {
        Some(domain) => Ok(has(db, list, &domain)?),
        None => Ok(false),
    }
}

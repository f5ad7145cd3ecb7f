//! The rows of invitations to the application. They are never deleted.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::{self, Invitation, Status};
use super::{errors, search};
use crate::http::error::ApiError;
use crate::resource::identifications::wire as identification;
use crate::resource::waitlist_entries::rows as waitlist;
use crate::store::{Expiring, Ordered, StoreError, Tx};

/// The invitations that were not revoked, in order of creation. A subquery is as good as a table here.
pub(crate) const LIST: Ordered = Ordered {
    list: "invitations",
    table: "(SELECT created_at, id FROM invitations WHERE revoked = 0)",
};

/// Adds a pending invitation, with where its ticket leads to, and returns its JSON as it is stored.
pub(crate) fn insert(
    tx: &Tx<'_>,
    invitation: &Invitation,
    redirect_url: Option<&str>,
) -> Result<String, StoreError> {
    tx.arrives(&LIST, &(invitation.created_at, invitation.id.clone()))?;
    let wire = serde_json::to_string(invitation)?;
    let mut statement = tx.db().prepare_cached(
        "INSERT INTO invitations (id, email, status, revoked, created_at, expires_at, wire, ticket, redirect_url)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let seq = statement.insert(params![
        invitation.id,
        invitation.email_address,
        invitation.status.name(),
        invitation.revoked,
        invitation.created_at,
        invitation.expires_at,
        wire,
        invitation.url.as_deref().and_then(wire::ticket),
        redirect_url,
    ])?;
    tx.count(&counter(&LIST, invitation.status), 1)?;
    tx.unsearched(&search::SEARCHED, seq, true)?;
    Ok(wire)
}

/// Returns whether an invitation to this address is pending.
pub(crate) fn is_pending(db: &Connection, email: &str, now: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM invitations WHERE email = ?1 AND +status = 'pending' AND +expires_at > ?2)",
    )?
    .query_row(params![email, now], |row| row.get(0))
}

/// Returns whether a user claims this address.
pub(crate) fn is_claimed(db: &Connection, email: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM identifications WHERE kind = ?1 AND value = ?2 AND claimed)",
    )?
    .query_row(params![identification::Kind::Email as i64, email], |row| {
        row.get(0)
    })
}

/// Returns the invitation that has a ticket as it is at this moment, with its number and where the ticket leads to.
pub(crate) fn by_ticket(
    db: &Connection,
    ticket: &str,
    now: i64,
) -> Result<Option<(i64, Invitation, Option<String>)>, StoreError> {
    let found: Option<(i64, String, Option<String>)> = db
        .prepare_cached("SELECT seq, wire, redirect_url FROM invitations WHERE ticket = ?1")?
        .query_row([ticket], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((seq, wire, redirect_url)) = found else {
        return Ok(None);
    };
    let mut invitation: Invitation = serde_json::from_str(&wire)?;
    invitation.status = invitation.status.at(now, invitation.expires_at);
    Ok(Some((seq, invitation, redirect_url)))
}

/// Writes that a pending invitation has been accepted.
pub(crate) fn accept(
    tx: &Tx<'_>,
    seq: i64,
    mut invitation: Invitation,
    now: i64,
) -> Result<(), StoreError> {
    invitation.settle(Status::Accepted);
    invitation.updated_at = now;
    save(tx, seq, Status::Pending, &invitation)?;
    waitlist::complete(tx, &invitation.id, now)
}

/// Revokes an invitation and returns its JSON.
pub(crate) fn revoke(tx: &Tx<'_>, id: &str, now: i64) -> Result<String, ApiError> {
    let found: Option<(i64, String)> = tx
        .db()
        .prepare_cached("SELECT seq, wire FROM invitations WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, wire) = found.ok_or_else(|| errors::unknown(id))?;
    let mut invitation: Invitation = serde_json::from_str(&wire)?;
    let before = invitation.status;
    match before {
        Status::Accepted => return Err(errors::already_accepted()),
        Status::Revoked => return Err(errors::already_revoked()),
        Status::Pending | Status::Expired => {}
    }
    invitation.settle(Status::Revoked);
    invitation.updated_at = now;
    tx.leaves(&LIST, &(invitation.created_at, invitation.id.clone()))?;
    Ok(save(tx, seq, before, &invitation)?)
}

/// Those that wait pass their time.
pub(crate) static EXPIRING: Expiring = Expiring {
    table: "invitations",
    expire,
};

fn expire(tx: &Tx<'_>, seq: i64, wire: &str) -> Result<(), StoreError> {
    let mut invitation: Invitation = serde_json::from_str(wire)?;
    invitation.settle(Status::Expired);
    save(tx, seq, Status::Pending, &invitation)?;
    Ok(())
}

/// Returns the name of the counter of what has a status.
pub(crate) fn counter(list: &Ordered, status: Status) -> String {
    format!("{}_{}", list.list, status.name())
}

fn save(
    tx: &Tx<'_>,
    seq: i64,
    before: Status,
    invitation: &Invitation,
) -> Result<String, StoreError> {
    tx.count(&counter(&LIST, before), -1)?;
    tx.count(&counter(&LIST, invitation.status), 1)?;
    let wire = serde_json::to_string(invitation)?;
    tx.db()
        .prepare_cached(
            "UPDATE invitations SET status = ?1, revoked = ?2, wire = ?3 WHERE seq = ?4",
        )?
        .execute(params![
            invitation.status.name(),
            invitation.revoked,
            wire,
            seq
        ])?;
    Ok(wire)
}

//! The rows of sessions.

use rusqlite::{Connection, OptionalExtension, params};

use super::errors;
use super::wire::{Session, Status};
use crate::http::error::ApiError;
use crate::store::{StoreError, Tx};

/// The status at the moment that the two placeholders name.
pub(crate) const STATUS_NOW: &str = "CASE WHEN status <> 'active' THEN status WHEN expire_at <= ? THEN 'expired' \
     WHEN abandon_at <= ? THEN 'abandoned' ELSE status END";

/// A session as it is at a moment, with the number of its row.
#[derive(Debug)]
pub(crate) struct Found {
    seq: i64,
    pub(crate) session: Session,
}

/// Adds a session and returns its JSON.
pub(crate) fn insert(tx: &Tx<'_>, user: i64, session: &Session) -> Result<Vec<u8>, StoreError> {
    let wire = serde_json::to_vec(session)?;
    tx.db()
        .prepare_cached(
            "INSERT INTO sessions (id, user_seq, client_id, status, created_at, expire_at, abandon_at, wire)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CAST(?8 AS TEXT))",
        )?
        .execute(params![
            session.id,
            user,
            session.client_id,
            session.status.name(),
            session.created_at,
            session.expire_at,
            session.abandon_at,
            wire,
        ])?;
    raise(tx, "session.created", session)?;
    Ok(wire)
}

/// Events have a session with its user.
fn raise(tx: &Tx<'_>, kind: &'static str, session: &Session) -> Result<(), StoreError> {
    tx.raise(kind, |_| {
        let mut data = serde_json::to_vec(session)?;
        data.pop();
        data.extend_from_slice(br#","user":"#);
        let user: String = tx
            .db()
            .prepare_cached("SELECT wire FROM users WHERE id = ?1")?
            .query_row([&session.user_id], |row| row.get(0))?;
        data.extend_from_slice(user.as_bytes());
        data.push(b'}');
        Ok(data)
    })
}

/// Returns a session as it is now.
pub(crate) fn load(db: &Connection, id: &str, now: i64) -> Result<Found, ApiError> {
    find(db, id, now)?.ok_or_else(|| errors::unknown(id))
}

/// Like `load`, for those who have another answer for a session that does not exist.
pub(crate) fn find(db: &Connection, id: &str, now: i64) -> Result<Option<Found>, StoreError> {
    let found: Option<(i64, i64, String)> = db
        .prepare_cached("SELECT seq, user_seq, wire FROM sessions WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((seq, user, wire)) = found else {
        return Ok(None);
    };
    let session = present(db, user, &wire, now)?;
    Ok(Some(Found { seq, session }))
}

/// Reads a stored session as it is now: its time may be over, and its user may have left the organization.
pub(crate) fn present(
    db: &Connection,
    user: i64,
    wire: &str,
    now: i64,
) -> Result<Session, StoreError> {
    let mut session: Session = serde_json::from_str(wire)?;
    session.settle(now);
    if let Some(organization) = &session.last_active_organization_id {
        let member: bool = db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM memberships WHERE user_seq = ?1
                   AND organization_seq = (SELECT seq FROM organizations WHERE id = ?2))",
            )?
            .query_row(params![user, organization], |row| row.get(0))?;
        if !member {
            session.last_active_organization_id = None;
        }
    }
    Ok(session)
}

/// Ends a session if it is active, and returns it.
pub(crate) fn revoke(tx: &Tx<'_>, id: &str, now: i64) -> Result<Session, ApiError> {
    let mut found = load(tx.db(), id, now)?;
    end(tx, &mut found, now)?;
    Ok(found.session)
}

/// Ends every active session of a user.
pub(crate) fn revoke_of_user(tx: &Tx<'_>, user: i64, now: i64) -> Result<(), ApiError> {
    for id in active_of_user(tx, user)? {
        revoke(tx, &id, now)?;
    }
    Ok(())
}

/// Returns the ids of the sessions of a user that were not ended; some may have expired.
fn active_of_user(tx: &Tx<'_>, user: i64) -> rusqlite::Result<Vec<String>> {
    tx.db()
        .prepare_cached("SELECT id FROM sessions WHERE user_seq = ?1 AND status = 'active'")?
        .query_map([user], |row| row.get(0))?
        .collect()
}

/// Forgets the sessions of a user who is gone.
pub(crate) fn remove_of_user(tx: &Tx<'_>, user: i64) -> Result<(), ApiError> {
    if let Some(now) = tx.listened_to_at()? {
        for id in active_of_user(tx, user)? {
            let mut session = load(tx.db(), &id, now)?.session;
            if session.status == Status::Active {
                session.status = Status::Removed;
                raise(tx, "session.removed", &session)?;
            }
        }
    }
    tx.db()
        .prepare_cached("DELETE FROM sessions WHERE user_seq = ?1")?
        .execute([user])?;
    Ok(())
}

fn end(tx: &Tx<'_>, found: &mut Found, now: i64) -> Result<(), StoreError> {
    if found.session.status != Status::Active {
        return Ok(());
    }
    found.session.status = Status::Revoked;
    found.session.updated_at = now;
    tx.db()
        .prepare_cached("UPDATE sessions SET status = ?1, wire = ?2 WHERE seq = ?3")?
        .execute(params![
            found.session.status.name(),
            serde_json::to_string(&found.session)?,
            found.seq,
        ])?;
    raise(tx, "session.revoked", &found.session)
}

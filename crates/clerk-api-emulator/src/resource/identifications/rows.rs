//! The rows of verifications by code: what was sent to an email address or a phone number.

use rusqlite::{Connection, OptionalExtension, params};

use super::verification::{Sent, Status};
use crate::store::{StoreError, Tx};

/// Keeps a code for an identification of the user with this number.
pub(crate) fn insert(
    tx: &Tx<'_>,
    user: i64,
    identification: &str,
    sent: &Sent,
) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("INSERT INTO verifications VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute(params![
            sent.id,
            identification,
            user,
            sent.code,
            sent.status.name(),
            sent.attempts,
            sent.created_at,
            sent.expire_at,
        ])?;
    Ok(())
}

/// Returns when the newest code for an identification was sent.
pub(crate) fn newest(db: &Connection, identification: &str) -> Result<Option<i64>, StoreError> {
    let newest = db
        .prepare_cached("SELECT max(created_at) FROM verifications WHERE identification = ?1")?
        .query_row([identification], |row| row.get(0))?;
    Ok(newest)
}

/// Returns a code that was sent to an identification.
pub(crate) fn find(
    db: &Connection,
    identification: &str,
    id: &str,
) -> Result<Option<Sent>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT id, code, status, attempts, created_at, expire_at FROM verifications
             WHERE id = ?1 AND identification = ?2",
        )?
        .query_row([id, identification], |row| {
            Ok(Sent {
                id: row.get(0)?,
                code: row.get(1)?,
                status: Status::parse(row.get_ref(2)?.as_str()?),
                attempts: row.get(3)?,
                created_at: row.get(4)?,
                expire_at: row.get(5)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Writes what has become of a code.
pub(crate) fn save(tx: &Tx<'_>, sent: &Sent) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("UPDATE verifications SET status = ?2, attempts = ?3 WHERE id = ?1")?
        .execute(params![sent.id, sent.status.name(), sent.attempts])?;
    Ok(())
}

/// Forgets the codes for an identification that is gone.
pub(crate) fn remove_of(tx: &Tx<'_>, identification: &str) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("DELETE FROM verifications WHERE identification = ?1")?
        .execute([identification])?;
    Ok(())
}

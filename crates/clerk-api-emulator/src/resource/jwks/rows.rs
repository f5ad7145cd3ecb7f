//! The key that the instance signs session tokens with, beside the instance's id.

use rusqlite::{Connection, OptionalExtension};

use crate::store::{StoreError, Tx};

/// Who signs and with what.
#[derive(Debug)]
pub(crate) struct Stored {
    /// Read with the key, as another process may have recreated the database.
    pub(crate) instance_id: String,
    pub(crate) pem: Option<String>,
}

pub(crate) fn load(db: &Connection) -> Result<Stored, StoreError> {
    let value = |key: &str| {
        db.prepare_cached("SELECT value FROM instance WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()
    };
    Ok(Stored {
        instance_id: value("id")?.unwrap_or_default(),
        pem: value("signing_key")?,
    })
}

/// Keeps a key unless there is one already, and returns the one that counts.
pub(crate) fn keep(tx: &Tx<'_>, pem: &str) -> Result<Stored, StoreError> {
    tx.db()
        .prepare_cached("INSERT OR IGNORE INTO instance VALUES ('signing_key', ?1)")?
        .execute([pem])?;
    load(tx.db())
}

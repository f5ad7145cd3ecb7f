//! The ledger of credits. A balance is what the newest entry of its payer says.

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{StoreError, Tx};

/// One adjustment of a payer's balance.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) payer: &'a str,
    /// Distinguishes this adjustment from a similar one.
    pub(crate) key: &'a str,
    /// What the payer has after it, in cents.
    pub(crate) balance: i64,
    /// The entry's JSON.
    pub(crate) wire: &'a str,
}

/// Returns what a payer has, in cents; `None` if they never had anything.
pub(crate) fn balance(db: &Connection, payer: &str) -> Result<Option<i64>, StoreError> {
    let balance = db
        .prepare_cached("SELECT balance FROM credits WHERE payer = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([payer], |row| row.get(0))
        .optional()?;
    Ok(balance)
}

/// Returns the JSON of the entry that was made with a key.
pub(crate) fn made_with(
    db: &Connection,
    payer: &str,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let wire = db
        .prepare_cached("SELECT wire FROM credits WHERE payer = ?1 AND idempotency_key = ?2")?
        .query_row([payer, key], |row| row.get(0))
        .optional()?;
    Ok(wire)
}

/// Adds an entry to the ledger.
pub(crate) fn insert(tx: &Tx<'_>, entry: &Entry<'_>) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached(
            "INSERT INTO credits (payer, idempotency_key, balance, wire) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![entry.payer, entry.key, entry.balance, entry.wire])?;
    Ok(())
}

/// Forgets the entries of a payer who is gone.
pub(crate) fn remove_of(tx: &Tx<'_>, payer: &str) -> Result<(), StoreError> {
    tx.db()
        .prepare_cached("DELETE FROM credits WHERE payer = ?1")?
        .execute([payer])?;
    Ok(())
}

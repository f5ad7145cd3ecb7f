//! The rows of redirect URLs.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::RedirectUrl;
use crate::http::error::{self, ApiError};
use crate::http::problem;
use crate::store::Tx;

/// Adds a URL and returns its JSON.
pub(crate) fn insert(tx: &Tx<'_>, one: &RedirectUrl) -> Result<String, ApiError> {
    let taken: bool = tx
        .db()
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM redirect_urls WHERE url = ?1)")?
        .query_row([&one.url], |row| row.get(0))?;
    if taken {
        return Err(problem::already_exists("url", "URL").into());
    }
    let wire = serde_json::to_string(one)?;
    tx.db()
        .prepare_cached("INSERT INTO redirect_urls (id, url, wire) VALUES (?1, ?2, ?3)")?
        .execute(params![one.id, one.url, wire])?;
    Ok(wire)
}

/// Returns the JSON of a URL.
pub(crate) fn wire(db: &Connection, id: &str) -> Result<String, ApiError> {
    db.prepare_cached("SELECT wire FROM redirect_urls WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| unknown(id))
}

/// Removes a URL.
pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), ApiError> {
    let gone = tx
        .db()
        .prepare_cached("DELETE FROM redirect_urls WHERE id = ?1")?
        .execute([id])?;
    if gone == 0 { Err(unknown(id)) } else { Ok(()) }
}

fn unknown(id: &str) -> ApiError {
    error::not_found(format!("No redirect URL was found with id {id}."))
}

//! The rows of emails that would have been sent: the newest few thousand.

use rusqlite::{Connection, OptionalExtension, params};

use super::wire::Mail;
use crate::http::error::{self, ApiError};
use crate::http::list::Page;
use crate::store::{Select, StoreError, Tx};

/// Emails that are kept.
const KEPT: i64 = 10_000;

/// Keeps an email.
pub(crate) fn insert(tx: &Tx<'_>, mail: &Mail) -> Result<(), StoreError> {
    let db = tx.db();
    let seq = db
        .prepare_cached(
            "INSERT INTO mails (id, recipient, about, created_at, wire) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .insert(params![
            mail.id,
            mail.to,
            mail.about,
            mail.created_at,
            serde_json::to_string(mail)?,
        ])?;
    db.prepare_cached("DELETE FROM mails WHERE seq <= ?1")?
        .execute([seq - KEPT])?;
    tx.raise_mail(mail)
}

/// Returns a page of the emails, the newest first, all or those to one address, and how many there are.
pub(crate) fn list(
    db: &Connection,
    to: Option<&str>,
    page: Page,
) -> Result<(Vec<Mail>, u64), StoreError> {
    let mut select = Select::new("SELECT wire FROM mails");
    let mut count = Select::new("SELECT count(*) FROM mails");
    if let Some(to) = to {
        let to = to.to_lowercase();
        select.and("recipient = ?", [to.clone()]);
        count.and("recipient = ?", [to]);
    }
    select.then(" ORDER BY seq DESC", [0_i64; 0]);
    select.page(page.limit, page.offset);
    let mails = serde_json::from_slice(&select.array(db)?)?;
    Ok((mails, count.number(db)?))
}

/// Returns one email.
pub(crate) fn read(db: &Connection, id: &str) -> Result<Mail, ApiError> {
    let wire: Option<String> = db
        .prepare_cached("SELECT wire FROM mails WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let wire = wire.ok_or_else(|| unknown(id))?;
    Ok(serde_json::from_str(&wire)?)
}

/// Forgets one email.
pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), ApiError> {
    let gone = tx
        .db()
        .prepare_cached("DELETE FROM mails WHERE id = ?1")?
        .execute([id])?;
    if gone == 0 { Err(unknown(id)) } else { Ok(()) }
}

/// Forgets every email and returns how many that were.
pub(crate) fn clear(tx: &Tx<'_>) -> Result<usize, StoreError> {
    Ok(tx.db().prepare_cached("DELETE FROM mails")?.execute([])?)
}

fn unknown(id: &str) -> ApiError {
    error::not_found(format!("No email was found with id {id}."))
}

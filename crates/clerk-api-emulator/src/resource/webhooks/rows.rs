//! The rows of webhook endpoints.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use super::event;
use crate::http::error::{self, ApiError};
use crate::store::{StoreError, Tx};

/// An endpoint, as the control API answers it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Webhook {
    #[serde(skip)]
    pub(crate) seq: i64,
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) url: String,
    /// What its requests are signed with.
    pub(crate) secret: String,
    /// The types of events that it gets; all if there are none.
    pub(crate) events: Vec<String>,
    pub(crate) disabled: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

const COLUMNS: &str = "seq, id, url, secret, events, disabled, created_at, updated_at";

/// Returns whether any endpoint gets events.
pub(super) fn is_any(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM webhooks WHERE NOT disabled)")?
        .query_row([], |row| row.get(0))
}

/// Returns the numbers of the endpoints that get a type.
pub(crate) fn audience(db: &Connection, kind: &str) -> Result<Vec<i64>, StoreError> {
    let all = list(db)?;
    let told = all.iter().filter(|webhook| {
        let events = &webhook.events;
        let wanted = events.is_empty() || events.iter().any(|filter| event::wants(filter, kind));
        wanted && !webhook.disabled
    });
    Ok(told.map(|webhook| webhook.seq).collect())
}

/// Returns all of them in order of creation. There are few.
pub(crate) fn list(db: &Connection) -> Result<Vec<Webhook>, StoreError> {
    let all = db
        .prepare_cached(&format!("SELECT {COLUMNS} FROM webhooks ORDER BY seq"))?
        .query_map([], read_row)?
        .collect::<Result<_, _>>()?;
    Ok(all)
}

/// Returns one.
pub(crate) fn read(db: &Connection, id: &str) -> Result<Webhook, ApiError> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM webhooks WHERE id = ?1"))?
        .query_row([id], read_row)
        .optional()?
        .ok_or_else(|| error::not_found(format!("No webhook was found with id {id}.")))
}

/// Adds one.
pub(crate) fn insert(tx: &Tx<'_>, webhook: &Webhook) -> Result<(), StoreError> {
    tx.listener_changes();
    tx.db()
        .prepare_cached(
            "INSERT INTO webhooks (id, url, secret, events, disabled, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            webhook.id,
            webhook.url,
            webhook.secret,
            serde_json::to_string(&webhook.events)?,
            webhook.disabled,
            webhook.created_at,
            webhook.updated_at,
        ])?;
    Ok(())
}

/// Writes a changed one. What waits for one that is not disabled any more is due again.
pub(crate) fn save(tx: &Tx<'_>, webhook: &Webhook) -> Result<(), StoreError> {
    tx.listener_changes();
    tx.wakes_listener();
    tx.db()
        .prepare_cached(
            "UPDATE webhooks SET url = ?2, secret = ?3, events = ?4, disabled = ?5, updated_at = ?6
             WHERE seq = ?1",
        )?
        .execute(params![
            webhook.seq,
            webhook.url,
            webhook.secret,
            serde_json::to_string(&webhook.events)?,
            webhook.disabled,
            webhook.updated_at,
        ])?;
    Ok(())
}

/// Removes one with its deliveries.
pub(crate) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), ApiError> {
    tx.listener_changes();
    let seq = read(tx.db(), id)?.seq;
    for sql in [
        "DELETE FROM deliveries WHERE webhook_seq = ?1",
        "DELETE FROM webhooks WHERE seq = ?1",
    ] {
        tx.db().prepare_cached(sql)?.execute([seq])?;
    }
    Ok(())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let events: String = row.get(4)?;
    Ok(Webhook {
        seq: row.get(0)?,
        object: "webhook",
        id: row.get(1)?,
        url: row.get(2)?,
        secret: row.get(3)?,
        events: serde_json::from_str(&events).unwrap_or_default(),
        disabled: row.get(5)?,
        created_at: row.get(6)?,
        updated_at: row.get(7)?,
    })
}

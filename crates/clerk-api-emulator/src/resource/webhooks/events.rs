//! The rows of events: the newest few thousand.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{deliveries, rows};
use crate::http::error::{self, ApiError};
use crate::http::list::Page;
use crate::id::Ids;
use crate::store::{Select, StoreError, Tx};

/// Events that are kept.
const KEPT: i64 = 10_000;

/// An event, as the control API answers it.
#[derive(Debug, Serialize)]
pub(crate) struct Event {
    #[serde(skip)]
    pub(crate) seq: i64,
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) created_at: i64,
    pub(crate) payload: Box<RawValue>,
}

/// Which events are meant; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) kind: Option<String>,
    pub(crate) since: Option<i64>,
}

/// Writes an event with its `payload` and its deliveries; true if there are any.
pub(super) fn insert(
    tx: &Tx<'_>,
    ids: &Ids,
    kind: &'static str,
    now: i64,
    payload: &[u8],
) -> Result<bool, StoreError> {
    let seq = tx
        .db()
        .prepare_cached(
            "INSERT INTO events (id, type, created_at, payload) VALUES (?1, ?2, ?3, CAST(?4 AS TEXT))",
        )?
        .insert(params![ids.next("msg", now), kind, now, payload])?;
    forget(tx, seq - KEPT)?;
    let audience = rows::audience(tx.db(), kind)?;
    for webhook in &audience {
        deliveries::schedule(tx, ids, seq, *webhook)?;
    }
    Ok(!audience.is_empty())
}

/// Forgets events up to a number, with their deliveries.
fn forget(tx: &Tx<'_>, seq: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM deliveries WHERE event_seq <= ?1",
        "DELETE FROM events WHERE seq <= ?1",
    ] {
        tx.db().prepare_cached(sql)?.execute([seq])?;
    }
    Ok(())
}

/// Returns a page of the events, the newest first, and how many there are.
pub(crate) fn list(
    db: &Connection,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<Event>, u64), StoreError> {
    let total = filter.select("count(*)").number(db)?;
    let mut select = filter.select(COLUMNS);
    select.then(" ORDER BY seq DESC", [0_i64; 0]);
    select.page(page.limit, page.offset);
    Ok((select.rows(db, read_row)?, total))
}

/// Returns the numbers of all events that are meant, the oldest first.
pub(crate) fn numbers(db: &Connection, filter: &Filter) -> Result<Vec<i64>, StoreError> {
    let mut select = filter.select("seq");
    select.then(" ORDER BY seq", [0_i64; 0]);
    select.rows(db, |row| row.get(0))
}

/// Returns the type of an event.
pub(crate) fn kind(db: &Connection, seq: i64) -> Result<String, StoreError> {
    let kind = db
        .prepare_cached("SELECT type FROM events WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    Ok(kind)
}

/// Returns one event.
pub(crate) fn read(db: &Connection, id: &str) -> Result<Event, ApiError> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE id = ?1"))?
        .query_row([id], read_row)
        .optional()?
        .ok_or_else(|| error::not_found(format!("No event was found with id {id}.")))
}

const COLUMNS: &str = "seq, id, type, created_at, payload";

fn read_row(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: row.get(0)?,
        id: row.get(1)?,
        kind: row.get(2)?,
        created_at: row.get(3)?,
        payload: RawValue::from_string(row.get(4)?).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, error.into())
        })?,
    })
}

impl Filter {
    fn select(&self, columns: &str) -> Select {
        let mut select = Select::new(format!("SELECT {columns} FROM events"));
        if let Some(kind) = &self.kind {
            match kind.strip_suffix('*') {
                Some(group) => select.and(
                    "type >= ? AND type < ? || char(0x10ffff)",
                    [group.to_owned(), group.to_owned()],
                ),
                None => select.and("type = ?", [kind.clone()]),
            }
        }
        if let Some(since) = self.since {
            select.and("created_at >= ?", [since]);
        }
        select
    }
}

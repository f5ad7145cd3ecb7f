//! What the engine gets from the resources whose rows it keeps: it has no knowledge of its own about any of them.

use std::fmt;

use rusqlite::{Connection, params};

use super::{StoreError, Tx};

/// Rows that expire in one go.
const AT_ONCE: usize = 2_000;

/// What all resources together ask of the engine.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) searched: Vec<&'static Searched>,
    pub(crate) expiring: Vec<&'static Expiring>,
    /// In the order in which a new instance is filled.
    pub(crate) seeded: Vec<Seeded>,
}

/// A table whose rows can be searched for. Its index is the table of the same name with `_search` behind it.
pub(crate) struct Searched {
    /// The number of the table, which is stored.
    pub(crate) kind: i64,
    pub(crate) table: &'static str,
    /// Puts the row of this number into the index, which does not have it.
    pub(crate) index: fn(&Connection, i64) -> rusqlite::Result<()>,
    /// Called when all rows from one number to another were checked.
    pub(crate) caught_up: Option<CaughtUp>,
}

/// Is given the first and the last number.
pub(crate) type CaughtUp = fn(&Connection, i64, i64) -> rusqlite::Result<()>;

impl fmt::Debug for Searched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Searched").field(&self.table).finish()
    }
}

/// Rows that change by themselves when their time is over. The engine has no clock: code that is about to read their
/// status asks for it first.
#[derive(Debug)]
pub(crate) struct Expiring {
    /// It has columns `status`, `expires_at` and `wire`, and an index of those that are pending: its name with `_due`.
    pub(crate) table: &'static str,
    /// Marks a row, given its number and its JSON.
    pub(crate) expire: fn(&Tx<'_>, i64, &str) -> Result<(), StoreError>,
}

impl Expiring {
    fn is_due(&self, db: &Connection, now: i64) -> Result<bool, StoreError> {
        let table = self.table;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {table} INDEXED BY {table}_due
             WHERE status = 'pending' AND expires_at <= ?1)"
        );
        let due = db
            .prepare_cached(&sql)?
            .query_row([now], |row| row.get(0))?;
        Ok(due)
    }

    /// Marks some of those that are past their time; true if there may be more.
    fn expire(&self, tx: &Tx<'_>, now: i64) -> Result<bool, StoreError> {
        let table = self.table;
        let sql = format!(
            "SELECT seq, wire FROM {table} INDEXED BY {table}_due
             WHERE status = 'pending' AND expires_at <= ?1 LIMIT ?2"
        );
        let due: Vec<(i64, String)> = tx
            .db()
            .prepare_cached(&sql)?
            .query_map(params![now, AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (seq, wire) in &due {
            (self.expire)(tx, *seq, wire)?;
        }
        Ok(due.len() == AT_ONCE)
    }
}

/// Gives a new instance, whose id and first moment these are, the rows that every instance has.
pub(crate) type Seeded = fn(&Connection, &str, i64) -> Result<(), StoreError>;

impl Content {
    /// Returns whether anything has expired.
    pub(crate) fn is_due(&self, db: &Connection, now: i64) -> Result<bool, StoreError> {
        for expiring in &self.expiring {
            if expiring.is_due(db, now)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Marks some of what is past its time; true if there may be more.
    pub(crate) fn expire(&self, tx: &Tx<'_>, now: i64) -> Result<bool, StoreError> {
        let mut more = false;
        for expiring in &self.expiring {
            more |= expiring.expire(tx, now)?;
        }
        Ok(more)
    }
}

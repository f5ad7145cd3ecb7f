//! Pages at any depth for the price of the first: remembered keys at every 512th place of a list.
//!
//! Places are counted from the oldest row, so what is added at the end leaves every key right. All other
//! changes are written to `reorders` in the transaction that makes them, also by other processes; a
//! reader compares versions within its own snapshot and forgets the keys from the first change on. Where the
//! whole content was exchanged (see `epoch`), it forgets all of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};

const STEP: u64 = 512;
/// An offset up to which skipping is cheaper than remembering.
const NEAR: u64 = 8 * STEP;

/// The place of a row: `created_at` and `id`.
pub(crate) type Key = (i64, String);

/// A table with an index on `(created_at, id)` and a counter of its rows.
#[derive(Debug)]
pub(crate) struct Ordered {
    /// The name of the list, of its table and of its counter.
    pub(crate) list: &'static str,
    pub(crate) table: &'static str,
}

/// Where to begin reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// The key to begin with, itself included; `None` begins at the end of the list.
    pub(crate) from: Option<Key>,
    /// Rows to skip after it.
    pub(crate) skip: u64,
}

/// The remembered keys of all lists.
#[derive(Debug, Default)]
pub(crate) struct Anchors(Mutex<BTreeMap<&'static str, Known>>);

#[derive(Debug, Default)]
struct Known {
    epoch: i64,
    version: i64,
    /// The keys at places 0, 512, 1024, …
    keys: Vec<Key>,
    /// Rows that were skipped because that was cheaper than to find out more keys.
    skipped: u64,
}

impl Anchors {
    pub(super) fn seek(
        &self,
        db: &Connection,
        list: &Ordered,
        descending: bool,
        offset: u64,
    ) -> rusqlite::Result<Option<Start>> {
        let total: u64 = db
            .prepare_cached("SELECT n FROM counters WHERE name = ?1")?
            .query_row([list.list], |row| row.get(0))?;
        if offset >= total {
            return Ok(None);
        }
        let plain = Start {
            from: None,
            skip: offset,
        };
        if offset <= NEAR {
            return Ok(Some(plain));
        }
        let place = if descending {
            total - 1 - offset
        } else {
            offset
        };
        let anchor = if descending {
            place.div_ceil(STEP)
        } else {
            place / STEP
        };
        if anchor * STEP >= total {
            return Ok(Some(plain));
        }
        let from = self.key(db, list, anchor, offset)?;
        Ok(Some(from.map_or(plain, |key| Start {
            from: Some(key),
            skip: place.abs_diff(anchor * STEP),
        })))
    }

    /// Returns the key at a multiple of the step; `None` if this snapshot is older than what is remembered,
    /// or if it is better to skip so many rows: as long as all that was skipped is less work than finding
    /// out the keys that lead there, at most twice the least possible work is done.
    fn key(
        &self,
        db: &Connection,
        list: &Ordered,
        anchor: u64,
        skip: u64,
    ) -> rusqlite::Result<Option<Key>> {
        let anchor = usize::try_from(anchor).unwrap_or(usize::MAX);
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lists.entry(list.list).or_default();
        let epoch = epoch(db)?;
        if epoch > known.epoch {
            *known = Known {
                epoch,
                ..Known::default()
            };
        }
        let version = newest_version(db)?;
        if epoch < known.epoch || version < known.version {
            return Ok(None);
        }
        known.forget(db, list, version)?;
        let missing = (anchor + 1).saturating_sub(known.keys.len());
        let missing = u64::try_from(missing)
            .unwrap_or(u64::MAX)
            .saturating_mul(STEP);
        if missing > STEP && known.skipped + skip < missing {
            known.skipped += skip;
            return Ok(None);
        }
        while known.keys.len() <= anchor {
            let Some(key) = next_key(db, list, known.keys.last())? else {
                return Ok(None);
            };
            known.keys.push(key);
        }
        known.skipped = 0;
        Ok(known.keys.get(anchor).cloned())
    }
}

impl Known {
    /// Drops the keys that changes since our version may have moved.
    fn forget(&mut self, db: &Connection, list: &Ordered, version: i64) -> rusqlite::Result<()> {
        if version == self.version {
            return Ok(());
        }
        let oldest: i64 = db
            .prepare_cached("SELECT min(version) FROM reorders")?
            .query_row([], |row| row.get(0))?;
        if oldest > self.version + 1 {
            self.keys.clear();
        } else {
            let first: Option<Key> = db
                .prepare_cached(
                    "SELECT created_at, id FROM reorders WHERE version > ?1 AND list = ?2
                     ORDER BY created_at, id LIMIT 1",
                )?
                .query_row(params![self.version, list.list], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            if let Some(first) = first {
                let kept = self.keys.partition_point(|key| *key < first);
                self.keys.truncate(kept);
            }
        }
        self.version = version;
        Ok(())
    }
}

/// A number that grows whenever the whole content is exchanged: when tables are dropped and made, and when
/// another database is copied over this one. SQLite keeps it in the database, for all processes.
pub(crate) fn epoch(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA schema_version")?
        .query_row([], |row| row.get(0))
}

fn newest_version(db: &Connection) -> rusqlite::Result<i64> {
    let newest: Option<i64> = db
        .prepare_cached("SELECT max(version) FROM reorders")?
        .query_row([], |row| row.get(0))?;
    Ok(newest.unwrap_or(0))
}

fn next_key(db: &Connection, list: &Ordered, last: Option<&Key>) -> rusqlite::Result<Option<Key>> {
    let table = list.table;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match last {
        None => db
            .prepare_cached(&format!(
                "SELECT created_at, id FROM {table} ORDER BY created_at, id LIMIT 1"
            ))?
            .query_row([], read),
        Some((created_at, id)) => db
            .prepare_cached(&format!(
                "SELECT created_at, id FROM {table} WHERE (created_at, id) > (?1, ?2)
                 ORDER BY created_at, id LIMIT 1 OFFSET {}",
                STEP - 1
            ))?
            .query_row(params![created_at, id], read),
    }
    .optional()
}

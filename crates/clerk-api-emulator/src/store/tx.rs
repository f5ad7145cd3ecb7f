//! The transaction that writing closures work in, and what every write of a row owes its lists.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, params};

use super::content::Searched;
use super::listener::{Heard, Listener};
use super::memory::Memory;
use super::{Key, Ordered};

/// Reorders that are kept for processes that have not looked in a while.
const REORDERS: i64 = 4_096;

/// The transaction that a writing closure works in; it derefs to nothing, so that reads go through `db`.
#[derive(Debug)]
pub(crate) struct Tx<'a> {
    pub(super) db: &'a Connection,
    /// The greatest key of each list, as far as this transaction has looked.
    last: RefCell<BTreeMap<&'static str, Option<Key>>>,
    /// While a new database is filled: what the counters have to be changed by.
    filling: Option<RefCell<BTreeMap<String, i64>>>,
    pub(super) memory: Rc<Memory>,
    /// Who follows what is written, if anybody does.
    pub(super) listener: Option<&'a dyn Listener>,
    pub(super) heard: Heard,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(db: &'a Connection) -> Self {
        Self::remembering(db, Rc::default())
    }

    fn remembering(db: &'a Connection, memory: Rc<Memory>) -> Self {
        Self {
            db,
            last: RefCell::default(),
            filling: None,
            memory,
            listener: None,
            heard: Heard::default(),
        }
    }

    /// A transaction whose changes somebody follows.
    pub(super) fn followed(
        db: &'a Connection,
        memory: Rc<Memory>,
        listener: &'a dyn Listener,
    ) -> Self {
        Self {
            listener: Some(listener),
            ..Self::remembering(db, memory)
        }
    }

    /// A transaction that fills a new database with rows that are known to be unique. It writes counters
    /// only when it is settled, and leaves it to others to index texts.
    pub(super) fn filling(db: &'a Connection) -> Self {
        Self {
            filling: Some(RefCell::default()),
            ..Self::new(db)
        }
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(crate) fn is_filling(&self) -> bool {
        self.filling.is_some()
    }

    /// Writes what has been put off.
    pub(crate) fn settle(mut self) -> rusqlite::Result<()> {
        for (name, by) in self.filling.take().unwrap_or_default().take() {
            self.count(&name, by)?;
        }
        Ok(())
    }

    pub(crate) fn db(&self) -> &'a Connection {
        self.db
    }

    /// Must be called before a row enters a list: counts it, and notes an arrival that is not at the end.
    pub(crate) fn arrives(&self, list: &Ordered, key: &Key) -> rusqlite::Result<()> {
        self.count(list.list, 1)?;
        let mut last = self.last.borrow_mut();
        let end = match last.entry(list.list) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(list.last(self.db)?),
        };
        if end.as_ref().is_some_and(|end| key < end) {
            self.displaced(list)?;
            return self.reordered(list, key);
        }
        *end = Some(key.clone());
        Ok(())
    }

    /// Must be called when a row leaves a list, with its key there.
    pub(crate) fn leaves(&self, list: &Ordered, key: &Key) -> rusqlite::Result<()> {
        self.count(list.list, -1)?;
        self.reordered(list, key)
    }

    /// Must be called when a row changes its place in a list.
    pub(crate) fn moves(&self, list: &Ordered, from: &Key, to: &Key) -> rusqlite::Result<()> {
        self.last.borrow_mut().remove(list.list);
        self.displaced(list)?;
        self.reordered(list, from.min(to))
    }

    /// Notes that the numbers of a list's rows are not in order of creation any more.
    fn displaced(&self, list: &Ordered) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO counters VALUES (?1 || '_displaced', 1)")?
            .execute([list.list])?;
        Ok(())
    }

    /// Changes a counter.
    pub(crate) fn count(&self, name: &str, by: i64) -> rusqlite::Result<()> {
        if let Some(later) = &self.filling {
            let mut later = later.borrow_mut();
            match later.get_mut(name) {
                Some(sum) => *sum += by,
                None => drop(later.insert(name.to_owned(), by)),
            }
            return Ok(());
        }
        self.db
            .prepare_cached("UPDATE counters SET n = n + ?2 WHERE name = ?1")?
            .execute(params![name, by])?;
        Ok(())
    }

    /// Must be called when what a row can be found by has changed; the index follows later.
    pub(crate) fn unsearched(
        &self,
        searched: &Searched,
        seq: i64,
        fresh: bool,
    ) -> rusqlite::Result<()> {
        if self.is_filling() {
            return Ok(());
        }
        self.db
            .prepare_cached("INSERT OR IGNORE INTO search_pending VALUES (?1, ?2, ?3)")?
            .execute(params![searched.kind, seq, fresh])?;
        Ok(())
    }

    fn reordered(&self, list: &Ordered, key: &Key) -> rusqlite::Result<()> {
        self.db
            .prepare_cached("INSERT INTO reorders (list, created_at, id) VALUES (?1, ?2, ?3)")?
            .execute(params![list.list, key.0, key.1])?;
        self.db
            .prepare_cached("DELETE FROM reorders WHERE version <= ?1")?
            .execute([self.db.last_insert_rowid() - REORDERS])?;
        Ok(())
    }
}

impl Ordered {
    fn last(&self, db: &Connection) -> rusqlite::Result<Option<Key>> {
        db.prepare_cached(&format!(
            "SELECT created_at, id FROM {} ORDER BY created_at DESC, id DESC LIMIT 1",
            self.table
        ))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
    }
}

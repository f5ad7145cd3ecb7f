//! One large transaction for made-up data, and for what another instance holds. A new database is filled without its
//! indexes, which are made after that from sorted keys.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::content::Content;
use super::search_index::SearchIndex;
use super::tx::Tx;
use super::{Database, StoreError, connect, copy, schema, search};
use crate::id::Ids;
use crate::start_error::StartError;

/// Kibibytes of memory for pages: the indexes that stay have to fit.
const CACHE: i64 = 262_144;
/// Indexes that grow at their end while rows come in order of creation.
const KEPT: [&str; 4] = [
    "users_by_created",
    "users_by_wallet",
    "identifications_by_id",
    "memberships_by_created",
];

/// The transaction. Dropping it leaves the database as it was.
#[derive(Debug)]
pub(crate) struct Bulk {
    db: Connection,
    content: &'static Content,
    /// The statements that make the indexes that were dropped.
    indexes: Vec<String>,
    filling: bool,
}

impl Bulk {
    /// Begins. With `fast`, a database that never had a row loses its indexes until the end.
    pub(crate) fn begin(
        path: &Path,
        content: &'static Content,
        ids: &Ids,
        now: i64,
        fast: bool,
    ) -> Result<Self, StartError> {
        let db = connect::open(&Database::File(path.to_owned()), content, ids, now)?;
        let fast = fast && is_new(&db)?;
        if fast {
            db.pragma_update(None, "cache_size", -CACHE)?;
            // A journal of the few pages that there are is much less to write than a log of all that come.
            // It cannot be had while others have the database open; then the log it is.
            let _ = db.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()));
        }
        execute(&db, "BEGIN IMMEDIATE")?;
        let mut bulk = Self {
            db,
            content,
            indexes: Vec::new(),
            filling: false,
        };
        if fast && is_new(&bulk.db)? {
            bulk.filling = true;
            bulk.drop_indexes()?;
        }
        Ok(bulk)
    }

    /// Begins in an empty file that nobody else has. Half of it is of no use, so nothing waits for the disk.
    pub(crate) fn apart(
        path: &Path,
        content: &'static Content,
        ids: &Ids,
        now: i64,
    ) -> Result<Self, StartError> {
        let mut db = copy::open_alone(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connect::distrust(&db)?;
        db.set_prepared_statement_cache_capacity(connect::STATEMENTS);
        db.pragma_update(None, "page_size", 4_096)?;
        db.pragma_update(None, "cache_size", -65_536)?;
        db.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "OFF")?;
        schema::migrate(&mut db, content, ids, now)?;
        execute(&db, "BEGIN IMMEDIATE")?;
        Ok(Self {
            db,
            content,
            indexes: Vec::new(),
            filling: false,
        })
    }

    /// Returns whether there has never been a row.
    pub(crate) fn is_new(&self) -> rusqlite::Result<bool> {
        is_new(&self.db)
    }

    pub(crate) fn db(&self) -> &Connection {
        &self.db
    }

    /// Returns what rows are inserted with; it must be settled afterwards.
    pub(crate) fn tx(&self) -> Tx<'_> {
        if self.filling {
            Tx::filling(&self.db)
        } else {
            Tx::new(&self.db)
        }
    }

    /// Returns whether indexes, and what triggers would do, are made at the end.
    pub(crate) fn is_filling(&self) -> bool {
        self.filling
    }

    /// Inserts rows while a trigger does not act, whose work `afterwards` does for all of them at once. Where there
    /// was something before, the trigger acts.
    pub(crate) fn without_trigger<E: From<rusqlite::Error>>(
        &self,
        trigger: &str,
        afterwards: &str,
        insert: impl FnOnce(&Tx<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let tx = self.tx();
        if !self.filling {
            return insert(&tx);
        }
        let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
        let make: String = self.db.query_row(sql, [trigger], |row| row.get(0))?;
        execute(&self.db, &format!("DROP TRIGGER {trigger}"))?;
        insert(&tx)?;
        tx.settle()?;
        execute(&self.db, afterwards)?;
        Ok(execute(&self.db, &make)?)
    }

    /// The number that the next row of a table gets.
    pub(crate) fn next_seq(&self, table: &str) -> rusqlite::Result<i64> {
        self.db.query_row(
            "SELECT 1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0)",
            [table],
            |row| row.get(0),
        )
    }

    /// How many indexes `make_index` has to make.
    pub(crate) fn missing_indexes(&self) -> u64 {
        u64::try_from(self.indexes.len()).unwrap_or(0)
    }

    pub(crate) fn make_index(&mut self) -> rusqlite::Result<()> {
        match self.indexes.pop() {
            Some(sql) => execute(&self.db, &sql),
            None => Ok(()),
        }
    }

    /// Returns empty search indexes, for another thread to fill.
    pub(crate) fn search_index(&self) -> rusqlite::Result<SearchIndex> {
        SearchIndex::like(&self.db, self.content)
    }

    /// Puts in search indexes of all rows, which were made beside the database.
    pub(crate) fn take_search_index(&self, index: &SearchIndex) -> rusqlite::Result<()> {
        index.move_into(&self.db)
    }

    /// Indexes the rows that wait for it.
    pub(crate) fn catch_up_search(&self) -> rusqlite::Result<()> {
        while search::catch_up(&self.db, self.content)? {}
        Ok(())
    }

    /// Keeps all of it.
    pub(crate) fn commit(self) -> Result<(), StoreError> {
        execute(&self.db, "COMMIT")?;
        // Everything is saved by now; the next one to open the database switches too.
        let _ = connect::write_ahead(&self.db);
        Ok(())
    }

    /// Ends what `apart` began.
    pub(crate) fn close(self) -> rusqlite::Result<()> {
        execute(&self.db, "COMMIT")?;
        self.db.close().map_err(|(_, error)| error)
    }

    fn drop_indexes(&mut self) -> rusqlite::Result<()> {
        let found: Vec<(String, String)> = self
            .db
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid DESC")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (name, sql) in found {
            if !KEPT.contains(&name.as_str()) {
                execute(&self.db, &format!("DROP INDEX \"{name}\""))?;
                self.indexes.push(sql);
            }
        }
        Ok(())
    }
}

fn is_new(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name NOT IN ('reorders', 'roles'))",
        [],
        |row| row.get(0),
    )
}

fn execute(db: &Connection, sql: &str) -> rusqlite::Result<()> {
    db.execute_batch(sql)
}

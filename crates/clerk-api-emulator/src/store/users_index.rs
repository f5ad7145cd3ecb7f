//! A search index of users that is made beside a database, by another thread, and then moved into it.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, params};

use super::search::{self, Texts};

/// Bytes of index that are sorted in memory before they are written.
const SORTED_AT_ONCE: i64 = 32 << 20;

/// The index, in a temporary file of its own.
#[derive(Debug)]
pub(crate) struct UsersIndex(Connection);

impl UsersIndex {
    /// `sql` is the statement that made the index of the database.
    pub(super) fn new(sql: &str) -> rusqlite::Result<Self> {
        // An empty name is a file that vanishes.
        let db = Connection::open("")?;
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;",
        )?;
        db.execute_batch(sql)?;
        let set = "INSERT INTO users_search (users_search, rank) VALUES (?1, ?2)";
        db.execute(set, params!["hashsize", SORTED_AT_ONCE])?;
        // Few and large parts are merged once, at the end.
        db.execute(set, params!["automerge", 0])?;
        db.execute_batch("BEGIN")?;
        Ok(Self(db))
    }

    pub(crate) fn add(&self, seq: i64, texts: &Texts) -> rusqlite::Result<()> {
        search::insert_user(&self.0, seq, texts)
    }

    /// Makes one part of all.
    pub(crate) fn finish(&self) -> rusqlite::Result<()> {
        self.0
            .execute_batch("INSERT INTO users_search (users_search) VALUES ('optimize'); COMMIT")
    }

    /// Copies the tables that an index consists of over those of an empty one.
    pub(super) fn move_into(&self, db: &Connection) -> rusqlite::Result<()> {
        for (part, columns) in [("data", 2), ("idx", 3), ("docsize", 3)] {
            db.execute_batch(&format!("DELETE FROM users_search_{part}"))?;
            let marks = &"?,?,?"[..2 * columns - 1];
            let mut insert =
                db.prepare(&format!("INSERT INTO users_search_{part} VALUES ({marks})"))?;
            let mut select = self
                .0
                .prepare(&format!("SELECT * FROM users_search_{part}"))?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    insert.raw_bind_parameter(
                        column + 1,
                        ToSqlOutput::Borrowed(row.get_ref(column)?),
                    )?;
                }
                insert.raw_execute()?;
            }
        }
        Ok(())
    }
}

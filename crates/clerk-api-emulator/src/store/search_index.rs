//! Search indexes that are made beside a database, by another thread, and then moved into it.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, params};

use super::content::Content;

/// Bytes of index that are sorted in memory before they are written.
const SORTED_AT_ONCE: i64 = 32 << 20;
/// The tables that a search index consists of, and their columns.
const PARTS: [(&str, usize); 3] = [("data", 2), ("idx", 3), ("docsize", 3)];

/// The indexes, in a temporary file of their own.
#[derive(Debug)]
pub(crate) struct SearchIndex {
    db: Connection,
    tables: Vec<String>,
}

impl SearchIndex {
    /// Makes empty ones like those of a database.
    pub(super) fn like(model: &Connection, content: &Content) -> rusqlite::Result<Self> {
        // An empty name is a file that vanishes.
        let db = Connection::open("")?;
        db.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;",
        )?;
        let tables = content.searched.iter();
        let tables: Vec<String> = tables.map(|searched| searched.index_table()).collect();
        for table in &tables {
            let sql = "SELECT sql FROM sqlite_schema WHERE name = ?1";
            let sql: String = model.query_row(sql, [table], |row| row.get(0))?;
            db.execute_batch(&sql)?;
            let set = format!("INSERT INTO {table} ({table}, rank) VALUES (?1, ?2)");
            db.execute(&set, params!["hashsize", SORTED_AT_ONCE])?;
            // Few and large parts are merged once, at the end.
            db.execute(&set, params!["automerge", 0])?;
        }
        db.execute_batch("BEGIN")?;
        Ok(Self { db, tables })
    }

    /// The database that they are in, to put rows into them.
    pub(crate) fn db(&self) -> &Connection {
        &self.db
    }

    /// Makes one part of all.
    pub(crate) fn finish(&self) -> rusqlite::Result<()> {
        for table in &self.tables {
            self.db.execute_batch(&format!(
                "INSERT INTO {table} ({table}) VALUES ('optimize')"
            ))?;
        }
        self.db.execute_batch("COMMIT")
    }

    /// Copies the tables that they consist of over those of empty ones.
    pub(super) fn move_into(&self, db: &Connection) -> rusqlite::Result<()> {
        for table in &self.tables {
            for (part, columns) in PARTS {
                self.copy(db, &format!("{table}_{part}"), columns)?;
            }
        }
        Ok(())
    }

    fn copy(&self, db: &Connection, table: &str, columns: usize) -> rusqlite::Result<()> {
        db.execute_batch(&format!("DELETE FROM {table}"))?;
        let marks = &"?,?,?"[..2 * columns - 1];
        let mut insert = db.prepare(&format!("INSERT INTO {table} VALUES ({marks})"))?;
        let mut select = self.db.prepare(&format!("SELECT * FROM {table}"))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                let value = ToSqlOutput::Borrowed(row.get_ref(column)?);
                insert.raw_bind_parameter(column + 1, value)?;
            }
            insert.raw_execute()?;
        }
        Ok(())
    }
}

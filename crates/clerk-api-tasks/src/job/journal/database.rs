//! The database of a job: its tables, and everything that reads them.

use std::path::Path;
use std::time::Duration;

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use rusqlite::{Connection, Row, params};

use super::super::place::private_file;
use super::super::state::{Counts, State};
use super::{Entry, Meta, Phase};
use crate::rows::Position;
use crate::sqlite::write_ahead;

/// Says in the file's head that it is ours: "clkj".
const APPLICATION: i32 = 0x636c_6b6a;
/// The version of the tables.
const VERSION: i32 = 1;
/// How long a statement waits for another process.
const BUSY: Duration = Duration::from_secs(5);

const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE row (
    number INTEGER PRIMARY KEY,
    line INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    hash BLOB NOT NULL,
    key BLOB,
    state INTEGER NOT NULL,
    deferred INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    batch INTEGER,
    op TEXT,
    id TEXT,
    http INTEGER,
    code TEXT,
    message TEXT,
    trace TEXT,
    sent_at INTEGER,
    time INTEGER
);
CREATE INDEX row_open ON row (state, number) WHERE state <= 1;
CREATE TABLE attempt (number INTEGER NOT NULL, batch INTEGER, at INTEGER NOT NULL, tries INTEGER, http INTEGER, trace TEXT);
";

/// The database of a job.
pub(crate) struct Database(pub(super) Connection);

/// A row that is not in its last state.
#[derive(Debug, Clone)]
pub(crate) struct OpenRow {
    pub(crate) at: Position,
    /// It failed before, and this is its last chance.
    pub(crate) deferred: bool,
    pub(crate) op: Option<String>,
    pub(crate) sent_at: Option<i64>,
    /// When it got its state, by our clock.
    pub(crate) ended_at: Option<i64>,
}

/// A row as the first pass over the input found it.
pub(crate) struct Scan {
    pub(crate) at: Position,
    /// The hash of its natural key.
    pub(crate) key: Option<[u8; 16]>,
    /// Why it cannot be used.
    pub(crate) invalid: Option<String>,
}

/// A process ended while it wrote the rows down, so nothing of the job was sent.
fn incomplete() -> Box<Problem> {
    let message = "the job was not written down to its end; nothing of it was sent";
    Problem::new(ProblemKind::Absent, INCOMPLETE, message).hint("start it again")
}

/// The code of the problem of a job that was not written down to its end.
pub(crate) const INCOMPLETE: &str = "job_incomplete";

fn failed(error: &rusqlite::Error) -> Box<Problem> {
    Problem::io("cannot use the journal of the job", error)
}

impl Database {
    /// Makes the database of a new job and writes down what the job is.
    pub(crate) fn make(path: &Path, meta: &Meta) -> Outcome<Self> {
        drop(private_file(path, false)?);
        let db = Connection::open(path).map_err(|error| failed(&error))?;
        // All at once: a process that is killed leaves no tables without their version.
        let tables = format!(
            "BEGIN;{TABLES}PRAGMA application_id = {APPLICATION};PRAGMA user_version = {VERSION};COMMIT"
        );
        let made = Self::prepare(&db).and_then(|()| db.execute_batch(&tables));
        made.map_err(|error| failed(&error))?;
        let database = Self(db);
        database.write("meta", meta)?;
        Ok(database)
    }

    /// Opens the database of a job.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        if !path.exists() {
            return Err(incomplete());
        }
        let flags =
            rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let db = Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
        Self::prepare(&db).map_err(|error| failed(&error))?;
        let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
        let found = number("application_id").and_then(|id| Ok((id, number("user_version")?)));
        match found.map_err(|error| failed(&error))? {
            (APPLICATION, VERSION) => Self(db).complete(),
            (0 | APPLICATION, 0) => Err(incomplete()),
            (APPLICATION, newer) => Err(Problem::new(
                ProblemKind::Changed,
                "journal_version",
                format!("the journal of the job has version {newer}; this program knows version {VERSION}"),
            )
            .hint("continue the job with the version of clerk-api that made it")),
            _ => Err(Problem::refused(format!("{} is no journal of a job", path.display()))),
        }
    }

    /// A journal says how far its job is from the moment when all rows are in it.
    fn complete(self) -> Outcome<Self> {
        let sql = "SELECT count(*) FROM meta WHERE name = 'phase'";
        match self.0.query_row(sql, [], |row| row.get(0)) {
            Ok(1) => Ok(self),
            Ok(_) => Err(incomplete()),
            Err(error) => Err(failed(&error)),
        }
    }

    fn prepare(db: &Connection) -> rusqlite::Result<()> {
        db.pragma_update(None, "trusted_schema", false)?;
        write_ahead(db, BUSY)?;
        // A row counts as sent when the disk has it, not when the system has it.
        db.pragma_update(None, "synchronous", "FULL")
    }

    /// What the job is.
    pub(crate) fn meta(&self) -> Outcome<Meta> {
        self.read("meta")
    }

    /// How far it is.
    pub(crate) fn phase(&self) -> Outcome<Phase> {
        self.read("phase")
    }

    /// Writes down how far it is.
    pub(crate) fn set_phase(&self, phase: &Phase) -> Outcome<()> {
        self.write("phase", phase)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Outcome<T> {
        let sql = "SELECT value FROM meta WHERE name = ?1";
        let text: String = self
            .0
            .query_row(sql, [name], |row| row.get(0))
            .map_err(|error| failed(&error))?;
        serde_json::from_str(&text)
            .map_err(|error| Problem::io("cannot read the journal of the job", &error))
    }

    fn write<T: serde::Serialize>(&self, name: &str, value: &T) -> Outcome<()> {
        let text = serde_json::to_string(value)
            .map_err(|error| Problem::io("cannot write the journal", &error))?;
        let sql =
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
        self.0
            .execute(sql, [name, &text])
            .map_err(|error| failed(&error))?;
        Ok(())
    }

    /// How many rows of the input do not belong to the job.
    pub(crate) fn left_out(&self) -> Outcome<u64> {
        self.read("left_out")
    }

    /// Writes down how many rows of the input do not belong to the job.
    pub(crate) fn set_left_out(&self, count: u64) -> Outcome<()> {
        self.write("left_out", &count)
    }

    /// Writes down all rows in one transaction: `scan` calls what it is given for each.
    pub(crate) fn fill(
        &mut self,
        scan: impl FnOnce(&mut dyn FnMut(Scan) -> Outcome<()>) -> Outcome<()>,
    ) -> Outcome<()> {
        let tx = self.0.transaction().map_err(|error| failed(&error))?;
        {
            let sql = "INSERT INTO row (number, line, offset, length, hash, key, state, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let mut insert = tx.prepare(sql).map_err(|error| failed(&error))?;
            scan(&mut |row| {
                let state = if row.invalid.is_some() {
                    State::Invalid
                } else {
                    State::Pending
                };
                let at = row.at;
                let values = params![
                    signed(at.number),
                    signed(at.line),
                    signed(at.offset),
                    signed(at.length),
                    &at.hash[..],
                    row.key.as_ref().map(|key| &key[..]),
                    state.code(),
                    row.invalid,
                ];
                insert.execute(values).map_err(|error| failed(&error))?;
                Ok(())
            })?;
        }
        tx.commit().map_err(|error| failed(&error))
    }

    /// Marks the rows whose natural key an earlier row has (reliability.md 8.5). Gives how many there are.
    pub(crate) fn mark_doubles(&self) -> Outcome<usize> {
        let sql = "UPDATE row SET state = ?1, message = 'the same object as in line ' || first.line || ': only the first of them is used'
            FROM (SELECT key, min(number) AS number, line FROM row WHERE key IS NOT NULL AND state = ?2 GROUP BY key HAVING count(*) > 1) AS first
            WHERE row.key = first.key AND row.number > first.number AND row.state = ?2";
        self.0
            .execute(sql, [State::Invalid.code(), State::Pending.code()])
            .map_err(|error| failed(&error))
    }

    /// The next rows that are pending or sent, behind a row.
    pub(crate) fn open_rows(&self, state: State, after: u64, most: usize) -> Outcome<Vec<OpenRow>> {
        // The second condition leads to the index.
        self.select("state = ?1 AND state <= 1", state, after, most)
    }

    /// The next rows whose outcome is unknown, behind a row.
    pub(crate) fn unknown_rows(&self, after: u64, most: usize) -> Outcome<Vec<OpenRow>> {
        self.select("state = ?1", State::Unknown, after, most)
    }

    fn select(
        &self,
        condition: &str,
        state: State,
        after: u64,
        most: usize,
    ) -> Outcome<Vec<OpenRow>> {
        let sql = format!(
            "SELECT number, line, offset, length, hash, deferred, op, sent_at, time FROM row
            WHERE {condition} AND number > ?2 ORDER BY number LIMIT ?3"
        );
        let read = |row: &Row<'_>| {
            Ok(OpenRow {
                at: position(row)?,
                deferred: row.get(5)?,
                op: row.get(6)?,
                sent_at: row.get(7)?,
                ended_at: row.get(8)?,
            })
        };
        let rows = self.0.prepare_cached(&sql).and_then(|mut select| {
            let values = params![state.code(), signed(after), signed(most as u64)];
            select.query_map(values, read)?.collect()
        });
        rows.map_err(|error| failed(&error))
    }

    /// Rows in their order, from one number on, whatever became of them.
    pub(crate) fn entries(&self, after: u64, most: usize) -> Outcome<Vec<Entry>> {
        let sql = "SELECT number, line, offset, length, hash, state, attempts, op, id, http, code, message, trace, sent_at FROM row
            WHERE number > ?1 ORDER BY number LIMIT ?2";
        let read = |row: &Row<'_>| {
            Ok(Entry {
                at: position(row)?,
                state: State::of_code(row.get(5)?).unwrap_or(State::Unknown),
                attempts: row.get(6)?,
                op: row.get(7)?,
                id: row.get(8)?,
                http: row.get(9)?,
                code: row.get(10)?,
                message: row.get(11)?,
                trace_id: row.get(12)?,
                sent_at: row.get(13)?,
            })
        };
        let rows = self.0.prepare_cached(sql).and_then(|mut select| {
            select
                .query_map(params![signed(after), signed(most as u64)], read)?
                .collect()
        });
        rows.map_err(|error| failed(&error))
    }

    /// How many rows are in each state.
    pub(crate) fn counts(&self) -> Outcome<Counts> {
        let mut counts = Counts::default();
        let counted = self
            .0
            .prepare_cached("SELECT state, count(*) FROM row GROUP BY state")
            .and_then(|mut select| {
                let rows = select
                    .query_map([], |row| Ok((row.get::<_, u8>(0)?, row.get::<_, i64>(1)?)))?;
                for row in rows {
                    let (code, count) = row?;
                    if let Some(state) = State::of_code(code) {
                        counts.set(state, count.unsigned_abs());
                    }
                }
                Ok(())
            });
        counted.map_err(|error| failed(&error))?;
        Ok(counts)
    }

    /// How often requests were sent, all rows together.
    pub(crate) fn attempts(&self) -> Outcome<u64> {
        let sql = "SELECT coalesce(sum(attempts), 0) FROM row";
        let sum: i64 = self
            .0
            .query_row(sql, [], |row| row.get(0))
            .map_err(|error| failed(&error))?;
        Ok(sum.unsigned_abs())
    }
}

fn position(row: &Row<'_>) -> rusqlite::Result<Position> {
    let hash: Vec<u8> = row.get(4)?;
    let number = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
    Ok(Position {
        number: number(0)?,
        line: number(1)?,
        offset: number(2)?,
        length: number(3)?,
        hash: hash.try_into().unwrap_or_default(),
    })
}

/// SQLite's integers have a sign.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

//! The file that all processes of a user share: when the next permits are due, what was sent within the hour, what is blocked.
//!
//! Every visit is one transaction. Nothing in it needs cleaning after a process that was killed: what is over is over by its time.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};

use super::lesson::Lesson;
use super::rule::counts_for;
use super::table::Bucket;
use crate::private;
use crate::sqlite::write_ahead;

/// How long a transaction waits for another process's.
const BUSY: Duration = Duration::from_secs(2);
/// "clkg": what the file is.
const APPLICATION: i32 = 0x636c_6b67;
const FORMAT: i32 = 1;
/// Pages of log after which a process that goes on copies it into the database.
const CHECKPOINT: i64 = 256;
/// Bytes of log after which a process that ends copies it and empties it, since every opening reads it. That waits for the disk, so
/// it is not done each time.
const LONG_LOG: u64 = 64 * 1_024;
/// Small pages make the log short; the file holds a few hundred rows.
const PAGE: i64 = 1_024;
/// Entries this far ahead were written before the clock was moved back.
const AHEAD: i64 = 1_000_000;

const SCHEMA: &str = "
CREATE TABLE buckets (bucket INTEGER PRIMARY KEY, next INTEGER NOT NULL, factor REAL NOT NULL, since INTEGER NOT NULL,
    refused INTEGER NOT NULL, streak INTEGER NOT NULL, block INTEGER NOT NULL, probe INTEGER NOT NULL) STRICT;
CREATE TABLE sends (bucket INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX sends_in_time ON sends (bucket, at);
CREATE TABLE objects (object TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    #[error("it is not a governor's file, or of another version of this program")]
    Foreign,
}

/// An open file.
pub(super) struct SharedFile {
    db: Connection,
    log: PathBuf,
}

/// One bucket as the file has it; times in microseconds of the wall clock.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    /// When the permit after all that were given is due.
    pub(super) next: i64,
    pub(super) lesson: Lesson,
}

/// One transaction.
pub(super) struct Visit<'a>(Transaction<'a>);

impl SharedFile {
    /// Opens the file, and makes it where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, FileError> {
        private::prepare(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(BUSY)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // A command that ends does not wait for the disk.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let version: i32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == 0 {
            make(&db)?;
        } else if version != FORMAT || application(&db)? != APPLICATION {
            return Err(FileError::Foreign);
        }
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        let mut log = OsString::from(path);
        log.push("-wal");
        Ok(Self {
            db,
            log: log.into(),
        })
    }

    /// Begins a transaction that may write.
    pub(super) fn visit(&self) -> rusqlite::Result<Visit<'_>> {
        Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate).map(Visit)
    }

    /// Begins a transaction that only reads.
    pub(super) fn look(&self) -> rusqlite::Result<Visit<'_>> {
        Transaction::new_unchecked(&self.db, TransactionBehavior::Deferred).map(Visit)
    }
}

impl Drop for SharedFile {
    fn drop(&mut self) {
        let long = fs_err::metadata(&self.log).is_ok_and(|facts| facts.len() > LONG_LOG);
        if long {
            // Where others use the file, one of them does it.
            let _ = self.db.busy_timeout(Duration::ZERO);
            let empty = self
                .db
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = empty;
        }
    }
}

impl Visit<'_> {
    /// The rows of all buckets. What is more than two windows ahead was written before the clock was moved back, and is clamped.
    pub(super) fn rows(&self, now: i64, window: impl Fn(Bucket) -> i64) -> rusqlite::Result<Rows> {
        let mut rows = Rows::default();
        let sql = "SELECT bucket, next, factor, since, refused, streak, block, probe FROM buckets";
        let mut statement = self.0.prepare_cached(sql)?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let index: usize = row.get::<_, u32>(0)? as usize;
            let Some(bucket) = Bucket::SINGLE.get(index) else {
                continue;
            };
            let window = window(*bucket);
            let mut lesson = Lesson {
                factor: row.get(2)?,
                since: row.get(3)?,
                refused: row.get(4)?,
                streak: row.get(5)?,
                block: row.get(6)?,
                probe: row.get(7)?,
            };
            lesson.clamp(now, window);
            let next: i64 = row.get(1)?;
            let next = if next > now + 2 * window { now } else { next };
            rows[index] = Row { next, lesson };
        }
        Ok(rows)
    }

    pub(super) fn store(&self, bucket: Bucket, row: &Row) -> rusqlite::Result<()> {
        let lesson = &row.lesson;
        let sql = "INSERT OR REPLACE INTO buckets VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        self.0.prepare_cached(sql)?.execute((
            number(bucket),
            row.next,
            lesson.factor,
            lesson.since,
            lesson.refused,
            lesson.streak,
            lesson.block,
            lesson.probe,
        ))?;
        Ok(())
    }

    /// What is in the log of a bucket with a time to come was written before the clock was moved back: it counts as sent now.
    pub(super) fn clamp_log(&self, bucket: Bucket, now: i64) -> rusqlite::Result<()> {
        let sql = "UPDATE sends SET at = ?2 WHERE bucket = ?1 AND at > ?3";
        let mut statement = self.0.prepare_cached(sql)?;
        statement.execute((number(bucket), now, now + AHEAD))?;
        Ok(())
    }

    /// How long the log of a bucket has no room, where so many may be in any window.
    pub(super) fn full_for(
        &self,
        bucket: Bucket,
        now: i64,
        window: i64,
        most: usize,
    ) -> rusqlite::Result<i64> {
        let since = now - counts_for(window);
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let sql = "SELECT at FROM sends WHERE bucket = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ? - 1";
        let mut statement = self.0.prepare_cached(sql)?;
        let leaves: Option<i64> = statement
            .query_row((number(bucket), since, most), |row| row.get(0))
            .optional()?;
        Ok(leaves.map_or(0, |at| at.min(now) - since))
    }

    /// How many requests of a bucket are within the window.
    pub(super) fn used(&self, bucket: Bucket, now: i64, window: i64) -> rusqlite::Result<usize> {
        let sql = "SELECT count(*) FROM sends WHERE bucket = ? AND at > ?";
        let mut statement = self.0.prepare_cached(sql)?;
        let since = now - counts_for(window);
        let used: u32 = statement.query_row((number(bucket), since), |row| row.get(0))?;
        Ok(used as usize)
    }

    /// Writes down that a request goes out; forgets those that do not count any more.
    pub(super) fn log(&self, bucket: Bucket, now: i64, window: i64) -> rusqlite::Result<()> {
        let db = &self.0;
        db.prepare_cached("DELETE FROM sends WHERE bucket = ? AND at <= ?")?
            .execute((number(bucket), now - counts_for(window)))?;
        db.prepare_cached("INSERT INTO sends VALUES (?, ?)")?
            .execute((number(bucket), now))?;
        Ok(())
    }

    /// When the object was changed last, if it is known. Not in the future.
    pub(super) fn changed(&self, object: &str, now: i64) -> rusqlite::Result<Option<i64>> {
        let sql = "SELECT at FROM objects WHERE object = ?";
        let mut statement = self.0.prepare_cached(sql)?;
        let at: Option<i64> = statement.query_row([object], |row| row.get(0)).optional()?;
        Ok(at.map(|at| at.min(now)))
    }

    pub(super) fn change(&self, object: &str, now: i64) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO objects VALUES (?, ?)";
        self.0.prepare_cached(sql)?.execute((object, now))?;
        Ok(())
    }

    /// Forgets objects that were changed before this moment.
    pub(super) fn forget_objects(&self, before: i64) -> rusqlite::Result<()> {
        let sql = "DELETE FROM objects WHERE at < ?";
        self.0.prepare_cached(sql)?.execute([before])?;
        Ok(())
    }

    pub(super) fn commit(self) -> rusqlite::Result<()> {
        self.0.commit()
    }
}

/// All buckets that there is one of each.
pub(super) type Rows = [Row; Bucket::SINGLE.len()];

fn number(bucket: Bucket) -> i64 {
    bucket as i64
}

fn application(db: &Connection) -> rusqlite::Result<i32> {
    db.pragma_query_value(None, "application_id", |row| row.get(0))
}

/// Makes the tables, unless another process was faster.
fn make(db: &Connection) -> Result<(), FileError> {
    db.pragma_update(None, "page_size", PAGE)?;
    write_ahead(db, BUSY)?;
    let tx = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    let version: i32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == FORMAT {
        return Ok(());
    }
    let strange: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if version != 0 || strange != 0 {
        return Err(FileError::Foreign);
    }
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    Ok(tx.commit()?)
}

//! Whole copies of a database: into a file of its own, and back over a database that others may have open.
//!
//! Both directions are one transaction of `SQLite`'s backup: a reader sees the content before it or after it, in
//! this process and in others. A copy is a plain database without a log beside it.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use fs_err as fs;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use crate::id::Ids;
use crate::start_error::StartError;

/// Where the header says how the file is written to and read, and what stands there without a log.
const LOG: (u64, [u8; 2]) = (18, [1, 1]);

/// Copies all that one database holds over another.
pub(super) fn copy(from: &Connection, into: &mut Connection) -> rusqlite::Result<()> {
    let backup = Backup::new(from, into)?;
    match backup.step(-1)? {
        StepResult::Done => Ok(()),
        // Waiting for the lock has been tried for as long as a statement waits.
        _ => Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error {
                code: ErrorCode::DatabaseBusy,
                extended_code: rusqlite::ffi::SQLITE_BUSY,
            },
            None,
        )),
    }
}

/// A copy that is in a file but not yet under its name. Dropping it removes the file.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
}

impl Part {
    /// Copies a database into a new file beside the one that it is to become.
    pub(super) fn write(from: &Connection, beside: &Path) -> Result<Self, StartError> {
        let part = Self::new(beside)?;
        let mut copied = Connection::open(&part.path)?;
        // Nobody else knows the file, and after a failure it goes.
        copied.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        copied.pragma_update(None, "synchronous", "OFF")?;
        copy(from, &mut copied)?;
        copied.close().map_err(|(_, error)| error)?;
        let mut file = fs::OpenOptions::new().write(true).open(&part.path)?;
        file.seek(SeekFrom::Start(LOG.0))?;
        file.write_all(&LOG.1)?;
        Ok(part)
    }

    /// Writes a text instead.
    pub(crate) fn of_text(text: &str, beside: &Path) -> Result<Self, StartError> {
        let part = Self::new(beside)?;
        fs::write(&part.path, text)?;
        Ok(part)
    }

    fn new(beside: &Path) -> Result<Self, StartError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut path = beside.as_os_str().to_owned();
        path.push(format!(".{}-{number}.part", std::process::id()));
        let part = Self { path: path.into() };
        if part.path.exists() {
            // Of a process with the same number that was killed.
            fs::remove_file(&part.path)?;
        }
        schema::make_private(&part.path)?;
        Ok(part)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until the disk has it.
    pub(crate) fn sync(&self) -> std::io::Result<()> {
        fs::File::open(&self.path)?.sync_all()
    }

    /// Gives it its name, in place of what had it.
    pub(crate) fn name(self, path: &Path) -> std::io::Result<()> {
        fs::rename(&self.path, path)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Opens a copy to be read, brought to the newest schema if it is older.
pub(super) fn open(path: &Path, ids: &Ids, now: i64) -> Result<Connection, StartError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    let found = schema::version(&db).map_err(|error| unreadable(error, path))?;
    let newest = schema::NEWEST;
    if found > newest {
        return Err(StartError::Newer { found, newest });
    }
    let id = "SELECT 1 FROM instance WHERE key = 'id'";
    if found == 0 || db.query_row(id, [], |_| Ok(())).is_err() {
        return Err(StartError::Foreign(path.to_owned()));
    }
    if found == newest {
        return Ok(db);
    }
    // An empty name is a file that vanishes.
    let mut newer = Connection::open("")?;
    copy(&db, &mut newer)?;
    schema::migrate(&mut newer, ids, now)?;
    Ok(newer)
}

fn unreadable(error: rusqlite::Error, path: &Path) -> StartError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StartError::Foreign(path.to_owned()),
        _ => error.into(),
    }
}

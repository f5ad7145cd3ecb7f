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

/// Where the header says how the file is written to and read.
const LOG_AT: usize = 18;
/// What stands there for a file without a log.
const NO_LOG: [u8; 2] = [1, 1];
/// Up to this size a copy is made in memory and written at once, which is ten times as quick as page by page.
const AT_ONCE: u64 = 512 << 20;

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

/// A copy of all that a database holds.
pub(super) fn in_memory(from: &Connection) -> rusqlite::Result<Connection> {
    let mut copied = Connection::open_in_memory()?;
    copy(from, &mut copied)?;
    Ok(copied)
}

/// A copy that is in a file but not yet under its name. Dropping it removes the file.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
}

impl Part {
    /// Copies a database into a new file beside the one that it is to become.
    pub(super) fn write(from: &mut Connection, beside: &Path) -> Result<Self, StartError> {
        let part = Self::new(beside)?;
        let bytes = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let bytes: u64 = from.query_row(bytes, [], |row| row.get(0))?;
        if bytes <= AT_ONCE {
            part.write_at_once(from)?;
        } else {
            part.write_by_pages(from)?;
        }
        Ok(part)
    }

    fn write_at_once(&self, from: &mut Connection) -> Result<(), StartError> {
        let all = from.serialize(c"main")?;
        let mut file = fs::OpenOptions::new().write(true).open(&self.path)?;
        let (start, end) = (all.get(..LOG_AT), all.get(LOG_AT + NO_LOG.len()..));
        file.write_all(start.unwrap_or_default())?;
        file.write_all(&NO_LOG)?;
        file.write_all(end.unwrap_or_default())?;
        Ok(())
    }

    fn write_by_pages(&self, from: &Connection) -> Result<(), StartError> {
        let mut copied = Connection::open(&self.path)?;
        // Nobody else knows the file, and after a failure it goes.
        copied.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        copied.pragma_update(None, "synchronous", "OFF")?;
        copy(from, &mut copied)?;
        copied.close().map_err(|(_, error)| error)?;
        let mut file = fs::OpenOptions::new().write(true).open(&self.path)?;
        file.seek(SeekFrom::Start(LOG_AT as u64))?;
        file.write_all(&NO_LOG)?;
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Database;

    #[test]
    fn both_ways_of_writing_make_single_files_with_the_same_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let live = folder.path().join("live.db");
        let mut db = schema::open(&Database::File(live), &Ids::new(Some(1)), 1_000).expect("opens");
        db.execute_batch(
            "INSERT INTO images VALUES ('user_1', 'img_1', 'image/png', zeroblob(100000))",
        )
        .expect("writes");
        let parts = ["a", "b"].map(|name| Part::new(&folder.path().join(name)).expect("makes"));
        parts[0].write_at_once(&mut db).expect("writes");
        parts[1].write_by_pages(&db).expect("writes");
        let read = parts.each_ref().map(|part| {
            let copied = open(part.path(), &Ids::new(None), 1_000).expect("opens");
            let mode: String = copied
                .pragma_query_value(None, "journal_mode", |row| row.get(0))
                .expect("reads");
            assert_eq!(mode, "delete");
            let whole = "SELECT value, (SELECT sum(length(bytes)) FROM images), integrity_check
                         FROM instance, pragma_integrity_check WHERE key = 'id'";
            copied
                .query_row(whole, [], |row| {
                    Ok((
                        row.get::<_, String>(0)?,
                        row.get::<_, i64>(1)?,
                        row.get::<_, String>(2)?,
                    ))
                })
                .expect("reads")
        });
        assert_eq!(read[0], read[1]);
        assert_eq!((read[0].1, read[0].2.as_str()), (100_000, "ok"));
    }
}

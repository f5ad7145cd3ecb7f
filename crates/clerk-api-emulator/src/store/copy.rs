//! Whole copies of a database: into a file of its own, and back over a database that others may have open.
//!
//! Both directions are one transaction of `SQLite`'s backup: a reader sees the content before it or after it, in
//! this process and in others. A copy is a plain database without a log beside it.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use fs_err as fs;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::content::Content;
use super::{connect, schema};
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

/// A copy that is in a file but not yet under its name. Dropping it removes the file; one whose process was killed is
/// removed by the next.
#[derive(Debug)]
pub(crate) struct Part {
    path: PathBuf,
    /// Holds a lock that ends with the process: who can take it may remove the file.
    _file: File,
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
        let mut copied = open_alone(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
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

    /// Begins with an empty file.
    pub(crate) fn new(beside: &Path) -> Result<Self, StartError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        if let Some(folder) = beside.parent() {
            clean(folder);
        }
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let mut path = beside.as_os_str().to_owned();
            path.push(format!(".{}-{number}.part", std::process::id()));
            let path = PathBuf::from(path);
            if path.exists() {
                continue;
            }
            connect::make_private(&path)?;
            let file = File::open(&path)?;
            // A cleanup may have run first.
            if file.try_lock().is_ok() && path.exists() {
                return Ok(Self { path, _file: file });
            }
        }
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

/// Removes what processes left that were killed while they wrote. What cannot be removed does no harm.
fn clean(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        let dead = is_leftover(&path)
            && fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_file())
            && File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if dead {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Returns whether a file has the name of a part.
pub(crate) fn is_leftover(path: &Path) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.strip_suffix(".part")?.rsplit_once('.'))
        .is_some_and(|(whole, numbers)| {
            [".db", ".json"]
                .iter()
                .any(|ending| whole.ends_with(ending))
                && numbers
                    .split_once('-')
                    .is_some_and(|(process, number)| is_number(process) && is_number(number))
        })
}

/// Opens a database that nobody else has open, without the locks of `SQLite`.
pub(crate) fn open_alone(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if cfg!(unix) {
        Connection::open_with_flags_and_vfs(path, flags, c"unix-none")
    } else {
        Connection::open_with_flags(path, flags)
    }
}

/// Opens a copy to be read, brought to the newest schema if it is older.
pub(super) fn open(
    path: &Path,
    content: &Content,
    ids: &Ids,
    now: i64,
) -> Result<Connection, StartError> {
    let db = open_foreign(path)?;
    let found = check_kind(&db, path)?;
    if !schema::is_pure(&db, found)? {
        return Err(StartError::Foreign(path.to_owned()));
    }
    if found == schema::NEWEST {
        return Ok(db);
    }
    // An empty name is a file that vanishes.
    let mut newer = Connection::open("")?;
    copy(&db, &mut newer)?;
    connect::distrust(&newer)?;
    schema::migrate(&mut newer, content, ids, now)?;
    Ok(newer)
}

/// Opens a file that may be anything.
fn open_foreign(path: &Path) -> Result<Connection, StartError> {
    // A pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(StartError::Foreign(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    connect::distrust(&db)?;
    Ok(db)
}

/// Returns the version of an instance.
fn check_kind(db: &Connection, path: &Path) -> Result<usize, StartError> {
    let found = schema::version(db).map_err(|error| unreadable(error, path))?;
    let newest = schema::NEWEST;
    if found > newest {
        return Err(StartError::Newer { found, newest });
    }
    let id = "SELECT 1 FROM instance WHERE key = 'id'";
    if found == 0 || db.query_row(id, [], |_| Ok(())).is_err() {
        return Err(StartError::Foreign(path.to_owned()));
    }
    Ok(found)
}

/// Returns whether a file is an instance, of any release.
pub(crate) fn is_instance(path: &Path) -> bool {
    let found = open_foreign(path).and_then(|db| check_kind(&db, path));
    matches!(found, Ok(_) | Err(StartError::Newer { .. }))
}

/// Says what is broken in a copy that somebody gave us: pages, indexes, constraints, or objects that are no JSON.
pub(crate) fn check_whole(path: &Path) -> Result<Option<String>, StartError> {
    let db = open_foreign(path)?;
    let verdict = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    let broken: String = match verdict {
        Ok(verdict) => verdict,
        Err(error) => return Ok(Some(error.to_string())),
    };
    if broken != "ok" {
        return Ok(Some(broken));
    }
    let version = check_kind(&db, path)?;
    if !schema::is_pure(&db, version)? {
        return Err(StartError::Foreign(path.to_owned()));
    }
    let tables =
        "SELECT tables.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND columns.name = 'wire'";
    let tables: Vec<String> = db
        .prepare(tables)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        let bad = format!(
            "SELECT EXISTS (SELECT 1 FROM {table} WHERE typeof(wire) <> 'text' OR NOT json_valid(wire))"
        );
        if db.query_row(&bad, [], |row| row.get(0))? {
            return Ok(Some(format!("an object in {table} is not JSON")));
        }
    }
    Ok(None)
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
    use crate::store::Database;

    #[test]
    fn both_ways_of_writing_make_single_files_with_the_same_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let live = folder.path().join("live.db");
        let mut db = connect::open(
            &Database::File(live),
            &Content::default(),
            &Ids::new(Some(1)),
            1_000,
        )
        .expect("opens");
        db.execute_batch(
            "INSERT INTO images VALUES ('user_1', 'img_1', 'image/png', zeroblob(100000))",
        )
        .expect("writes");
        let parts = ["a", "b"].map(|name| Part::new(&folder.path().join(name)).expect("makes"));
        parts[0].write_at_once(&mut db).expect("writes");
        parts[1].write_by_pages(&db).expect("writes");
        let read = parts.each_ref().map(|part| {
            let copied =
                open(part.path(), &Content::default(), &Ids::new(None), 1_000).expect("opens");
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

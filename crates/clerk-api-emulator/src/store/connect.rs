//! How connections to a database are opened, each for its use.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{Content, Database, own_file, schema};
use crate::id::Ids;
use crate::start_error::StartError;

/// How long a statement waits for another process's write.
const BUSY: Duration = Duration::from_secs(10);
/// Between two tries where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(5);
/// Pages of log after which a commit copies them into the database, where no server does (see `checkpoint`): 64 MiB.
const CHECKPOINT_PAGES: i64 = 16_384;
/// Statements that a connection keeps prepared.
pub(super) const STATEMENTS: usize = 128;

/// Opens the database that will be written to and brings it up to date.
pub(super) fn open(
    database: &Database,
    content: &Content,
    ids: &Ids,
    now: i64,
) -> Result<Connection, StartError> {
    let mut db = match database {
        Database::Memory => Connection::open_in_memory()?,
        Database::File(path) => {
            own_file::check(path)?;
            make_private(path)?;
            Connection::open(path)?
        }
    };
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    distrust(&db)?;
    keep_plans(&db)?;
    db.pragma_update(None, "cache_size", -65_536)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    if matches!(database, Database::File(_)) {
        // The page size can be chosen only before the first write.
        db.pragma_update(None, "page_size", 4_096)?;
        write_ahead(&db)?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        db.pragma_update(None, "mmap_size", 1_i64 << 40)?;
    }
    if let Database::File(path) = database {
        check_own(&db, path)?;
    }
    schema::migrate(&mut db, content, ids, now)?;
    Ok(db)
}

/// Switches to a write-ahead log. Of several processes that do so to a new file SQLite refuses all but one at once, whatever its time
/// limit, since waiting for each other would never end. So it is tried again, for as long as a statement would wait.
pub(super) fn write_ahead(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(Duration::ZERO)?;
    let mut tries = BUSY.as_millis() / PAUSE.as_millis();
    let switched = loop {
        match db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            Err(error) if tries > 0 && is_busy(&error) => tries -= 1,
            other => break other,
        }
        std::thread::park_timeout(PAUSE);
    };
    db.busy_timeout(BUSY)?;
    switched
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

/// Counts the openings for which a seed was given, also those of other processes.
pub(super) fn count_opening(db: &Connection) -> rusqlite::Result<u64> {
    db.query_row(
        "INSERT INTO counters VALUES ('seeded', 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n",
        [],
        |row| row.get(0),
    )
}

/// Opens a connection that does nothing but copy the log into the database.
pub(super) fn open_copying(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(BUSY)?;
    Ok(db)
}

/// Opens another connection to a database that `open` has prepared.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    distrust(&db)?;
    keep_plans(&db)?;
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.pragma_update(None, "query_only", true)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update(None, "mmap_size", 1_i64 << 40)?;
    Ok(db)
}

/// Lets nothing that somebody put into the tables' definitions do more than compute.
pub(super) fn distrust(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "trusted_schema", false)
}

/// Keeps SQLite from preparing a statement anew for each LIMIT, whose value it would otherwise plan with.
fn keep_plans(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Refuses the database of something else, and one with triggers or views that are not ours.
fn check_own(db: &Connection, path: &Path) -> Result<(), StartError> {
    // One transaction: another process may make the database between two reads.
    let snapshot = db.unchecked_transaction()?;
    let found = schema::version(&snapshot)?;
    let sql = "SELECT count(*),
            count(*) FILTER (WHERE type = 'table' AND name IN ('instance', 'counters')),
            count(*) FILTER (WHERE type = 'view'
                OR type = 'trigger' AND name NOT IN ('memberships_come', 'memberships_change', 'memberships_go'))
        FROM sqlite_schema";
    let (all, ours, others): (i64, i64, i64) =
        snapshot.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    drop(snapshot);
    let good = if found == 0 {
        all == 0
    } else {
        ours == 2 && others == 0
    };
    if good {
        Ok(())
    } else {
        Err(StartError::Foreign(path.to_owned()))
    }
}

/// Returns a new database in memory, for tests of single statements.
#[cfg(test)]
pub(crate) fn in_memory(content: &Content) -> Connection {
    open(&Database::Memory, content, &Ids::new(Some(1)), 1).expect("opens")
}

/// Makes the file with no rights for others; SQLite gives its log the same rights.
pub(super) fn make_private(path: &Path) -> Result<(), StartError> {
    if path.exists() {
        return Ok(());
    }
    let mut file = fs_err::OpenOptions::new();
    file.create(true).append(true);
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        use std::os::unix::fs::DirBuilderExt;
        file.mode(0o600);
        folder.mode(0o700);
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        folder.create(parent)?;
    }
    file.open(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use rusqlite::StatementStatus;

    use super::*;

    /// It was a tenth of a page's time.
    #[test]
    fn another_limit_prepares_no_statement_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.db");
        let database = Database::File(path.clone());
        let writer = open(&database, crate::resource::content(), &Ids::new(Some(1)), 1);
        let reader = open_reader(&path).expect("opens");
        for db in [writer.expect("opens"), reader] {
            let mut list = db.prepare("SELECT id FROM users LIMIT ?").expect("SQL");
            for limit in [1, 500, 20] {
                let rows = list.query_map([limit], |_| Ok(())).expect("runs").count();
                assert_eq!(rows, 0);
            }
            assert_eq!(list.get_status(StatementStatus::RePrepare), 0);
        }
    }

    /// SQLite refused the switch to the log, and reads from before and after another's migration looked like somebody else's database.
    #[test]
    fn a_database_that_others_make_at_this_moment_is_ours() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().expect("a folder");
            let database = Database::File(folder.path().join("new.db"));
            let together = Barrier::new(4);
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        together.wait();
                        open(&database, crate::resource::content(), &Ids::new(Some(1)), 1)
                            .expect("opens");
                    });
                }
            });
        }
    }
}

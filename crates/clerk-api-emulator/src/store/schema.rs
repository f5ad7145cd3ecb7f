//! How a connection is opened and how a database comes to the newest schema.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::config::Database;
use crate::id::Ids;
use crate::start_error::StartError;

/// Each brings a database from the version of its position to the next.
const MIGRATIONS: &[&str] = &[include_str!("001.sql"), include_str!("002.sql")];

/// How long a statement waits for another process's write.
const BUSY: Duration = Duration::from_secs(10);
/// Pages of log after which a commit copies them into the database: 64 MiB.
const CHECKPOINT_PAGES: i64 = 16_384;
const STATEMENTS: usize = 128;

/// Opens the database that will be written to and brings it up to date.
pub(super) fn open(database: &Database, ids: &Ids, now: i64) -> Result<Connection, StartError> {
    let mut db = match database {
        Database::Memory => Connection::open_in_memory()?,
        Database::File(path) => {
            make_private(path)?;
            Connection::open(path)?
        }
    };
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.pragma_update(None, "cache_size", -65_536)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    if matches!(database, Database::File(_)) {
        // The page size can be chosen only before the first write.
        db.pragma_update(None, "page_size", 4_096)?;
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        db.pragma_update(None, "mmap_size", 1_i64 << 40)?;
    }
    migrate(&mut db, ids, now)?;
    Ok(db)
}

/// Counts the openings for which a seed was given, also those of other processes.
pub(super) fn count_opening(db: &Connection) -> rusqlite::Result<u64> {
    db.query_row(
        "INSERT INTO counters VALUES ('seeded', 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n",
        [],
        |row| row.get(0),
    )
}

/// Opens another connection to a database that `open` has prepared.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.pragma_update(None, "query_only", true)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update(None, "mmap_size", 1_i64 << 40)?;
    Ok(db)
}

fn migrate(db: &mut Connection, ids: &Ids, now: i64) -> Result<(), StartError> {
    let newest = MIGRATIONS.len();
    if version(db)? == newest {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again: another process may have done it while we waited for the lock.
    let found = version(&tx)?;
    if found > newest {
        return Err(StartError::Newer { found, newest });
    }
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(found) {
        tx.execute_batch(sql)?;
        if step == 0 {
            fill_new(&tx, ids, now)?;
        }
    }
    tx.pragma_update(None, "user_version", i64::try_from(newest).unwrap_or(0))?;
    tx.commit()?;
    Ok(())
}

/// Empties a database in one transaction, so that processes that have it open see it empty too.
pub(super) fn reset(db: &mut Connection, ids: &Ids, now: i64) -> Result<(), StartError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let newest_reorder: i64 = tx
        .query_row("SELECT max(version) FROM reorders", [], |row| row.get(0))
        .optional()?
        .flatten()
        .unwrap_or(0);
    let tables: Vec<String> = tx
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
             ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        // Dropping a search index drops its shadow tables, which are in this list as well.
        tx.execute_batch(&format!("DROP TABLE IF EXISTS \"{table}\""))?;
    }
    for sql in MIGRATIONS {
        tx.execute_batch(sql)?;
    }
    fill_new(&tx, ids, now)?;
    // A version far ahead tells other processes to forget all that they remember of the order.
    tx.execute(
        "INSERT INTO reorders VALUES (?1, '', 0, '')",
        [newest_reorder + 1_000_000],
    )?;
    tx.commit()?;
    db.execute_batch("VACUUM")?;
    Ok(())
}

fn fill_new(db: &Connection, ids: &Ids, now: i64) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO instance VALUES ('id', ?1)",
        [ids.next("ins", now)],
    )?;
    Ok(())
}

fn version(db: &Connection) -> rusqlite::Result<usize> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Makes the file with no rights for others; SQLite gives its log the same rights.
fn make_private(path: &Path) -> Result<(), StartError> {
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

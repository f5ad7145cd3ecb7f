//! An export as a database that nothing can change: its rows, and statements of others with limits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::cell::Cell;
use super::disposable;
use crate::governor::{SystemWall, WallClock as _};

/// So many steps of SQLite's machine lie between two looks at the clock.
const STEPS: i32 = 10_000;
/// The longest text or row of a result, in bytes.
const LONGEST: i32 = 16 * 1024 * 1024;

/// How much a statement may do.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long it may run, in milliseconds.
    pub millis: i64,
    /// How many rows are taken.
    pub rows: usize,
}

impl Bounds {
    /// For what this program itself asks.
    pub const OWN: Self = Self {
        millis: 10 * 60 * 1000,
        rows: usize::MAX,
    };
}

/// A database that is only read.
pub struct Database {
    path: PathBuf,
    connection: Connection,
    /// When the running statement must end, in milliseconds since 1970.
    deadline: Arc<AtomicI64>,
}

impl Database {
    /// Opens an export.
    ///
    /// # Errors
    /// A file that is missing or is no export.
    pub fn open(path: &Path) -> Outcome<Self> {
        if !path.is_file() {
            return Err(
                Problem::usage(format!("there is no file {}", path.display()))
                    .hint("`clerk-api export --to acme.sqlite` writes one"),
            );
        }
        let deadline = Arc::new(AtomicI64::new(i64::MAX));
        let database = connect(path, &deadline).map_err(|error| unreadable(path, &error))?;
        let database = Self {
            path: path.to_owned(),
            connection: database,
            deadline,
        };
        let is_export = "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('meta', 'users', 'organizations', 'memberships')";
        let found = database
            .connection
            .query_row(is_export, [], |row| row.get::<_, i64>(0))
            .map_err(|error| unreadable(path, &error))?;
        if found != 4 {
            let message = format!(
                "{} is a database, and no export of this program",
                path.display()
            );
            return Err(
                Problem::usage(message).hint("`clerk-api export --to acme.sqlite` writes one")
            );
        }
        Ok(database)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes another export's tables readable as `old.users` and so on.
    ///
    /// # Errors
    /// A file that is missing or is no export.
    pub fn attach_old(mut self, other: &Self) -> Outcome<Self> {
        let mut attached = || -> rusqlite::Result<()> {
            self.connection
                .authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
            let name = other.path.to_string_lossy();
            self.connection.execute("ATTACH ? AS old", [name])?;
            self.connection.authorizer(Some(judge))
        };
        attached().map_err(|error| unreadable(&other.path, &error))?;
        Ok(self)
    }

    /// Runs one statement that reads, and gives each row. Returns the names of the columns, and whether there were more rows
    /// than the bounds allow.
    ///
    /// # Errors
    /// A statement that is wrong, writes, or takes too long. What `each` returns as an error ends it.
    pub fn read(
        &self,
        sql: &str,
        bounds: Bounds,
        mut each: impl FnMut(&[String], Vec<Cell<'_>>) -> Outcome<()>,
    ) -> Outcome<(Vec<String>, bool)> {
        let until = now().saturating_add(bounds.millis);
        self.deadline.store(until, Ordering::Relaxed);
        let failed = |error: rusqlite::Error| self.failed(&error, bounds);
        let mut statement = self.connection.prepare(sql).map_err(failed)?;
        if !statement.readonly() || statement.column_count() == 0 {
            return Err(wrong("the statement reads nothing"));
        }
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).map_err(failed)?;
        let mut taken = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            if taken == bounds.rows {
                return Ok((columns, true));
            }
            taken += 1;
            let cells: Result<Vec<_>, _> = (0..columns.len())
                .map(|at| row.get_ref(at).map(Cell::of))
                .collect();
            each(&columns, cells.map_err(failed)?)?;
        }
        drop(rows);
        Ok((columns, false))
    }

    /// All rows of a statement of this program's own.
    ///
    /// # Errors
    /// A file that is no export.
    pub fn rows(&self, sql: &str) -> Outcome<Vec<Vec<Cell<'static>>>> {
        let mut rows = Vec::new();
        self.read(sql, Bounds::OWN, |_, cells| {
            rows.push(cells.into_iter().map(Cell::into_owned).collect());
            Ok(())
        })?;
        Ok(rows)
    }

    fn failed(&self, error: &rusqlite::Error, bounds: Bounds) -> Box<Problem> {
        let seconds = bounds.millis / 1000;
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Problem::new(
                ProblemKind::Failed,
                "too_long",
                format!("the statement ran for {seconds} s, which is the limit"),
            ),
            Some(ErrorCode::AuthorizationForStatementDenied) => {
                wrong("the statement does more than read the tables")
            }
            Some(
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure,
            ) => unreadable(&self.path, error),
            _ => match error {
                rusqlite::Error::MultipleStatement => wrong("there is more than one statement"),
                error => wrong(&format!("the statement is wrong: {}", reason(error))),
            },
        }
    }
}

/// A text as a literal of SQL.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn connect(path: &Path, deadline: &Arc<AtomicI64>) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // In KiB; what a rule sorts beyond it goes to a temporary file.
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.execute_batch("CREATE TEMP TABLE disposable_domains (domain TEXT PRIMARY KEY)")?;
    for domain in disposable::DOMAINS {
        connection.execute("INSERT INTO disposable_domains VALUES (?)", [domain])?;
    }
    connection.pragma_update(None, "query_only", true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    let deadline = Arc::clone(deadline);
    connection.progress_handler(
        STEPS,
        Some(move || now() > deadline.load(Ordering::Relaxed)),
    )?;
    connection.authorizer(Some(judge))?;
    Ok(connection)
}

/// Allows what reads, and nothing else: no file is attached, no setting changed.
fn judge(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Function { .. }
        | AuthAction::Recursive => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

/// Now, in milliseconds since 1970.
fn now() -> i64 {
    SystemWall.micros() / 1000
}

fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

fn wrong(message: &str) -> Box<Problem> {
    Problem::usage(message).hint("`clerk-api audit schema` shows the tables and their columns")
}

fn unreadable(path: &Path, error: &rusqlite::Error) -> Box<Problem> {
    Problem::usage(format!("cannot read {} as an export", path.display()))
        .cause(reason(error))
        .hint("`clerk-api export --to acme.sqlite` writes one")
}

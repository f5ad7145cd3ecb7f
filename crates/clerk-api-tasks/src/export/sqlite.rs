//! One SQLite file with all tables, the views and the indexes.

mod batch;
mod writer;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};
use rusqlite::types::Null;
use rusqlite::{CachedStatement, Connection, OpenFlags};

use self::batch::Batch;
pub(super) use self::writer::Writer;
use super::instant::Iso;
use super::meta::FORMAT_VERSION;
use super::table::{Meta, Record as _, Rows, TABLES, Table, Type, VIEWS, Value, View};

/// Says in the file's head that it is ours: "clkx".
pub const APPLICATION: i32 = 0x636c_6b78;
/// How many rows share a transaction, or some more.
const TRANSACTION: usize = 10_000;

/// A database in the making. Nobody else has it, and a failure leaves nothing that is of use, so it is written without a journal.
#[derive(Debug)]
pub struct Database {
    db: Connection,
    /// The statement that inserts a row, by the table's name.
    insertions: BTreeMap<&'static str, String>,
    /// How many rows the open transaction has.
    open: usize,
}

impl Database {
    /// Makes the tables and views in a new or empty file.
    ///
    /// # Errors
    /// The file cannot be written, or it is not empty.
    pub fn create(path: &Path) -> Outcome<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let db = Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
        Self::prepare(db)
    }

    /// Makes the tables and views in memory.
    ///
    /// # Errors
    /// There is no memory.
    pub fn in_memory() -> Outcome<Self> {
        Self::prepare(Connection::open_in_memory().map_err(|error| failed(&error))?)
    }

    fn prepare(db: Connection) -> Outcome<Self> {
        let head = format!(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -1024;
PRAGMA trusted_schema = OFF; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT_VERSION};
BEGIN;
{}",
            schema()
        );
        db.execute_batch(&head).map_err(|error| failed(&error))?;
        let insertions = TABLES.iter().map(|table| (table.name, insertion(table)));
        Ok(Self {
            db,
            insertions: insertions.collect(),
            open: 0,
        })
    }

    /// Writes down something about the export; a value that is there already is replaced.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn set_meta(&mut self, key: &str, value: &str) -> Outcome<()> {
        let (key, value) = (Some(key.into()), Some(value.into()));
        Meta { key, value }.give(self)
    }

    /// Makes the indexes and returns the database for reading.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> Outcome<Connection> {
        let indexes = indexes();
        let end = format!(
            "{indexes}COMMIT; PRAGMA analysis_limit = 1000; ANALYZE; PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = DELETE"
        );
        self.db
            .execute_batch(&end)
            .map_err(|error| failed(&error))?;
        Ok(self.db)
    }

    /// Writes all rows of a batch.
    fn write(&mut self, batch: &Batch) -> rusqlite::Result<()> {
        let mut statements = BTreeMap::new();
        batch.replay(|table, values| {
            let statement = match statements.entry(table.name) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => free.insert(self.insertion(table)?),
            };
            insert(statement, values)
        })?;
        drop(statements);
        self.open += batch.len();
        if self.open >= TRANSACTION {
            self.db.execute_batch("COMMIT; BEGIN")?;
            self.open = 0;
        }
        Ok(())
    }

    fn insertion(&self, table: &Table) -> rusqlite::Result<CachedStatement<'_>> {
        let sql = self.insertions.get(table.name).map_or("", String::as_str);
        self.db.prepare_cached(sql)
    }
}

fn insert(statement: &mut CachedStatement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    for (place, value) in (1..).zip(values) {
        match value {
            Value::Null => statement.raw_bind_parameter(place, Null)?,
            Value::Text(text) | Value::Json(text) => statement.raw_bind_parameter(place, text)?,
            Value::Integer(number) => statement.raw_bind_parameter(place, number)?,
            Value::Boolean(is) => statement.raw_bind_parameter(place, is)?,
            Value::Timestamp(instant) => {
                let text = Iso::of(*instant);
                statement.raw_bind_parameter(place, text.as_ref().map(Iso::as_str))?;
            }
        }
    }
    statement.raw_execute().map(drop)
}

impl Rows for Database {
    /// A row with the key of an earlier one replaces it.
    fn row(&mut self, table: &'static Table, values: &[Value<'_>]) -> Outcome<()> {
        let insertion = self.insertion(table);
        let done = insertion.and_then(|mut statement| insert(&mut statement, values));
        done.map_err(|error| failed(&error))
    }
}

/// The statements that make all tables and views.
#[must_use]
pub fn schema() -> String {
    let mut sql = String::new();
    for table in TABLES {
        sql.push_str(&table_sql(table));
    }
    for view in VIEWS {
        sql.push_str(&view_sql(view));
    }
    sql
}

fn table_sql(table: &Table) -> String {
    let mut sql = format!("CREATE TABLE {} (\n", table.name);
    for column in table.columns {
        let kind = match column.kind {
            Type::Integer | Type::Boolean => "INTEGER",
            Type::Text | Type::Timestamp | Type::Json => "TEXT",
        };
        let filled = if table.key.contains(&column.name) {
            " NOT NULL"
        } else {
            ""
        };
        let _ = writeln!(sql, "    {} {kind}{filled},", column.name);
    }
    let _ = writeln!(sql, "    PRIMARY KEY ({})\n);", table.key.join(", "));
    sql
}

fn view_sql(view: &View) -> String {
    let names: Vec<&str> = view.columns.iter().map(|column| column.name).collect();
    format!(
        "CREATE VIEW {} ({}) AS\n{};\n",
        view.name,
        names.join(", "),
        view.sql
    )
}

/// The statements that make all indexes.
fn indexes() -> String {
    let mut sql = String::new();
    for table in TABLES {
        for columns in table.indexes {
            let (name, first) = (table.name, columns[0]);
            let _ = writeln!(
                sql,
                "CREATE INDEX {name}_{first} ON {name} ({});",
                columns.join(", ")
            );
        }
    }
    sql
}

fn insertion(table: &Table) -> String {
    let marks = vec!["?"; table.columns.len()].join(",");
    format!("INSERT OR REPLACE INTO {} VALUES ({marks})", table.name)
}

fn failed(error: &rusqlite::Error) -> Box<Problem> {
    Problem::io("cannot write the database of the export", error)
}

#[cfg(test)]
mod tests {
    use clerk_api::time::Timestamp;

    use super::*;
    use crate::export::table::{Json, Membership, Organization, User};

    #[test]
    fn rows_become_what_the_schema_says_and_the_views_read_them() {
        let mut db = Database::in_memory().unwrap();
        let ada = User {
            id: Some("user_1".into()),
            name: Some("Ada".into()),
            primary_email_address: Some("ada@example.com".into()),
            banned: Some(true),
            passkeys_count: Some(2),
            created_at: Some(Timestamp::from_millis(1_795_793_592_345)),
            public_metadata: Some(Json(r#"{"n":1.50}"#.into())),
            ..User::default()
        };
        ada.give(&mut db).unwrap();
        let nobody = User {
            id: Some("user_2".into()),
            ..User::default()
        };
        nobody.give(&mut db).unwrap();
        let acme = Organization {
            id: Some("org_1".into()),
            slug: Some("acme".into()),
            ..Organization::default()
        };
        acme.give(&mut db).unwrap();
        let member = Membership {
            id: Some("orgmem_1".into()),
            organization_id: Some("org_1".into()),
            user_id: Some("user_1".into()),
            role: Some("org:admin".into()),
            ..Membership::default()
        };
        member.give(&mut db).unwrap();
        db.set_meta("consistent", "false").unwrap();
        db.set_meta("consistent", "true").unwrap();
        let db = db.finish().unwrap();
        let text = |sql: &str| {
            db.query_row(sql, [], |row| row.get::<_, String>(0))
                .unwrap()
        };
        assert_eq!(
            text(
                "SELECT banned || ' ' || passkeys_count || ' ' || created_at || public_metadata || coalesce(locked, '-') FROM users WHERE id = 'user_1'"
            ),
            r#"1 2 2026-11-27T15:33:12.345Z{"n":1.50}-"#
        );
        let unknown = "SELECT count(*) FROM users WHERE id = 'user_2' AND coalesce(name, banned, passkeys_count, created_at, public_metadata) IS NULL";
        assert_eq!(
            db.query_row(unknown, [], |row| row.get::<_, u32>(0))
                .unwrap(),
            1
        );
        assert_eq!(text("SELECT value FROM meta"), "true");
        assert_eq!(
            text(
                "SELECT id || kind || display_name || address || status FROM principals WHERE id = 'user_1'"
            ),
            "user_1userAdaada@example.combanned"
        );
        assert_eq!(
            text("SELECT id || organization_slug FROM entitlements"),
            "org_1/org:adminacme"
        );
        assert_eq!(
            text("SELECT principal_id || entitlement_id || address FROM grants"),
            "user_1org_1/org:adminada@example.com"
        );
        let indexes = "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
        let wanted: usize = TABLES.iter().map(|table| table.indexes.len()).sum();
        assert_eq!(
            db.query_row(indexes, [], |row| row.get::<_, usize>(0))
                .unwrap(),
            wanted
        );
    }

    #[test]
    fn a_file_that_holds_something_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        drop(Database::create(&path).unwrap().finish().unwrap());
        assert!(Database::create(&path).is_err());
    }

    #[test]
    fn a_row_without_its_key_is_refused() {
        let mut db = Database::in_memory().unwrap();
        assert!(User::default().give(&mut db).is_err());
    }
}

//! What a statement of others may do over an export: read, for a while, so many rows.

use clerk_api_tasks::audit::Cell;
use clerk_api_tasks::audit::database::{Bounds, Database};

use super::world::World;

const BOUNDS: Bounds = Bounds {
    millis: 5_000,
    rows: 3,
};

fn read(database: &Database, sql: &str, bounds: Bounds) -> Result<(usize, bool), String> {
    let mut rows = 0;
    let read = database.read(sql, bounds, |_, _: Vec<Cell>| {
        rows += 1;
        Ok(())
    });
    let (_, is_cut) = read.map_err(|problem| problem.message)?;
    Ok((rows, is_cut))
}

#[test]
fn rows_and_time_are_bounded() {
    let world = World::new();
    let database = world.open("user a\nuser b\nuser c\nuser d");
    assert_eq!(
        read(&database, "SELECT id FROM users", BOUNDS),
        Ok((3, true))
    );
    assert_eq!(
        read(&database, "SELECT id FROM users LIMIT 3", BOUNDS),
        Ok((3, false))
    );
    let endless =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
    let short = Bounds { millis: 0, rows: 3 };
    assert_eq!(
        read(&database, endless, short),
        Err("the statement ran for 0 s, which is the limit".to_owned())
    );
    assert_eq!(
        read(&database, "SELECT 1", BOUNDS),
        Ok((1, false)),
        "the next one has its own time"
    );
}

#[test]
fn a_statement_that_does_more_than_read_is_refused() {
    let world = World::new();
    let path = world.export("export.sqlite", "user a");
    let before = fs_err::read(&path).unwrap();
    let database = Database::open(&path).unwrap();
    let target = world.path("stolen.sqlite");
    for sql in [
        "DELETE FROM users",
        "UPDATE users SET name = 'x' RETURNING id",
        "INSERT INTO users (id) VALUES ('b')",
        "CREATE TABLE t (a)",
        "CREATE TEMP TABLE t (a)",
        "DROP TABLE users",
        &format!("ATTACH '{}' AS stolen", target.display()),
        &format!("VACUUM INTO '{}'", target.display()),
        "PRAGMA query_only = 0",
        "PRAGMA user_version",
        "BEGIN",
        "SELECT 1; SELECT 2",
        "SELECT load_extension('x')",
        "SELECT randomblob(100000000)",
        "DELETE FROM disposable_domains",
        "",
        "-- nothing",
        "SELECT no_such FROM users",
    ] {
        assert!(read(&database, sql, BOUNDS).is_err(), "{sql}");
    }
    assert!(!target.exists());
    drop(database);
    assert_eq!(fs_err::read(&path).unwrap(), before);
}

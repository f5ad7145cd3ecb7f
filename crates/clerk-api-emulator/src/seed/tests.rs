//! What a seeding leaves in the database, read there. That it is served is tested over HTTP.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::fill::fill;
use super::{Seed, SeedStage, SeedSummary};

const WANTED: Seed = Seed {
    users: 700,
    organizations: 60,
    memberships: None,
    seed: 11,
};

fn filled(path: &Path, wanted: &Seed, fast: bool) -> (SeedSummary, Connection) {
    let summary = fill(path, wanted, fast, &mut |_| {}).expect("fills");
    (summary, Connection::open(path).expect("opens"))
}

fn number(db: &Connection, sql: &str) -> u64 {
    let n: i64 = db.query_row(sql, [], |row| row.get(0)).expect(sql);
    u64::try_from(n).expect("not negative")
}

/// All rows of all tables but the search indexes, which may be cut into parts differently.
fn dump(db: &Connection) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = names(db, "table")
        .into_iter()
        .filter(|name| !name.contains("_search"))
        .map(|name| (name, Vec::new()))
        .collect();
    for (table, rows) in &mut tables {
        let mut statement = db
            .prepare(&format!("SELECT * FROM {table}"))
            .expect("reads");
        let columns = statement.column_count();
        let read = statement.query_map([], |row| {
            let values = (0..columns).map(|n| row.get::<_, rusqlite::types::Value>(n));
            Ok(format!("{:?}", values.collect::<Result<Vec<_>, _>>()?))
        });
        *rows = read.expect("runs").collect::<Result<_, _>>().expect("rows");
    }
    tables
}

fn names(db: &Connection, kind: &str) -> Vec<String> {
    db.prepare(
        "SELECT name FROM sqlite_schema WHERE type = ?1 AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .expect("reads")
    .query_map([kind], |row| row.get(0))
    .expect("runs")
    .collect::<Result<_, _>>()
    .expect("names")
}

fn found(db: &Connection, table: &str, text: &str) -> Vec<i64> {
    db.prepare(&format!(
        "SELECT rowid FROM {table} WHERE {table} MATCH ?1 ORDER BY rowid"
    ))
    .expect("reads")
    .query_map([format!("\"{text}\"")], |row| row.get(0))
    .expect("runs")
    .collect::<Result<_, _>>()
    .expect("numbers")
}

#[test]
fn making_indexes_afterwards_gives_the_same_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let (slow, plain) = filled(&folder.path().join("plain.db"), &WANTED, false);
    let (quick, fast) = filled(&folder.path().join("fast.db"), &WANTED, true);
    assert_eq!(slow, quick);
    for ((table, left), (_, right)) in dump(&plain).into_iter().zip(dump(&fast)) {
        assert_eq!(left, right, "{table}");
    }
    for kind in ["table", "index", "trigger"] {
        assert_eq!(names(&plain, kind), names(&fast, kind));
    }
    for (table, text) in [
        ("users_search", "example.org"),
        ("users_search", "García"),
        ("users_search", "+1555"),
        ("organizations_search", "labs"),
        ("organization_invitations_search", "team@"),
        ("invitations_search", "application"),
    ] {
        let rows = found(&plain, table, text);
        assert!(!rows.is_empty(), "{text}");
        assert_eq!(rows, found(&fast, table, text), "{text}");
    }
    for db in [&plain, &fast] {
        let check: String = db
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .expect("checks");
        assert_eq!(check, "ok");
        let journal: String = db
            .query_row("PRAGMA journal_mode", [], |row| row.get(0))
            .expect("reads");
        assert_eq!(journal, "wal");
        assert_eq!(number(db, "SELECT count(*) FROM search_pending"), 0);
    }
}

#[test]
fn counters_and_members_are_consistent() {
    let folder = tempfile::tempdir().expect("a folder");
    let (summary, db) = filled(&folder.path().join("local.db"), &WANTED, true);
    for (counter, sql) in [
        ("users", "SELECT count(*) FROM users"),
        ("users_banned", "SELECT count(*) FROM users WHERE banned"),
        ("organizations", "SELECT count(*) FROM organizations"),
        ("memberships", "SELECT count(*) FROM memberships"),
        (
            "organization_invitations",
            "SELECT count(*) FROM organization_invitations",
        ),
        (
            "invitations",
            "SELECT count(*) FROM invitations WHERE NOT revoked",
        ),
    ] {
        let kept = number(
            &db,
            &format!("SELECT n FROM counters WHERE name = '{counter}'"),
        );
        assert_eq!(kept, number(&db, sql), "{counter}");
        assert!(kept > 0, "{counter}");
    }
    assert_eq!(
        number(&db, "SELECT count(*) FROM memberships"),
        summary.memberships
    );
    let wrong = "SELECT count(*) FROM organizations AS o 
        WHERE members_count <> (SELECT count(*) FROM memberships WHERE organization_seq = o.seq)
        OR NOT EXISTS (SELECT 1 FROM memberships WHERE organization_seq = o.seq AND role_seq = 1)";
    assert_eq!(number(&db, wrong), 0);
    let early = "SELECT count(*) FROM memberships JOIN users ON users.seq = user_seq
        WHERE memberships.created_at < users.created_at";
    assert_eq!(number(&db, early), 0);
    // A few large organizations, many small ones.
    assert!(number(&db, "SELECT max(members_count) FROM organizations") > 60);
    assert!(
        number(
            &db,
            "SELECT count(*) FROM organizations WHERE members_count < 8"
        ) > 25
    );
    for table in ["invitations", "organization_invitations"] {
        let states = number(&db, &format!("SELECT count(DISTINCT status) FROM {table}"));
        assert_eq!(states, 4, "{table}");
    }
    assert!(
        number(
            &db,
            "SELECT count(*) - count(DISTINCT created_at) FROM users"
        ) > 10
    );
}

#[test]
fn a_second_seeding_goes_on_where_the_first_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    let (first, db) = filled(&path, &WANTED, true);
    let before = dump(&db);
    let (second, db) = filled(&path, &WANTED, true);
    assert_eq!((first.users, second.users), (700, 700));
    let after = dump(&db);
    for table in ["users", "organizations", "memberships", "instance"] {
        assert!(after[table].starts_with(&before[table]), "{table}");
    }
    assert_eq!(after["users"].len(), 1_400);
    assert_eq!(
        number(&db, "SELECT n FROM counters WHERE name = 'users'"),
        1_400
    );
}

#[test]
fn a_transaction_that_is_given_up_leaves_nothing() {
    // reliability 11.6
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("local.db");
    for fast in [true, false] {
        let stopped = std::panic::catch_unwind(|| {
            fill(&path, &WANTED, fast, &mut |progress| {
                assert!(progress.stage != SeedStage::Indexes, "stopped");
            })
        });
        assert!(stopped.is_err());
        let db = Connection::open(&path).expect("opens");
        assert_eq!(number(&db, "SELECT count(*) FROM users"), 0);
        assert_eq!(
            number(
                &db,
                "SELECT count(*) FROM sqlite_schema WHERE name = 'users_by_email'"
            ),
            1
        );
    }
    let (summary, _) = filled(&path, &WANTED, true);
    assert_eq!(summary.users, 700);
}

#[test]
fn different_seeds_make_different_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let emails = |seed: u64| {
        let wanted = Seed {
            users: 40,
            organizations: 0,
            memberships: None,
            seed,
        };
        let (_, db) = filled(&folder.path().join(format!("{seed}.db")), &wanted, false);
        dump(&db)["users"].clone()
    };
    assert_ne!(emails(1), emails(2));
}

#[test]
fn every_address_is_a_mailbox_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, db) = filled(&folder.path().join("local.db"), &WANTED, true);
    let mailbox =
        "replace(substr(value, 1, instr(value, '@')), '.', '') || substr(value, instr(value, '@'))";
    let of_addresses = |what: &str| {
        number(
            &db,
            &format!("SELECT count({what}) FROM identifications WHERE kind = 1"),
        )
    };
    assert!(of_addresses("*") > 500);
    assert_eq!(
        of_addresses(&format!("DISTINCT {mailbox}")),
        of_addresses("*")
    );
    assert_eq!(of_addresses("nullif(instr(value, '+'), 0)"), 0);
}

#[test]
fn as_many_memberships_as_are_wanted_and_as_fit() {
    let made = |memberships, organizations| {
        let folder = tempfile::tempdir().expect("a folder");
        let wanted = Seed {
            users: 100,
            organizations,
            memberships,
            seed: 1,
        };
        let (summary, db) = filled(&folder.path().join("local.db"), &wanted, true);
        let kept = number(&db, "SELECT count(*) FROM memberships");
        assert_eq!(summary.memberships, kept);
        kept
    };
    assert!((70..=80).contains(&made(None, 5)));
    assert!((190..=200).contains(&made(Some(200), 5)));
    assert_eq!(
        made(Some(1000), 2),
        200,
        "nobody is in one organization twice"
    );
}

#[test]
fn nothing_and_organizations_without_users_can_be_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let wanted = Seed {
        users: 0,
        organizations: 2,
        memberships: None,
        seed: 1,
    };
    let (summary, db) = filled(&folder.path().join("local.db"), &wanted, true);
    assert_eq!((summary.organizations, summary.memberships), (2, 0));
    let wanted = Seed {
        users: 0,
        organizations: 0,
        memberships: None,
        seed: 1,
    };
    drop(db);
    let (summary, _) = filled(&folder.path().join("local.db"), &wanted, true);
    assert_eq!(summary, SeedSummary::default());
}

//! Snapshots: kept and restored while others read, write and have the file open.

use std::path::PathBuf;
use std::time::Duration;

use clerk_api_emulator::{Database, SnapshotError, Snapshots, StartError};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use crate::client::{Answer, App, config};

const TOKEN: &str = "lct_test";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("local.db")
    }

    fn app(&self) -> App {
        start(Database::File(self.path()))
    }
}

fn start(database: Database) -> App {
    let mut config = config(database);
    config.control_token = Some(TOKEN.to_owned());
    App::with(config)
}

fn control(app: &mut App, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let body = body.map(Value::to_string);
    let authorization = format!("Bearer {TOKEN}");
    let headers = [("authorization", authorization.as_str())];
    let path = format!("/api/snapshots{path}");
    app.local(method, &path, &headers, body.as_ref().map(String::as_bytes))
}

fn save(app: &mut App, name: &str) {
    control(app, "POST", "", Some(&json!({"name": name}))).ok();
}

fn restore(app: &mut App, name: &str) {
    control(app, "POST", &format!("/{name}/restore"), None).ok();
}

fn count(app: &mut App) -> Value {
    app.get("/users/count").ok().json()["total_count"].clone()
}

#[test]
fn a_state_is_kept_restored_listed_and_forgotten() {
    let folder = Folder::new();
    for database in [Database::Memory, Database::File(folder.path())] {
        let mut app = start(database);
        save(&mut app, "empty");
        let ada = app.user("ada@example.com");
        save(&mut app, "with-ada");
        app.delete(&format!("/users/{ada}")).ok();
        app.user("grace@example.com");
        restore(&mut app, "with-ada");
        assert_eq!(app.get("/users").ok().ids(), [ada.as_str()]);
        assert_eq!(app.get("/users?query=ada@exam").ok().ids(), [ada.as_str()]);
        assert!(app.get("/users?query=grace").ok().ids().is_empty());
        restore(&mut app, "empty");
        assert_eq!(count(&mut app), 0);
        // The address is free again, and a state may be returned to as often as one likes.
        app.user("ada@example.com");
        restore(&mut app, "with-ada");
        assert_eq!(app.get("/users").ok().ids(), [ada.as_str()]);
        let list = control(&mut app, "GET", "", None).ok().json();
        assert_eq!(list["total_count"], 2);
        let names = [&list["data"][0]["name"], &list["data"][1]["name"]];
        assert_eq!(names, ["empty", "with-ada"]);
        assert!(list["data"][0]["bytes"].as_u64().expect("a number") > 10_000);
        control(&mut app, "DELETE", "/empty", None).ok();
        let again = control(&mut app, "DELETE", "/empty", None);
        assert_eq!(again.errors(), "404 snapshot_not_found");
        app.stop();
    }
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let folder = Folder::new();
    for database in [Database::Memory, Database::File(folder.path())] {
        let mut app = start(database);
        app.user("ada@example.com");
        save(&mut app, "one");
        app.user("grace@example.com");
        let name = |name: &str| json!({"name": name});
        for (method, path, body, expected) in [
            ("POST", "", Some(name("one")), "409 snapshot_exists"),
            (
                "POST",
                "",
                Some(name("../one")),
                "422 snapshot_name_invalid",
            ),
            ("POST", "", Some(name("")), "422 snapshot_name_invalid"),
            ("POST", "", Some(json!({})), "400 request_body_invalid"),
            (
                "POST",
                "",
                Some(json!({"name": "x", "y": 1})),
                "400 request_body_invalid",
            ),
            ("POST", "/two/restore", None, "404 snapshot_not_found"),
            (
                "POST",
                "/..%2Fone/restore",
                None,
                "422 snapshot_name_invalid",
            ),
            ("GET", "/one", None, "404 resource_not_found"),
        ] {
            let answer = control(&mut app, method, path, body.as_ref());
            assert_eq!(answer.errors(), expected, "{method} {path} {body:?}");
        }
        assert_eq!(count(&mut app), 2);
        let again = json!({"name": "one", "replace": true});
        control(&mut app, "POST", "", Some(&again)).ok();
        app.user("third@example.com");
        restore(&mut app, "one");
        assert_eq!(count(&mut app), 2);
        // reliability 11.3
        let answer = app.local("POST", "/api/snapshots/one/restore", &[], None);
        assert_eq!(answer.status, 401);
        app.stop();
    }
}

#[test]
fn a_reader_keeps_the_state_that_it_began_with() {
    let folder = Folder::new();
    let mut app = folder.app();
    save(&mut app, "empty");
    for n in 0..40 {
        app.user(&format!("u{n}@example.com"));
    }
    let reader = Connection::open_with_flags(folder.path(), OpenFlags::SQLITE_OPEN_READ_ONLY)
        .expect("opens");
    let users = || -> i64 {
        reader
            .query_row("SELECT count(*) FROM users", [], |row| row.get(0))
            .expect("reads")
    };
    reader.execute_batch("BEGIN").expect("begins");
    assert_eq!(users(), 40);
    restore(&mut app, "empty");
    assert_eq!(users(), 40);
    reader.execute_batch("COMMIT").expect("ends");
    assert_eq!(users(), 0);
    let whole: String = reader
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("checks");
    assert_eq!(whole, "ok");
}

#[test]
fn a_restore_waits_for_another_process_that_writes() {
    let folder = Folder::new();
    let mut app = folder.app();
    save(&mut app, "empty");
    let other = Connection::open(folder.path()).expect("opens");
    other
        .execute_batch("BEGIN IMMEDIATE; INSERT INTO instance VALUES ('other', 'x')")
        .expect("writes");
    let restoring = std::thread::spawn({
        let snapshots = Snapshots::of(&folder.path());
        move || snapshots.restore("empty")
    });
    // Longer than the restoring thread needs to come to the lock; if it did not wait, it would fail at once.
    assert!(!ended_within(&restoring, Duration::from_millis(150)));
    other.execute_batch("COMMIT").expect("commits");
    restoring.join().expect("ends well").expect("restores");
    let left: i64 = other
        .query_row(
            "SELECT count(*) FROM instance WHERE key = 'other'",
            [],
            |row| row.get(0),
        )
        .expect("reads");
    assert_eq!(left, 0);
}

fn ended_within<T>(thread: &std::thread::JoinHandle<T>, time: Duration) -> bool {
    let (_never, told) = std::sync::mpsc::channel::<()>();
    let _ = told.recv_timeout(time);
    thread.is_finished()
}

#[test]
fn what_is_kept_while_others_write_is_whole() {
    let folder = Folder::new();
    let mut app = folder.app();
    let mut writer = folder.app();
    let writing = std::thread::spawn(move || {
        for n in 0..300 {
            writer.user(&format!("u{n}@example.com"));
        }
    });
    for n in 0..12 {
        save(&mut app, &format!("n{n}"));
    }
    writing.join().expect("ends well");
    for n in 0..12 {
        restore(&mut app, &format!("n{n}"));
        let total = count(&mut app);
        let ids = app.get("/users?limit=500").ok().ids();
        assert_eq!(total, ids.len());
        let found = app.get("/users?limit=500&query=@example.com").ok().ids();
        assert_eq!(found, ids);
    }
}

#[test]
fn a_clock_that_steps_and_ids_with_a_seed_go_back_too() {
    let folder = Folder::new();
    for database in [Database::Memory, Database::File(folder.path())] {
        let mut app = start(database);
        app.user("ada@example.com");
        save(&mut app, "base");
        let mut run = || {
            restore(&mut app, "base");
            let body = json!({"email_address": ["grace@example.com"], "password": "correct horse"});
            let answer = app.post("/users", &body).ok();
            (answer.headers.clone(), answer.text)
        };
        assert_eq!(run(), run());
    }
}

#[test]
fn a_file_that_is_no_copy_is_refused_and_changes_nothing() {
    let folder = Folder::new();
    let mut app = folder.app();
    app.user("ada@example.com");
    save(&mut app, "good");
    let kept = folder.0.path().join("local.db.snapshots");
    let good = fs_err::read(kept.join("good.db")).expect("reads");
    for (name, bytes) in [
        ("empty", &b""[..]),
        (
            "text",
            b"not a database at all, but long enough to have a header of its own".as_slice(),
        ),
        ("cut", &good[..good.len() / 2]),
    ] {
        fs_err::write(kept.join(format!("{name}.db")), bytes).expect("writes");
        let answer = control(&mut app, "POST", &format!("/{name}/restore"), None);
        assert_eq!(answer.errors(), "500 internal_clerk_error", "{name}");
        assert_eq!(count(&mut app), 1, "{name}");
    }
    let newer = Connection::open(kept.join("good.db")).expect("opens");
    newer
        .pragma_update(None, "user_version", 9_999)
        .expect("writes");
    drop(newer);
    let refused = Snapshots::of(&folder.path())
        .restore("good")
        .expect_err("is refused");
    assert!(
        matches!(
            refused,
            SnapshotError::Database(StartError::Newer { found: 9_999, .. })
        ),
        "{refused}"
    );
}

#[cfg(unix)]
#[test]
fn kept_states_are_private_and_single_files() {
    // reliability 11.4
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let mut app = folder.app();
    save(&mut app, "one");
    restore(&mut app, "one");
    let kept = folder.0.path().join("local.db.snapshots");
    let mode = |path: &PathBuf| {
        let facts = fs_err::metadata(path).expect("is there");
        facts.permissions().mode() & 0o077
    };
    assert_eq!(mode(&kept), 0);
    let mut names = Vec::new();
    for entry in fs_err::read_dir(&kept).expect("a folder") {
        let entry = entry.expect("an entry");
        assert_eq!(mode(&entry.path()), 0);
        names.push(entry.file_name());
    }
    names.sort();
    assert_eq!(names, ["one.db", "one.json"]);
}

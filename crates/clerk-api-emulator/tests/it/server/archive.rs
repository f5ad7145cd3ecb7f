//! Exported instances: whole, readable, never half, and importable into instances that are in use.

use std::path::{Path, PathBuf};

use clerk_api_emulator::{
    ArchiveError, Database, Emulator, Snapshots, StartError, export, holds_something, import,
};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::client::{App, config};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn app(&self, name: &str) -> App {
        App::with(config(Database::File(self.path(name))))
    }
}

const PASSWORD: &str = "correct horse battery";

fn ada(app: &mut App) -> String {
    let body = json!({
        "email_address": ["ada@example.com"], "password": PASSWORD,
        "private_metadata": {"plan": "gold"},
    });
    app.post("/users", &body).ok().id()
}

#[test]
fn an_export_holds_everything_and_goes_into_a_running_instance() {
    let folder = Folder::new();
    let mut app = folder.app("one.db");
    let id = ada(&mut app);
    app.post(
        "/organizations",
        &json!({"name": "Engines", "created_by": id}),
    )
    .ok();
    let users = app.get("/users").ok().text;
    let manifest = export(&folder.path("one.db"), &folder.path("out"), false).expect("exports");
    assert_eq!(manifest.counts["users"], 1);
    assert_eq!(manifest.counts["memberships"], 1);
    let text = fs_err::read_to_string(folder.path("out/manifest.json")).expect("text");
    let read: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&read["format"], &read["counts"]["organizations"]),
        (&json!(1), &json!(1))
    );
    let mut names: Vec<_> = fs_err::read_dir(folder.path("out"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["instance.db", "manifest.json"]);

    let mut other = folder.app("two.db");
    other.user("grace@example.com");
    assert!(holds_something(&folder.path("two.db")).expect("reads"));
    import(&folder.path("out"), &folder.path("two.db")).expect("imports");
    assert_eq!(other.get("/users").ok().text, users);
    // What never leaves by the API came along.
    let path = format!("/users/{id}/verify_password");
    other.post(&path, &json!({"password": PASSWORD})).ok();
    assert_eq!(
        other.get("/users?query=ada@example").ok().ids(),
        [id.as_str()]
    );
}

#[test]
fn equal_instances_have_equal_manifests() {
    let folder = Folder::new();
    let texts = ["one", "two"].map(|name| {
        let database = format!("{name}.db");
        ada(&mut folder.app(&database));
        export(&folder.path(&database), &folder.path(name), false).expect("exports");
        fs_err::read_to_string(folder.path(name).join("manifest.json")).expect("text")
    });
    assert_eq!(texts[0], texts[1]);
}

#[test]
fn nothing_but_an_earlier_export_is_replaced() {
    let folder = Folder::new();
    ada(&mut folder.app("one.db"));
    let database = folder.path("one.db");
    fs_err::create_dir_all(folder.path("mine")).expect("makes");
    fs_err::write(folder.path("mine/thesis.txt"), "years of work").expect("writes");
    for replace in [false, true] {
        let refused = export(&database, &folder.path("mine"), replace).expect_err("is refused");
        assert!(matches!(refused, ArchiveError::Taken(_)), "{refused}");
    }
    assert_eq!(
        fs_err::read_dir(folder.path("mine"))
            .expect("reads")
            .count(),
        1
    );
    export(&database, &folder.path("out"), false).expect("exports");
    let refused = export(&database, &folder.path("out"), false).expect_err("is refused");
    assert!(matches!(refused, ArchiveError::Taken(_)), "{refused}");
    export(&database, &folder.path("out"), true).expect("replaces");
    let refused =
        export(&folder.path("none.db"), &folder.path("x"), false).expect_err("is refused");
    assert!(matches!(refused, ArchiveError::NoInstance(_)), "{refused}");
    assert!(!folder.path("none.db").exists() && !folder.path("x").exists());
}

#[test]
fn what_is_no_export_is_refused_and_changes_nothing() {
    let folder = Folder::new();
    let mut app = folder.app("one.db");
    ada(&mut app);
    let (database, out) = (folder.path("one.db"), folder.path("out"));
    export(&database, &out, false).expect("exports");
    let refused = |change: &dyn Fn()| {
        change();
        let error = import(&out, &database).expect_err("is refused");
        // What is not ours any more is not replaced.
        fs_err::remove_dir_all(&out).expect("removes");
        export(&database, &out, false).expect("puts it right");
        error
    };
    let copy = out.join("instance.db");
    let manifest = out.join("manifest.json");
    let error = refused(&|| fs_err::write(&manifest, r#"{"format": 2}"#).expect("writes"));
    assert!(matches!(error, ArchiveError::Newer { found: 2 }), "{error}");
    let error = refused(&|| fs_err::write(&manifest, "{}").expect("writes"));
    assert!(matches!(error, ArchiveError::Foreign(_)), "{error}");
    let error = refused(&|| {
        let mut bytes = fs_err::read(&copy).expect("reads");
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4_096].fill(0xAA);
        fs_err::write(&copy, bytes).expect("writes");
    });
    assert!(matches!(error, ArchiveError::Damaged(_)), "{error}");
    let error = refused(&|| fs_err::write(&copy, "").expect("writes"));
    assert!(
        matches!(error, ArchiveError::Database(StartError::Foreign(_))),
        "{error}"
    );
    let error = refused(&|| fs_err::remove_file(&copy).expect("removes"));
    assert!(matches!(error, ArchiveError::Database(_)), "{error}");
    assert_eq!(app.get("/users/count").ok().json()["total_count"], 1);
    import(&out, &database).expect("imports");
}

/// Changes the database of an export.
fn tamper(out: &Path, sql: &str) {
    let db = Connection::open(out.join("instance.db")).expect("opens");
    db.execute_batch(sql).expect(sql);
}

#[test]
fn reliability_11_an_archive_with_more_or_less_than_an_instance_is_refused() {
    let folder = Folder::new();
    let mut app = folder.app("one.db");
    ada(&mut app);
    let database = folder.path("one.db");
    for (name, sql) in [
        ("table", "DROP TABLE users"),
        (
            "trigger",
            "CREATE TRIGGER evil AFTER INSERT ON users BEGIN DELETE FROM organizations; END",
        ),
        (
            "own_trigger",
            "DROP TRIGGER memberships_go;
             CREATE TRIGGER memberships_go AFTER DELETE ON memberships BEGIN DELETE FROM users; END",
        ),
        (
            "hidden_trigger",
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_evil', 'users', 0,
             'CREATE TRIGGER sqlite_evil AFTER INSERT ON users BEGIN DELETE FROM organizations; END')",
        ),
        (
            "view",
            "ALTER TABLE users RENAME TO u2; CREATE VIEW users AS SELECT * FROM u2",
        ),
        ("column", "ALTER TABLE users ADD COLUMN mine TEXT"),
        ("less", "ALTER TABLE mails DROP COLUMN about"),
        ("index", "CREATE INDEX mine ON users (wire)"),
        ("more", "CREATE TABLE mine (x)"),
        ("json", "UPDATE users SET wire = '{'"),
        ("blob", "UPDATE users SET wire = x'7b7d'"),
    ] {
        let out = folder.path(name);
        export(&database, &out, false).expect("exports");
        tamper(&out, sql);
        let refused = import(&out, &database).expect_err(name);
        assert!(
            matches!(
                refused,
                ArchiveError::Damaged(_) | ArchiveError::Database(StartError::Foreign(_))
            ),
            "{name}: {refused}"
        );
    }
    assert_eq!(app.get("/users/count").ok().json()["total_count"], 1);
    // Neither may such a file be used as the instance itself.
    app.stop();
    for sql in [
        "CREATE TRIGGER evil AFTER INSERT ON users BEGIN DELETE FROM organizations; END",
        "CREATE VIEW v AS SELECT 1",
    ] {
        let path = folder.path("two.db");
        fs_err::copy(&database, &path).expect("copies");
        let db = Connection::open(&path).expect("opens");
        db.execute_batch(sql).expect(sql);
        drop(db);
        let refused = Emulator::start(config(Database::File(path))).expect_err(sql);
        assert!(matches!(refused, StartError::Foreign(_)), "{refused}");
    }
}

#[test]
fn the_database_of_something_else_is_left_alone() {
    let folder = Folder::new();
    let path = folder.path("shop.db");
    fs_err::write(&path, "").expect("makes");
    make_private(&path);
    let db = Connection::open(&path).expect("opens");
    db.execute_batch("CREATE TABLE orders (id)").expect("makes");
    drop(db);
    let refused = Emulator::start(config(Database::File(path.clone()))).expect_err("is refused");
    assert!(matches!(refused, StartError::Foreign(_)), "{refused}");
    let db = Connection::open(&path).expect("opens");
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .expect("reads");
    assert_eq!(tables, 1);
}

#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs_err::set_permissions(path, PermissionsExt::from_mode(0o600)).expect("changes");
}

#[cfg(not(unix))]
fn make_private(_: &Path) {}

#[test]
fn only_what_is_ours_by_its_content_is_replaced() {
    let folder = Folder::new();
    ada(&mut folder.app("one.db"));
    let (database, out) = (folder.path("one.db"), folder.path("out"));
    let manifest = out.join("manifest.json");
    export(&database, &out, false).expect("exports");
    let ours = fs_err::read_to_string(&manifest).expect("reads");
    for theirs in [
        r#"{"name":"My progressive web app"}"#.to_owned(),
        ours.replace("clerk-api ", "other "),
        "x".repeat(100_000),
    ] {
        fs_err::write(&manifest, &theirs).expect("writes");
        let refused = export(&database, &out, true).expect_err("is refused");
        assert!(matches!(refused, ArchiveError::Taken(_)), "{refused}");
        let there = fs_err::read_to_string(&manifest).expect("reads");
        assert_eq!(there, theirs);
    }
    fs_err::write(&manifest, &ours).expect("writes");
    let copy = out.join("instance.db");
    fs_err::write(&copy, "my own file").expect("writes");
    export(&database, &out, true).expect_err("is refused");
    assert_eq!(fs_err::read_to_string(&copy).expect("reads"), "my own file");
    // Without the database it is what a killed export leaves, and in nobody's way.
    fs_err::remove_file(&copy).expect("removes");
    fs_err::write(out.join("instance.db.1-0.part"), "half").expect("writes");
    export(&database, &out, false).expect("goes on");
    assert!(!out.join("instance.db.1-0.part").exists());
    import(&out, &folder.path("two.db")).expect("is whole");
}

#[cfg(unix)]
#[test]
fn a_manifest_that_is_no_file_is_refused_and_not_waited_for() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let folder = Folder::new();
    ada(&mut folder.app("one.db"));
    let (database, out) = (folder.path("one.db"), folder.path("out"));
    for name in ["manifest.json", "instance.db"] {
        export(&database, &out, false).expect("exports");
        let path = out.join(name);
        fs_err::remove_file(&path).expect("removes");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("makes a pipe");
        import(&out, &database).expect_err("is refused");
        export(&database, &out, true).expect_err("is refused");
        fs_err::remove_file(&path).expect("removes");
        fs_err::create_dir(&path).expect("makes a folder");
        import(&out, &database).expect_err("is refused");
        fs_err::remove_dir_all(&out).expect("removes");
    }
}

#[test]
fn what_a_killed_save_leaves_is_removed_by_the_next() {
    let folder = Folder::new();
    ada(&mut folder.app("one.db"));
    let snapshots = folder.path("one.db.snapshots");
    let kept = Snapshots::of(&folder.path("one.db"));
    kept.save("first", false).expect("saves");
    let left = ["first.db.4242-0.part", "first.json.7-12.part"];
    let others = ["notes.part", "first.db.x-0.part", "first.db.1-0.part.bak"];
    for name in left.iter().chain(&others) {
        fs_err::write(snapshots.join(name), "half").expect("writes");
    }
    // One that is being written is locked.
    let busy = snapshots.join("busy.db.9-9.part");
    let writing = std::fs::File::create(&busy).expect("makes");
    writing.lock().expect("locks");
    kept.save("second", false).expect("saves");
    assert!(left.iter().all(|name| !snapshots.join(name).exists()));
    assert!(others.iter().all(|name| snapshots.join(name).exists()));
    assert!(busy.exists());
    drop(writing);
    kept.save("third", false).expect("saves");
    assert!(!busy.exists());
    assert_eq!(kept.list().expect("lists").len(), 3);
}

#[test]
fn an_export_of_the_first_release_is_brought_up_to_date() {
    let folder = Folder::new();
    let out = folder.path("out");
    fs_err::create_dir_all(&out).expect("makes");
    let old = Connection::open(out.join("instance.db")).expect("opens");
    old.execute_batch(include_str!(
        "../../../src/store/migrations/001_objects.sql"
    ))
    .expect("makes tables");
    old.execute_batch("INSERT INTO instance VALUES ('id', 'ins_old'); PRAGMA user_version = 1")
        .expect("fills");
    drop(old);
    let manifest =
        json!({"format": 1, "tool": "x", "schema": 1, "instance_id": "ins_old", "counts": {}});
    fs_err::write(out.join("manifest.json"), manifest.to_string()).expect("writes");
    let mut app = folder.app("one.db");
    ada(&mut app);
    import(&out, &folder.path("one.db")).expect("imports");
    assert_eq!(app.get("/users").ok().json(), json!([]));
    ada(&mut app);
    app.stop();
    // It opens as any other, and the export itself was not touched.
    assert_eq!(
        folder.app("one.db").get("/users/count").ok().json()["total_count"],
        1
    );
    let version: i64 = Connection::open(out.join("instance.db"))
        .and_then(|db| db.pragma_query_value(None, "user_version", |row| row.get(0)))
        .expect("reads");
    assert_eq!(version, 1);
}

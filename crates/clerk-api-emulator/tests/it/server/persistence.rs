//! Files: what survives, what several emulators on one file see, what a recording holds.

use std::path::PathBuf;

use clerk_api_emulator::{Database, Emulator, Snapshots};
use serde_json::{Value, json};

use crate::client::{App, config};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("sub").join("local.db")
    }

    fn app(&self) -> App {
        App::with(config(Database::File(self.path())))
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = Folder::new();
    let mut app = folder.app();
    let ids: Vec<String> = (0..20)
        .map(|n| app.user(&format!("u{n}@example.com")))
        .collect();
    app.stop();
    let mut app = folder.app();
    let mut found = app.get("/users?limit=100&order_by=created_at").ok().ids();
    found.sort();
    assert_eq!(found, ids);
    // The same seed and the same time do not make the same ids again.
    assert!(!ids.contains(&app.user("new@example.com")));
}

#[test]
fn two_emulators_on_one_file_see_each_other_at_once() {
    let folder = Folder::new();
    let (mut one, mut two) = (folder.app(), folder.app());
    for n in 0..10 {
        let a = one.user(&format!("a{n}@example.com"));
        two.get(&format!("/users/{a}")).ok();
        assert_eq!(
            two.get("/users?query=example").ok().ids().len(),
            (2 * n + 1).min(10)
        );
        let b = two.user(&format!("b{n}@example.com"));
        assert_eq!(one.get("/users/count").json()["total_count"], 2 * n + 2);
        one.get(&format!("/users?user_id={b}")).ok();
    }
    let taken = one.post("/users", &json!({"email_address": ["b3@example.com"]}));
    assert_eq!(taken.errors(), "422 form_identifier_exists(email_address)");
}

#[test]
fn many_emulators_may_make_the_file_at_the_same_time() {
    let folder = Folder::new();
    std::thread::scope(|scope| {
        for n in 0..6 {
            let folder = &folder;
            scope.spawn(move || {
                let mut app = folder.app();
                app.post("/users", &json!({"username": format!("user-{n}")}))
                    .ok();
            });
        }
    });
    assert_eq!(folder.app().get("/users/count").json()["total_count"], 6);
}

#[test]
fn a_reset_empties_the_file_for_everyone() {
    let folder = Folder::new();
    let mut app = folder.app();
    app.user("a@example.com");
    Emulator::reset(&folder.path()).expect("resets");
    assert_eq!(app.get("/users").ok().json(), json!([]));
    assert_eq!(app.get("/users/count").json()["total_count"], 0);
    app.user("a@example.com");
    assert_eq!(app.get("/users?query=a@example").ok().ids().len(), 1);
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    // reliability 11.4
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let mut app = folder.app();
    app.user("a@example.com");
    let files = fs_err::read_dir(folder.path().parent().expect("a parent")).expect("a folder");
    for file in files {
        let mode = file
            .expect("an entry")
            .metadata()
            .expect("readable")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0);
    }
    app.stop();
}

#[cfg(unix)]
#[test]
fn reliability_9_a_database_that_others_can_read_or_that_is_a_link_is_refused() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    folder.app().user("a@example.com");
    let path = folder.path();
    let refusal = |path: &std::path::Path| {
        let database = Database::File(path.to_owned());
        let refused = Emulator::start(config(database)).expect_err("is refused");
        let saved = Snapshots::of(path).save("x", false);
        assert_eq!(
            saved.expect_err("is refused").to_string(),
            refused.to_string()
        );
        refused.to_string()
    };
    for mode in [0o644, 0o640, 0o602] {
        fs_err::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("changes");
        let wanted = format!("chmod 600 {}", path.display());
        assert!(refusal(&path).contains(&wanted));
    }
    fs_err::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("changes");
    let link = path.with_file_name("link.db");
    symlink(&path, &link).expect("links");
    assert!(refusal(&link).contains("is a link"));
    fs_err::create_dir(path.with_file_name("folder.db")).expect("makes");
    assert!(refusal(&path.with_file_name("folder.db")).contains("is not a file"));
    // A link to nowhere makes no file there.
    let nowhere = path.with_file_name("nowhere.db");
    symlink(folder.0.path().join("elsewhere.db"), &nowhere).expect("links");
    let database = Database::File(nowhere);
    Emulator::start(config(database)).expect_err("is refused");
    assert!(!folder.0.path().join("elsewhere.db").exists());
    // A folder may be reached by a link, as the temporary one of macOS is.
    let way = folder.0.path().join("way");
    symlink(path.parent().expect("a folder"), &way).expect("links");
    let mut app = App::with(config(Database::File(way.join("local.db"))));
    assert_eq!(app.get("/users/count").ok().json()["total_count"], 1);
}

#[test]
fn a_recording_holds_every_exchange_but_no_key() {
    let folder = Folder::new();
    let mut config = config(Database::Memory);
    config.record = Some(folder.0.path().join("record"));
    let mut app = App::with(config);
    app.user("a@example.com");
    app.get("/users?limit=1");
    app.stop();
    let file = fs_err::read_dir(folder.0.path().join("record"))
        .expect("a folder")
        .next();
    let text =
        fs_err::read_to_string(file.expect("a file").expect("an entry").path()).expect("text");
    assert!(!text.contains("sk_test"));
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["method"], "POST");
    assert_eq!(
        lines[0]["request_body"],
        json!({"email_address": ["a@example.com"]}).to_string()
    );
    assert_eq!(
        (&lines[1]["path"], &lines[1]["query"]),
        (&json!("/v1/users"), &json!("limit=1"))
    );
    assert_eq!(
        lines[1]["response_headers"]["content-type"],
        "application/json"
    );
    assert!(
        lines[1]["response_body"]
            .as_str()
            .expect("text")
            .starts_with("[{\"id\":\"user_")
    );
}

//! Where `export` writes to: pre-signed addresses, modes, git repositories, and a folder that is kept up to date.

use std::path::Path;

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::{CANARY, Env, Ran};
use crate::server::{Answer, Server};

/// What lets its holder write to the store.
const SIGNATURE: &str = "CANARYsignature0123456789abcdef";

fn user(env: &Env, name: &str) {
    let address = format!("{name}@example.com");
    env.run(["users", "create", "--email", &address]).json();
}

fn address(store: &Server) -> String {
    format!(
        "{}/bucket/users.csv?X-Amz-Expires=900&X-Amz-Signature={SIGNATURE}",
        store.url
    )
}

/// Exports users to a store, and checks that nobody learns the signature, and that no file is left.
fn sent(env: &Env, to: &str) -> Ran {
    let folder = env.home().join("tmp");
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = env.command(crate::env::BINARY);
    command
        .env("TMPDIR", &folder)
        .args(["-vv", "export", "users", "--to", to]);
    let ran = crate::env::ran(&command.output().unwrap());
    assert!(!format!("{ran:?}").contains(SIGNATURE), "{ran:?}");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    ran
}

fn xml(status: u16, body: &str) -> Answer {
    Answer::Bytes(format!(
        "HTTP/1.1 {status} Status\r\nContent-Length: {}\r\nConnection: close\r\nLocation: https://example.com/\r\n\r\n{body}",
        body.len()
    ))
}

#[test]
fn reliability_7_6_an_export_goes_to_a_pre_signed_address_and_its_signature_nowhere_else() {
    let (_clerk, env) = clerk(&[]);
    user(&env, "ada");
    let store = Server::start(vec![xml(200, "")]);
    let ran = sent(&env, &address(&store));
    let summary = ran.json();
    let shown = format!("{}/bucket/users.csv", store.url);
    assert_eq!(summary["files"][0]["file"], shown);
    let requests = store.requests();
    assert_eq!(requests.len(), 1);
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let wanted =
        format!("PUT /bucket/users.csv?X-Amz-Expires=900&X-Amz-Signature={SIGNATURE} HTTP/1.1");
    assert!(head.starts_with(&wanted), "{head}");
    // The key is for Clerk alone.
    assert!(
        !requests[0].contains(CANARY) && !head.to_lowercase().contains("authorization"),
        "{head}"
    );
    assert_eq!(summary["files"][0]["bytes"], body.len());
    assert!(
        body.starts_with("\"id\"") && body.contains("ada@example.com"),
        "{body}"
    );
}

#[test]
fn what_a_store_answers_is_told_and_an_outage_is_tried_again() {
    let (_clerk, env) = clerk(&[]);
    let store = Server::start(vec![xml(503, ""), xml(200, "")]);
    sent(&env, &address(&store)).json();
    assert_eq!(store.requests().len(), 2);

    let denied = format!(
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message><Echo>{SIGNATURE}</Echo></Error>"
    );
    let store = Server::start(vec![xml(403, &denied)]);
    let error = sent(&env, &address(&store)).error(1);
    assert_eq!(error["code"], "upload_refused");
    let message = error["message"].to_string();
    assert!(
        message.contains("AccessDenied: Request has expired"),
        "{message}"
    );
    assert_eq!(store.requests().len(), 1);

    let store = Server::start(vec![xml(307, "")]);
    let error = sent(&env, &address(&store)).error(1);
    assert!(
        error["hint"].to_string().contains("is not followed"),
        "{error}"
    );

    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let to = format!("http://{closed}/users.csv?sig={SIGNATURE}");
    assert_eq!(sent(&env, &to).error(75)["code"], "connection_failed");
    for wrong in [
        format!("http://example.com/users.csv?sig={SIGNATURE}"),
        format!("https://me:{SIGNATURE}@example.com/users.csv"),
        format!("https://example.com/users?sig={SIGNATURE}"),
    ] {
        sent(&env, &wrong).error(2);
    }
}

#[cfg(unix)]
#[test]
fn reliability_9_a_mode_lets_others_read_and_nobody_else_write() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_clerk, env) = clerk(&[]);
    user(&env, "ada");
    let mode = |name: &str| {
        std::fs::metadata(env.home().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    env.run(["export", "--to", "own.sqlite"]).json();
    env.run(["export", "--to", "shared.sqlite", "--mode", "0640"])
        .json();
    env.run(["export", "users", "--to", "all/", "--mode", "0644"])
        .json();
    assert_eq!(
        (
            mode("own.sqlite"),
            mode("shared.sqlite"),
            mode("all/users.ndjson"),
            mode("all/meta.json")
        ),
        (0o600, 0o640, 0o644, 0o644)
    );
    for wrong in ["0777", "0440", "0646", "1640", "x"] {
        env.run(["export", "--to", "x.sqlite", "--mode", wrong])
            .error(2);
    }
    env.run(["export", "users", "--to", "-", "--mode", "0640"])
        .error(2);
}

#[test]
fn reliability_9_personal_data_in_a_repository_that_does_not_ignore_it_is_warned_of() {
    let (_clerk, env) = clerk(&[]);
    user(&env, "ada");
    let run = |arguments: &[&str]| {
        let ran = env.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stderr
            .contains("is in a git repository that does not ignore it")
    };
    assert!(!run(&["export", "--to", "out.sqlite"]));
    let git = env
        .command("git")
        .args(["init", "--quiet", "repo"])
        .status();
    assert!(git.unwrap().success());
    assert!(run(&["export", "--to", "repo/all.sqlite"]));
    assert!(run(&["export", "users", "--to", "repo/all/"]));
    let rows = env.file("rows.csv", "user_id\nada@example.com\n");
    let rows = rows.to_str().unwrap();
    let lock = |results: &str| {
        run(&[
            "users",
            "lock",
            "--rows",
            rows,
            "--results",
            results,
            "--again",
            "--force",
            "--yes",
        ])
    };
    assert!(lock("repo/results.csv"));
    std::fs::write(
        env.home().join("repo/.gitignore"),
        "*.sqlite\n/all/\n*.csv\n",
    )
    .unwrap();
    assert!(!run(&["export", "--to", "repo/all.sqlite", "--force"]));
    assert!(!run(&["export", "users", "--to", "repo/all/", "--force"]));
    assert!(!lock("repo/results.csv"));
}

fn users(folder: &Path) -> usize {
    std::fs::read_to_string(folder.join("users.ndjson"))
        .unwrap()
        .lines()
        .count()
}

#[test]
fn a_folder_remembers_until_when_it_was_read() {
    let (clerk, env) = clerk(&[]);
    user(&env, "ada");
    let folder = env.home().join("all");
    let next = [
        "export",
        "users",
        "organizations",
        "--to",
        "all/",
        "--since",
        "last",
        "--force",
    ];
    let ran = env.run(next);
    assert_eq!(
        ran.json()["kinds"]["users"],
        json!({"before": 1, "rows": 1, "after": 1, "consistent": true})
    );
    let mark: Value =
        serde_json::from_slice(&std::fs::read(folder.join(".clerk-api-mark.json")).unwrap())
            .unwrap();
    let at = mark["swept_at"]["users"].clone();
    assert!(
        at.is_string() && mark["swept_at"]["memberships"].is_null(),
        "{mark}"
    );
    user(&env, "bob");
    let ran = env.run(next);
    assert_eq!(ran.json()["kinds"]["users"]["since"], at);
    assert!(ran.stderr.contains("other kinds are whole"), "{ran:?}");
    assert!(users(&folder) >= 1);
    drop(clerk);

    let (_clerk, other) = self::clerk(&[]);
    let to = folder.to_str().unwrap();
    let error = other
        .run([
            "export",
            "users",
            "--to",
            &format!("{to}/"),
            "--since",
            "last",
            "--force",
        ])
        .error(9);
    assert_eq!(error["code"], "other_instance");
    other
        .run(["export", "users", "--to", "x.csv", "--since", "last"])
        .error(2);
}

#[test]
fn reliability_4_12_an_export_that_was_cut_goes_on_where_it_ended() {
    for format in ["sqlite", "json", "ndjson"] {
        cut_and_gone_on(format);
    }
}

/// Cuts an export in the second page of users, and goes on with it.
fn cut_and_gone_on(format: &str) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("local.db");
    let wanted = clerk_api_emulator::Seed {
        users: 1200,
        organizations: 5,
        memberships: None,
        seed: 7,
    };
    clerk_api_emulator::seed(&database, &wanted, &mut |_| {}).unwrap();
    let start = |faults: &[&str]| {
        let mut config = clerk_api_emulator::Config::new(CANARY);
        config.database = clerk_api_emulator::Database::File(database.clone());
        config.faults = faults
            .iter()
            .map(|fault| serde_json::from_str(fault).unwrap())
            .collect();
        clerk_api_emulator::Emulator::start(config).unwrap()
    };
    let sound = start(&[]);
    let env = Env::at(sound.url()).config("[http]\nbackoff_ms = 1\nattempts = 1\n");
    let name = format!("all.{format}");
    env.run(["export", "--to", &name]).json();
    let whole = std::fs::read(env.home().join(&name)).unwrap();
    std::fs::remove_file(env.home().join(&name)).unwrap();

    let failing = start(&[r#"{"on":"GET /users","status":500,"nth":3,"times":1}"#]);
    let cut = |url: &str| {
        let mut command = env.command(crate::env::BINARY);
        command
            .env("CLERK_API_URL", url)
            .args(["export", "--to", &name, "--resume"]);
        crate::env::ran(&command.output().unwrap())
    };
    let ran = cut(failing.url());
    assert_ne!(ran.code, 0, "{ran:?}");
    let kept = env.home().join(format!(".{name}.clerk-api-partial"));
    let users = std::fs::read_to_string(kept.join("users.ndjson")).unwrap();
    let rows = users.lines().count();
    assert!(rows == 500 || rows == 1000, "{rows}");
    // A line that was cut is read again.
    std::fs::write(
        kept.join("users.ndjson"),
        format!("{users}{{\"id\":\"user_"),
    )
    .unwrap();

    let ran = cut(sound.url());
    let summary = ran.json();
    assert!(
        ran.stderr.contains(&format!("{rows} users so far")),
        "{ran:?}"
    );
    assert_eq!(
        summary["kinds"]["users"],
        json!({"before": null, "rows": 1200, "after": 1200, "consistent": true})
    );
    assert!(!kept.exists());
    let again = std::fs::read(env.home().join(&name)).unwrap();
    if format == "ndjson" {
        let sorted = |bytes: &[u8]| {
            let mut lines: Vec<String> = String::from_utf8_lossy(bytes)
                .lines()
                .map(str::to_owned)
                .collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&again), sorted(&whole));
    }
    if format == "json" {
        let without_meta = |bytes: &[u8]| {
            let mut document: Value = serde_json::from_slice(bytes).unwrap();
            document.as_object_mut().unwrap().remove("meta");
            document
        };
        assert_eq!(without_meta(&again), without_meta(&whole));
    }
}

//! `local snapshot`, `local export`, `local import`, and the flags that do the same around a server.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::env::{Env, Ran};
use crate::serve::{serve, stop};

fn snapshot(env: &Env, words: &[&str]) -> Ran {
    let mut arguments = vec!["local", "snapshot"];
    arguments.extend(words);
    env.run(arguments)
}

fn user(env: &Env, email: &str) {
    let flags = ["--email", email, "--skip-password-requirement"];
    let mut arguments = vec!["--local", "users", "create"];
    arguments.extend(flags);
    env.run(arguments).json();
}

fn count(env: &Env) -> Value {
    env.run(["--local", "users", "count"]).json()["total_count"].clone()
}

fn names(env: &Env) -> Vec<String> {
    let list = snapshot(env, &["list"]).json();
    let names = list.as_array().unwrap().iter();
    names
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The same commands with a server that runs and without one.
fn check_snapshots(env: &Env) {
    let begin = count(env).as_u64().unwrap();
    assert_eq!(snapshot(env, &["save", "base"]).json()["name"], "base");
    user(env, &format!("ada{begin}@example.com"));
    assert_eq!(
        snapshot(env, &["save", "base"]).error(7)["code"],
        "snapshot_exists"
    );
    snapshot(env, &["save", "more"]).json();
    assert_eq!(snapshot(env, &["restore", "base"]).json()["restored"], true);
    assert_eq!(count(env), begin);
    snapshot(env, &["restore", "more"]).json();
    assert_eq!(count(env), begin + 1);
    snapshot(env, &["save", "base", "--force"]).json();
    assert_eq!(names(env), ["base", "more"]);
    snapshot(env, &["delete", "more"]).json();
    assert_eq!(names(env), ["base"]);
    for words in [["restore", "more"], ["delete", "more"]] {
        assert_eq!(snapshot(env, &words).error(5)["code"], "not_found");
    }
    snapshot(env, &["save", "../base"]).error(2);
    snapshot(env, &["delete", "base"]).json();
}

#[test]
fn snapshots_are_the_same_with_a_running_server_and_without_one() {
    let env = Env::new();
    snapshot(&env, &["save", "base"]).error(5);
    assert!(names(&env).is_empty());
    user(&env, "first@example.com");
    check_snapshots(&env);
    let (child, ready) = serve(&env, &[]);
    check_snapshots(&env);
    // A server that nobody told sees what another process restores.
    let client = Env::new()
        .set("CLERK_API_URL", ready["url"].as_str().unwrap())
        .set("CLERK_SECRET_KEY", ready["secret_key"].as_str().unwrap());
    let served = || client.run(["users", "count"]).json()["total_count"].clone();
    let before = served();
    snapshot(&env, &["save", "told"]).json();
    user(&env, "grace@example.com");
    assert_ne!(served(), before);
    let word = env
        .home()
        .join(".local/share/clerk-api/local/default.db.server");
    let text = std::fs::read(&word).unwrap();
    std::fs::remove_file(&word).unwrap();
    snapshot(&env, &["restore", "told"]).json();
    assert_eq!(served(), before);
    std::fs::write(&word, text).unwrap();
    stop(child, rustix::process::Signal::TERM);
}

#[test]
fn an_instance_goes_to_another_place_by_a_folder() {
    let env = Env::new();
    user(&env, "ada@example.com");
    let report = env.run(["local", "export", "fixture"]).json();
    assert_eq!(report["counts"]["users"], 1);
    assert_eq!(
        env.run(["local", "export", "fixture"]).error(7)["code"],
        "export_exists"
    );
    env.run(["local", "export", "fixture", "--force"]).json();
    env.run(["local", "import", "fixture", "--local=team"])
        .json();
    let users = |instance: &str| {
        env.run([instance, "users", "list"]).json()[0]["email_addresses"][0]["email_address"]
            .clone()
    };
    assert_eq!(users("--local=team"), "ada@example.com");
    // What is there is not replaced unasked.
    user(&env, "grace@example.com");
    env.run(["local", "import", "fixture"]).error(7);
    assert_eq!(count(&env), 2);
    env.run(["local", "import", "fixture", "--yes"]).json();
    assert_eq!(count(&env), 1);
    env.run(["local", "import", "nowhere", "--local=none"])
        .error(2);
    env.run(["local", "export", "x", "--local=none"]).error(5);
}

#[test]
fn a_server_begins_with_an_import_and_ends_with_an_export() {
    let env = Env::new();
    user(&env, "ada@example.com");
    env.run(["local", "export", "fixture"]).json();
    let flags = [
        "--local=ci",
        "--import",
        "fixture",
        "--export-on-exit",
        "fixture",
    ];
    let (child, _) = serve(&env, &flags);
    env.run([
        "--local=ci",
        "users",
        "create",
        "--email",
        "b@example.com",
        "--skip-password-requirement",
    ])
    .json();
    assert_eq!(stop(child, rustix::process::Signal::TERM), Some(0));
    assert_eq!(manifest(&env.home().join("fixture"))["counts"]["users"], 2);
    // Now the instance is not empty.
    env.run([
        "local",
        "serve",
        "--port",
        "0",
        "--local=ci",
        "--import",
        "fixture",
    ])
    .error(7);
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn exec_imports_before_and_exports_after_even_a_failure() {
    let env = Env::new();
    user(&env, "ada@example.com");
    env.run(["local", "export", "fixture"]).json();
    let script =
        "clerk-api users count --jq .total_count; clerk-api local reset --yes >/dev/null; exit 3";
    let words = [
        "local",
        "exec",
        "--import",
        "fixture",
        "--export-on-exit",
        "after",
        "--",
        "sh",
        "-c",
        script,
    ];
    let ran = env.run(words);
    assert_eq!((ran.code, ran.stdout.trim()), (3, "1"), "{ran:?}");
    assert_eq!(manifest(&env.home().join("after"))["counts"]["users"], 0);
    assert_eq!(manifest(&env.home().join("fixture"))["counts"]["users"], 1);
    // What could not be exported is refused before anything runs.
    env.file("mine/notes.txt", "mine");
    let ran = env.run([
        "local",
        "exec",
        "--export-on-exit",
        "mine",
        "--",
        "touch",
        "ran",
    ]);
    ran.error(7);
    assert!(!env.home().join("ran").exists());
}

#[test]
fn each_test_of_a_suite_begins_with_the_same_state_and_the_same_ids() {
    let env = Env::new();
    let script = r#"
      control() { curl -sS -f -X "$1" -H "Authorization: Bearer $CLERK_LOCAL_CONTROL_TOKEN" "$CLERK_LOCAL_URL/local/api$2" \
        -H 'Content-Type: application/json' -d "$3" >/dev/null; }
      create() { clerk-api users create --email "$1" --skip-password-requirement --jq .id; }
      create base@example.com >/dev/null
      control POST /snapshots '{"name":"base"}'
      create a@example.com; create b@example.com
      control POST /snapshots/base/restore ''
      create a@example.com; create b@example.com
      clerk-api local snapshot restore base >/dev/null
      create a@example.com; create b@example.com
      clerk-api users count --jq .total_count
    "#;
    let ran = env.run([
        "local",
        "exec",
        "--clock",
        "2026-01-01T00:00:00Z",
        "--ids",
        "1",
        "--",
        "sh",
        "-e",
        "-c",
        script,
    ]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 7, "{ran:?}");
    assert_eq!(lines[..2], lines[2..4]);
    assert_eq!(lines[..2], lines[4..6]);
    assert_eq!(lines[6], "3");
}

#[test]
fn a_killed_export_leaves_the_one_that_was_there() {
    let env = Env::new();
    env.run(["local", "seed", "--users", "3000"]).json();
    env.run(["local", "export", "fixture"]).json();
    let mut killed = 0;
    for wait in 0..8 {
        let mut child = env
            .command("sh")
            .stdout(Stdio::null())
            .args(["-c", &format!("clerk-api local export fixture --force & sleep 0.00{wait}; kill -9 $! 2>/dev/null")])
            .spawn()
            .unwrap();
        killed += i32::from(child.wait().unwrap().success());
        let report = env
            .run(["local", "import", "fixture", "--local=check", "--yes"])
            .json();
        assert_eq!(report["counts"]["users"], json!(3000));
        let counted = env.run(["--local=check", "users", "count"]).json();
        assert_eq!(counted["total_count"], 3000);
    }
    assert!(killed > 0, "none was killed in time");
}

//! `local serve`: the ready line, other programs at the URL, a clean end.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::env::{BINARY, Env};

pub(crate) fn serve(env: &Env, more: &[&str]) -> (Child, Value) {
    let mut command = env.command(BINARY);
    command
        .args(["local", "serve", "--port", "0", "--ready-json"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    ready(command)
}

/// Starts a server and reads its ready line.
pub(crate) fn ready(mut command: Command) -> (Child, Value) {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

pub(crate) fn stop(child: Child, signal: Signal) -> Option<i32> {
    kill_process(Pid::from_child(&child), signal).unwrap();
    child.wait_with_output().unwrap().status.code()
}

#[test]
fn the_ready_line_is_all_that_another_program_needs() {
    let home = Env::new();
    for signal in [Signal::TERM, Signal::INT] {
        let (child, ready) = serve(&home, &[]);
        assert_eq!(ready["pid"], child.id());
        let url = ready["url"].as_str().unwrap();
        let key = ready["secret_key"].as_str().unwrap();
        let client = Env::new()
            .set("CLERK_API_URL", url)
            .set("CLERK_SECRET_KEY", key);
        assert_eq!(
            client.run(["users", "count"]).json()["object"],
            "total_count"
        );
        client
            .without("CLERK_SECRET_KEY")
            .set("CLERK_SECRET_KEY", "sk_test_another0key")
            .run(["users", "count"])
            .error(4);
        assert_eq!(stop(child, signal), Some(0), "{signal:?}");
    }
}

#[test]
fn the_key_and_the_data_are_the_instances_own() {
    let home = Env::new();
    let (child, ready) = serve(&home, &[]);
    // Another process uses the same instance at the same time.
    let user = home
        .run([
            "--local",
            "users",
            "create",
            "--email",
            "ada@example.com",
            "--skip-password-requirement",
        ])
        .id();
    let client = Env::new()
        .set("CLERK_API_URL", ready["url"].as_str().unwrap())
        .set("CLERK_SECRET_KEY", ready["secret_key"].as_str().unwrap());
    assert_eq!(client.run(["users", "get", &user]).id(), user);
    stop(child, Signal::TERM);
    let (child, again) = serve(&home, &[]);
    assert_eq!(ready["secret_key"], again["secret_key"]);
    stop(child, Signal::TERM);
}

#[test]
fn another_key_can_be_given_but_never_a_live_one() {
    let home = Env::new();
    let (child, ready) = serve(&home, &["--secret-key", "sk_test_chosen0key"]);
    assert_eq!(ready["secret_key"], "sk_test_chosen0key");
    stop(child, Signal::TERM);
    for key in ["sk_live_chosen0key", "nonsense"] {
        let ran = home.run(["local", "serve", "--port", "0", "--secret-key", key]);
        assert!(
            !ran.error(2)["message"].as_str().unwrap().contains("chosen"),
            "{ran:?}"
        );
    }
    home.run([
        "local",
        "serve",
        "--port",
        "0",
        "--default-version",
        "1999-01-01",
    ])
    .error(2);
}

#[test]
fn a_running_server_is_found_by_its_instance() {
    let home = Env::new();
    let (child, ready) = serve(&home, &[]);
    assert!(ready["control_token"].as_str().unwrap().starts_with("lct_"));
    let status = home.run(["local", "status"]).json();
    assert_eq!(status["running"]["pid"], child.id());
    assert_eq!(status["running"]["url"], ready["url"]);
    stop(child, Signal::TERM);
    assert!(home.run(["local", "status"]).json()["running"].is_null());
    // What a killed server leaves behind does not count.
    let (mut child, _) = serve(&home, &[]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(home.run(["local", "status"]).json()["running"].is_null());
}

//! Guards: hostile names, foreign hosts, the wrong environment, read-only, dry runs.

use std::process::Stdio;

use crate::env::{CANARY, Env};
use crate::server::{Answer, Server};

fn quiet_server() -> Server {
    Server::start(vec![Answer::json(200, "", "{}")])
}

#[test]
fn reliability_7_5_hostile_names_are_refused_and_nothing_is_sent() {
    let server = quiet_server();
    let env = Env::at(&server.url);
    let long = "a".repeat(10_000);
    for text in [
        ".",
        "..",
        "a/b",
        "%2F",
        "../x",
        "",
        "user_1/..",
        "user_1?x=1",
        "user_1#x",
        "user_1\n",
        "a\tb",
        &long,
    ] {
        for command in [
            vec!["users", "delete", text],
            vec!["organizations", "get", text],
            vec![
                "organizations",
                "add-member",
                "org_2abc",
                "--role",
                "org:member",
                "--user-id",
                text,
            ],
            vec!["invitations", "revoke", "org_2abc", "--invitation-id", text],
        ] {
            let error = env.run(&command).error(2);
            assert_eq!(error["sent"], "no", "{command:?}");
        }
    }
    assert!(server.requests().is_empty(), "{:?}", server.requests());
}

#[test]
fn reliability_7_3_a_foreign_base_url_is_refused() {
    for url in [
        "https://evil.example",
        "http://api.clerk.com",
        "https://api.clerk.com.evil.example",
        "http://0.0.0.0:80",
        "http://[::ffff:127.0.0.1]",
    ] {
        let error = Env::at(url).run(["users", "list"]).error(2);
        assert_eq!(error["code"], "host_refused", "{url}");
        assert_eq!(error["sent"], "no", "{url}");
    }
    let server = quiet_server();
    let live = Env::at(&server.url).set("CLERK_SECRET_KEY", "sk_live_CANARYcanaryCANARY00");
    assert_eq!(live.run(["users", "list"]).error(2)["code"], "host_refused");
    assert!(server.requests().is_empty());
}

#[test]
fn the_environment_must_be_the_expected_one() {
    let server = quiet_server();
    let env = Env::at(&server.url);
    let error = env
        .run(["--env", "live", "users", "delete", "user_2abc"])
        .error(7);
    assert_eq!(error["code"], "wrong_environment");
    env.run(["--local", "--env", "live", "users", "list"])
        .error(7);
    assert!(server.requests().is_empty());
    assert_eq!(
        env.run(["--env", "test", "users", "get", "user_2abc"]).code,
        0
    );
}

#[test]
fn read_only_refuses_every_write_from_any_source() {
    let server = quiet_server();
    let delete = ["users", "delete", "user_2abc", "--yes"];
    Env::at(&server.url)
        .set("CLERK_API_READ_ONLY", "1")
        .run(delete)
        .error(7);
    Env::at(&server.url)
        .config("read_only = true")
        .run(delete)
        .error(7);
    assert!(server.requests().is_empty());
    assert_eq!(
        Env::at(&server.url)
            .set("CLERK_API_READ_ONLY", "1")
            .run(["users", "get", "user_2abc"])
            .code,
        0
    );
}

/// The guards' variables fail closed: what is no text, and what is no known word, never counts as unset.
#[test]
fn reliability_7_7c_a_variable_that_cannot_be_read_refuses() {
    use std::os::unix::ffi::OsStrExt as _;
    let server = quiet_server();
    let env = Env::at(&server.url);
    for name in [
        "CLERK_API_READ_ONLY",
        "CLERK_API_CONFIRM",
        "CLERK_API_LOCAL",
        "CLERK_API_PROFILE",
        "CLERK_API_URL",
        "CLERK_SECRET_KEY",
        "HTTPS_PROXY",
    ] {
        let output = env
            .command(crate::env::BINARY)
            .env(name, std::ffi::OsStr::from_bytes(b"1\xff"))
            .args(["users", "delete", "user_2abc", "--yes"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(&format!("{name} is not UTF-8")), "{error}");
    }
    let delete = ["users", "delete", "user_2abc", "--yes"];
    for word in ["yes", "TRUE", "on", "please", " ", "0x0"] {
        let env = Env::at(&server.url).set("CLERK_API_READ_ONLY", word);
        env.run(delete).error(7);
    }
    for word in ["ALWAYS", "never", "1", " "] {
        let env = Env::at(&server.url).set("CLERK_API_CONFIRM", word);
        env.run(delete).error(2);
    }
    Env::at(&server.url)
        .run(["--env", "prod", "users", "delete", "user_2abc"])
        .error(2);
    assert!(server.requests().is_empty(), "{:?}", server.requests());
}

#[test]
fn confirm_always_wants_yes_off_a_terminal_too() {
    let server = quiet_server();
    let env = Env::at(&server.url).set("CLERK_API_CONFIRM", "always");
    env.run(["users", "delete", "user_2abc"]).error(7);
    assert!(server.requests().is_empty());
    assert_eq!(env.run(["users", "delete", "user_2abc", "--yes"]).code, 0);
    assert_eq!(
        env.run(["users", "update", "user_2abc", "--first-name", "Ada"])
            .code,
        0
    );
}

#[test]
fn reliability_6_5_a_dry_run_shows_the_request_and_sends_nothing() {
    let server = quiet_server();
    let env = Env::at(&server.url);
    let ran = env.run([
        "--dry-run",
        "users",
        "create",
        "--email",
        "a+b@example.com",
        "--password",
        "CANARY-password",
        "--public",
        r#"{"n":1.50}"#,
    ]);
    insta::assert_snapshot!(ran.stdout, @r#"{"method":"POST","path":"/v1/users","body":{"email_address":["a+b@example.com"],"password":"[redacted]","public_metadata":{"n":1.50}}}"#);
    // A dry run needs no key.
    assert_eq!(
        Env::new()
            .run(["--dry-run", "organizations", "delete", "org_2abc"])
            .json()["method"],
        "DELETE"
    );
    assert!(server.requests().is_empty());
}

#[test]
fn an_update_of_nothing_is_a_mistake() {
    let error = Env::at("http://127.0.0.1:1")
        .run(["users", "update", "user_2abc"])
        .error(2);
    assert!(
        error["hint"].as_str().unwrap().contains("--external-id"),
        "{error}"
    );
}

#[test]
fn a_closed_output_is_silent() {
    let server = Server::start(vec![Answer::json(
        200,
        "",
        &format!("[{}]", vec![r#"{"id":"user_2abc"}"#; 20_000].join(",")),
    )]);
    let env = Env::at(&server.url);
    let mut child = env
        .command(crate::env::BINARY)
        .args(["users", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn reliability_p3_the_key_is_in_no_output_at_any_verbosity() {
    let echo = format!(
        r#"{{"errors":[{{"message":"bad key {CANARY}","long_message":"bad key {CANARY}","code":"clerk_key_invalid"}}]}}"#
    );
    let failing = Server::start(vec![Answer::json(401, "", &echo)]);
    let fine = quiet_server();
    let lines: [&[&str]; 11] = [
        &["doctor"],
        &["doctor", "--offline"],
        &["users", "list"],
        &["users", "get", "user_2abc"],
        &["users", "delete", "user_2abc"],
        &["users", "ban", "user_2abc", "user_2def", "--yes"],
        &[
            "organizations",
            "create",
            "--name",
            CANARY,
            "--dry-run",
            "--wrong",
        ],
        &["--key-file", "/nowhere", "users", "list"],
        &["--local", "local", "status"],
        &["users", "list", "--output", CANARY],
        &["users", "get", CANARY],
    ];
    // Side by side, since some are tried again after a pause.
    std::thread::scope(|scope| {
        for url in [&failing.url, &fine.url] {
            for line in lines {
                scope.spawn(move || {
                    let ran = Env::at(url).run(line.iter().chain(&["-vv"]));
                    assert!(!ran.stdout.contains("CANARY"), "{line:?}: {}", ran.stdout);
                    assert!(!ran.stderr.contains("CANARY"), "{line:?}: {}", ran.stderr);
                });
            }
        }
    });
}

#[test]
fn reliability_7_8_no_panic_on_closed_standard_error() {
    let env = Env::new();
    let status = env
        .command("/bin/sh")
        .arg("-c")
        .arg("clerk-api users list 2>&-; echo $?")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&status.stdout), "4\n");
}

/// What runs in the background of a shell, or under nohup, ignores INT or HUP, and hands that on to its children.
fn is_ignored_here(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[test]
fn reliability_5_an_interrupt_is_died_of() {
    use std::os::unix::process::ExitStatusExt as _;

    use rustix::process::{Pid, Signal, kill_process};
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        if is_ignored_here(signal.as_raw()) {
            continue;
        }
        let server = Server::start(vec![Answer::Silence]);
        let env = Env::at(&server.url);
        let mut child = env
            .command(crate::env::BINARY)
            .args(["users", "list"])
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        server.wait_for_a_request();
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(signal.as_raw()));
    }
}

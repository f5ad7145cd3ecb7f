//! What is shown of what was done, and what is said where it cannot be shown.

use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::clerk::clerk;
use crate::env::{BINARY, Env, Ran};
use crate::server::{Answer, Server};

const CREATE: [&str; 4] = ["users", "create", "--username", "adaada"];

fn user(id: &str) -> Answer {
    Answer::json(200, "", &format!(r#"{{"id":"{id}","object":"user"}}"#))
}

fn at(answers: Vec<Answer>) -> (Server, Env) {
    let server = Server::start(answers);
    let env = Env::at(&server.url);
    (server, env)
}

/// The filters that ended processes.
fn hostile() -> Vec<(String, bool)> {
    vec![
        ("def f: [f]; f".to_owned(), true),
        ("import \"x\" as $d; $d".to_owned(), false),
        ("include \"x\"; .".to_owned(), false),
        ("(".repeat(50_000), false),
        (".|".repeat(30_000) + ".", false),
        ("nosuchfunction".to_owned(), false),
    ]
}

#[test]
fn reliability_5_sent_is_never_no_once_a_write_was_answered() {
    let no_id = Answer::json(200, "", r#"{"object":"user"}"#);
    for (answer, flags) in [
        (user("user_2a"), ["--jq", "error(\"x\")"]),
        (user("user_2a"), ["--jq", "def f: [f]; f"]),
        (no_id, ["--output", "ids"]),
    ] {
        let (server, env) = at(vec![answer]);
        let ran = env.run(CREATE.iter().chain(&flags));
        let error = ran.error(1);
        assert_eq!(error["sent"], "yes", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("the request itself was done"), "{error}");
        let with_id = flags[0] == "--jq";
        assert_eq!(error["ids"] == json!(["user_2a"]), with_id, "{error}");
        assert_eq!(message.contains("user_2a"), with_id, "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn reliability_5_a_lookup_that_fails_sent_nothing_of_the_write() {
    let (_server, env) = at(vec![Answer::error(403, "", "x", "no")]);
    let ran = env.run(["users", "ban", "ada@example.com"]);
    assert_eq!(ran.error(6)["sent"], "no");
}

#[test]
fn a_filter_is_known_to_work_before_anything_is_sent() {
    let (server, env) = at(vec![user("user_2a")]);
    for (code, compiles) in hostile() {
        let ran = env.run(CREATE.iter().copied().chain(["--jq", &code]));
        let shown = &code[..code.len().min(30)];
        if compiles {
            assert_eq!(ran.error(1)["sent"], "yes", "{shown}");
        } else {
            assert_eq!(ran.error(2)["sent"], "no", "{shown}");
        }
    }
    let deep = "a.".repeat(40_000) + "a";
    env.run(CREATE.iter().copied().chain(["--fields", &deep]))
        .error(2);
    env.run(["local", "status", "--jq", "("]).error(2);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_list_has_one_shape_however_long_the_walk() {
    let page = r#"{"data":[{"id":"org_2a"},{"id":"org_2b"}],"total_count":2}"#;
    let (_server, env) = at(vec![Answer::json(200, "", page)]);
    for more in [&[][..], &["--all"], &["--limit", "2"], &["--limit", "900"]] {
        let ran = env.run(["organizations", "list"].iter().chain(more));
        assert_eq!(ran.stdout, format!("{page}\n"), "{more:?}");
        let filtered = env.run(
            ["orgs", "list", "--jq", ".total_count, (.data|length)"]
                .iter()
                .chain(more),
        );
        assert_eq!(filtered.stdout, "2\n2\n", "{more:?} {filtered:?}");
        let rows = env.run(
            ["orgs", "list", "-o", "ndjson", "--jq", ".id"]
                .iter()
                .chain(more),
        );
        assert_eq!(rows.stdout, "org_2a\norg_2b\n", "{more:?}");
        let csv = env.run(
            ["orgs", "list", "-o", "csv", "--jq", ".data[]|{id}"]
                .iter()
                .chain(more),
        );
        assert_eq!(
            csv.stdout, "\"id\"\r\n\"org_2a\"\r\n\"org_2b\"\r\n",
            "{more:?}"
        );
    }
}

#[test]
fn reliability_2_10_a_row_that_cannot_be_read_is_named_and_the_others_appear() {
    let deep = format!("{}1{}", "{\"a\":".repeat(130), "}".repeat(130));
    let page = format!(
        r#"[{{"id":"user_2a"}},{{"id":"user_2b","unsafe_metadata":{deep}}},{{"id":"user_2c"}}]"#
    );
    let (_server, env) = at(vec![Answer::json(200, "", &page)]);
    assert_eq!(env.run(["users", "list"]).stdout, format!("{page}\n"));
    let ids = env.run(["users", "list", "--output", "ids"]);
    assert_eq!(
        (ids.code, ids.stdout.as_str()),
        (0, "user_2a\nuser_2b\nuser_2c\n")
    );
    let ran = env.run(["users", "list", "--jq", ".[].id"]);
    assert_eq!(ran.stdout, "user_2a\nuser_2c\n");
    assert!(
        ran.stderr.contains("row 2 (user_2b) is left out"),
        "{ran:?}"
    );
    let error = ran.error(3);
    assert_eq!(
        (&error["code"], &error["sent"]),
        (&json!("rows_left_out"), &json!("yes"))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_write_that_tells_what_was_done() {
    let (server, env) = at(vec![user("user_2a")]);
    let output = onto_a_full_disk(&env, &["users", "create", "--username", "adaada"]);
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(74), "{error}");
    assert_eq!(
        (&error["sent"], &error["ids"]),
        (&json!("yes"), &json!(["user_2a"]))
    );
    assert_eq!(server.requests().len(), 1);
    // A read ends with the first row that cannot be shown.
    let output = onto_a_full_disk(&env, &["users", "get", "user_2a", "user_2b", "user_2c"]);
    assert_eq!(output.status.code(), Some(74), "{output:?}");
    assert_eq!(server.requests().len(), 2);
}

#[cfg(target_os = "linux")]
fn onto_a_full_disk(env: &Env, arguments: &[&str]) -> std::process::Output {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = env.command(BINARY);
    command.args(arguments).stdout(full).output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn reliability_4_11_a_job_whose_document_cannot_be_shown_is_done_and_says_so() {
    let (_clerk, env) = clerk(&[]);
    env.file("people.csv", "username\nada-l\nbo-b\n");
    let create = [
        "users",
        "create",
        "--rows",
        "people.csv",
        "--skip-password-requirement",
        "--yes",
        "--again",
    ];
    let output = onto_a_full_disk(&env, &create);
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(74), "{error}");
    assert_eq!(error["sent"], "yes");
    let id = env.run(["jobs", "list"]).json()[0]["id"].clone();
    let hint = format!("clerk-api jobs show {}", id.as_str().unwrap());
    assert!(error["hint"].as_str().unwrap().contains(&hint), "{error}");
    assert_eq!(
        env.run(["users", "list"]).json().as_array().unwrap().len(),
        2
    );
    // So it is where nobody reads.
    let mut child = started(&env, &create);
    drop(child.stdout.take());
    ended(child).0.error(74);
}

fn started(env: &Env, arguments: &[&str]) -> Child {
    env.command(BINARY)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Its result, and whether a signal ended it.
fn ended(child: Child) -> (Ran, bool) {
    use std::os::unix::process::ExitStatusExt as _;
    let output = child.wait_with_output().unwrap();
    // As a shell shows it.
    let died = output.status.signal().map(|signal| 128 + signal);
    let ran = Ran {
        code: output.status.code().or(died).unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    (ran, died.is_some())
}

#[cfg(unix)]
#[test]
fn reliability_4_11_a_run_that_is_interrupted_tells_what_it_did() {
    use rustix::process::{Pid, Signal, kill_process};
    let users = r#"[{"id":"user_2a"},{"id":"user_2b"},{"id":"user_2c"},{"id":"user_2d"}]"#;
    for (first, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        for filter in [&[][..], &["--jq", "."]] {
            let (server, env) = at(vec![
                Answer::json(200, "", r#"{"id":"ins_2a"}"#),
                Answer::json(200, "", users),
                user("user_2a"),
                user("user_2b"),
                Answer::Silence,
            ]);
            let arguments = [
                "users", "lock", "user_2a", "user_2b", "user_2c", "user_2d", "--yes",
            ];
            let arguments: Vec<&str> = arguments.iter().chain(filter).copied().collect();
            let child = started(&env, &arguments);
            server.wait_for_requests(5);
            let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
            // The second one means that nobody waits for the response in flight.
            let second = if first == Signal::TERM {
                Signal::INT
            } else {
                Signal::TERM
            };
            kill_process(pid, first).unwrap();
            kill_process(pid, second).unwrap();
            let (ran, died) = ended(child);
            let codes = [code, if second == Signal::TERM { 143 } else { 130 }];
            assert!(codes.contains(&ran.code), "{ran:?}");
            assert!(
                died,
                "it died of the signal, so that a shell's loop ends too"
            );
            let error = ran.error(ran.code);
            assert_eq!(
                (&error["code"], &error["sent"]),
                (&json!("interrupted"), &json!("unknown"))
            );
            let hint = error["hint"].as_str().unwrap();
            assert!(hint.contains("clerk-api jobs resume "), "{error}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn few_open_files_are_an_error_and_no_panic() {
    let (_server, env) = at(vec![Answer::json(200, "", "[]")]);
    let env = env.config("[http]\nattempts = 1\ntotal_ms = 300\nlooks_ms = [0, 1, 1]\n");
    for files in 4..12 {
        for command in [
            "users list",
            "users list --all",
            "users ban user_2a user_2b --yes",
            "users list --jq .",
        ] {
            let ran = env.shell(&format!("ulimit -n {files}; clerk-api {command}"));
            // 1: the files were enough to read the stub's `[]`, which is no instance and no user.
            assert!(
                [0, 1, 3, 8, 74, 75].contains(&ran.code),
                "{files} {command} {ran:?}"
            );
        }
    }
}

//! Walks over lists that change, and notes about waits.

use crate::env::Env;
use crate::pty;
use crate::server::{Answer, Server};

/// Users that are counted as four, of whom only two can be read.
fn shrinking() -> Server {
    Server::answering(|_, request| {
        let line = request.lines().next().unwrap_or_default();
        if line.contains("/users/count") {
            Answer::json(200, "", r#"{"object":"total_count","total_count":4}"#)
        } else if line.contains("starting_after") {
            Answer::json(200, "", "[]")
        } else {
            Answer::json(200, "", r#"[{"id":"user_1"},{"id":"user_2"}]"#)
        }
    })
}

#[test]
fn reliability_4_12_a_walk_that_is_not_known_to_be_whole_says_so() {
    let server = shrinking();
    let env = Env::at(&server.url);
    let run = env.run(["users", "list", "--all", "-o", "ids"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "user_1\nuser_2\n"));
    assert_eq!(
        run.stderr.trim(),
        "warning: the list changed during the walk, so rows may be missing: 2 rows shown, 4 counted before, 4 after"
    );
    let run = env.run(["users", "list", "--all", "-o", "ids", "--strict"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, "user_1\nuser_2\n"));
    assert!(
        run.stderr.contains(r#""code":"not_whole""#),
        "{}",
        run.stderr
    );
}

#[test]
fn reliability_2_2_a_person_is_told_what_a_long_wait_is_for() {
    let server = Server::start(vec![
        Answer::json(503, "Retry-After: 2\r\n", ""),
        Answer::json(200, "", r#"{"id":"user_1"}"#),
    ]);
    let shown = pty::run(&Env::at(&server.url), &["users", "get", "user_1"], "");
    assert_eq!(shown.code, 0, "{shown:?}");
    let told = "waiting: the server responded with 503; trying again in 2 s";
    assert!(shown.screen.contains(told), "{shown:?}");
}

#[test]
fn reliability_2_9b_the_error_that_came_is_told() {
    let server = Server::answering(|_, request| {
        if request.starts_with("POST") {
            Answer::error(500, "", "internal_clerk_error", "Something broke.")
        } else {
            Answer::json(200, "", "[]")
        }
    });
    let args = [
        "users",
        "create",
        "--email",
        "ada@example.com",
        "--skip-password-requirement",
    ];
    let quick = "[http]\nbackoff_ms = 1\nlooks_ms = [0, 1, 1]\n";
    let run = Env::at(&server.url).config(quick).run(args);
    assert_eq!(run.code, 8, "{}", run.stderr);
    for part in [
        r#""http":500"#,
        r#""clerk_code":"internal_clerk_error""#,
        r#""trace_id":"0123456789abcdef0123456789abcdef""#,
        r#""sent":"unknown""#,
        "the API responded with 500 (internal_clerk_error)",
        "Something broke",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

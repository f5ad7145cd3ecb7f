//! Questions at a terminal.

use crate::clerk::{clerk, users};
use crate::env::{CANARY, Env};
use crate::pty;
use crate::server::{Answer, Server};

fn server() -> Server {
    Server::start(vec![Answer::json(
        200,
        "",
        r#"{"id":"user_2abc","deleted":true}"#,
    )])
}

#[test]
fn a_deletion_asks_first_and_no_means_no() {
    for typed in ["n\n", "\n", "\x04"] {
        let server = server();
        let shown = pty::run(
            &Env::at(&server.url),
            &["users", "delete", "user_2abc"],
            typed,
        );
        assert_eq!(shown.code, 7, "{shown:?}");
        assert!(
            shown
                .screen
                .contains("Permanently delete user user_2abc? [y/N]"),
            "{shown:?}"
        );
        assert!(
            shown
                .screen
                .contains("error: not confirmed: nothing was sent"),
            "{shown:?}"
        );
        assert!(server.requests().is_empty());
    }
    let server = server();
    let shown = pty::run(
        &Env::at(&server.url),
        &["users", "delete", "user_2abc"],
        "y\n",
    );
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.stdout.contains("\"deleted\":true"), "{shown:?}");
    assert!(
        shown.screen.contains("test instance at http://127.0.0.1:"),
        "reliability 6.4: {shown:?}"
    );
}

#[test]
fn yes_skips_the_question() {
    let server = server();
    let shown = pty::run(
        &Env::at(&server.url),
        &["users", "delete", "user_2abc", "--yes"],
        "",
    );
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(!shown.screen.contains("[y/N]"), "{shown:?}");
}

#[test]
fn deleting_many_wants_the_count_typed() {
    let (_clerk, env) = clerk(&[]);
    let ids = users(&env, ["ada-l", "bo-b"]);
    let delete = ["users", "delete", &ids[0], &ids[1]];
    let count = || env.run(["users", "list"]).json().as_array().unwrap().len();
    assert_eq!(pty::run(&env, &delete, "yes\n").code, 7);
    assert_eq!(count(), 2);
    let shown = pty::run(&env, &delete, "2\n");
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.screen.contains("2 rows of the command line:"),
        "{shown:?}"
    );
    assert_eq!(count(), 0);
}

#[test]
fn banning_many_asks_with_the_count() {
    let (_clerk, env) = clerk(&[]);
    let shown = pty::run(&env, &["users", "ban", "user_2abc", "user_2def"], "n\n");
    assert_eq!(shown.code, 7);
    assert!(shown.screen.contains("Ban 2 users? [y/N]"), "{shown:?}");
}

#[test]
fn an_error_is_a_sentence_with_facts_and_hints() {
    let server = Server::start(vec![Answer::error(
        404,
        "",
        "resource_not_found",
        "No user was found with id user_2abc\u{202e}\\u001b[31m.",
    )]);
    let shown = pty::run(
        &Env::at(&server.url).set("NO_COLOR", "1"),
        &["users", "get", "user_2abc"],
        "",
    );
    assert_eq!(shown.code, 5);
    insta::assert_snapshot!(shown.screen, @r"
    error: cannot show user user_2abc: the API says: No user was found with id user_2abc\u{202e}\x1b[31m
      answer: HTTP 404, resource_not_found, trace 0123456789abcdef0123456789abcdef
    hint: check the id: `clerk-api users list --query TEXT` finds users; `clerk-api doctor` shows which instance the key belongs to
    ");
}

#[test]
fn reliability_6_a_live_deletion_wants_the_id_typed() {
    let env = Env::new().set("CLERK_SECRET_KEY", CANARY.replace("test", "live"));
    let shown = pty::run(&env, &["users", "delete", "user_2abc"], "y\n");
    assert_eq!(shown.code, 7, "{shown:?}");
    assert!(
        shown.screen.contains("Type user_2abc to continue"),
        "{shown:?}"
    );
}

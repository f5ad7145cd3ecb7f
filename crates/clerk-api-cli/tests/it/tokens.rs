//! Sessions and tokens: what lets somebody in is on standard output alone, because it was asked for.

use serde_json::Value;

use crate::env::Env;
use crate::server::{Answer, Server};

const SECRET: &str = "CANARY-secret";

#[test]
fn a_session_has_a_token_from_the_command_line() {
    let env = Env::new().set("CLERK_API_LOCAL", "1");
    let made = ["users", "create", "--email", "ada@example.com"];
    env.run(made).json();
    let session = env.run(["sessions", "create", "--user-id", "ada@example.com"]);
    let session = session.json()["id"].as_str().unwrap().to_owned();
    let ran = env.run(["sessions", "token", &session, "-vv"]);
    let token = ran.json()["jwt"].as_str().unwrap().to_owned();
    assert_eq!(token.split('.').count(), 3);
    assert!(!ran.stderr.contains(&token), "{}", ran.stderr);
    let template = [
        "jwt-templates",
        "create",
        "--name",
        "shop",
        "--claims",
        "{}",
    ];
    env.run(template).json();
    let ran = env.run(["sessions", "template-token", &session, "--template", "shop"]);
    assert!(ran.json()["jwt"].is_string(), "{ran:?}");
    let listed = env.run([
        "sessions",
        "list",
        "--user-id",
        "ada@example.com",
        "--output",
        "ids",
    ]);
    assert_eq!(listed.stdout.trim(), session);
    assert_eq!(
        env.run(["sessions", "revoke", &session]).json()["status"],
        "revoked"
    );
    let keys = env.run(["jwks", "get"]).json();
    assert_eq!(keys["keys"][0]["kty"], "RSA");
}

#[test]
fn reliability_7_6_a_dry_run_shows_no_secret() {
    let env = Env::new();
    let commands = [
        vec![
            "sessions",
            "refresh",
            "sess_1",
            "--expired-token",
            SECRET,
            "--refresh-token",
            SECRET,
            "--request-origin",
            "https://example.com",
        ],
        vec![
            "jwt-templates",
            "create",
            "--name",
            "shop",
            "--claims",
            "{}",
            "--custom-signing-key",
            "--signing-algorithm",
            "HS256",
            "--signing-key",
            SECRET,
        ],
    ];
    for mut command in commands {
        command.push("--dry-run");
        let ran = env.run(&command);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("[redacted]"), "{}", ran.stdout);
        let shown = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn reliability_1_a_token_of_which_nothing_is_known_is_not_made_again() {
    let server = Server::start(vec![Answer::json(503, "", "{}")]);
    let env = Env::at(&server.url);
    for command in [
        ["sign-in-tokens", "create", "--user-id", "user_1"].as_slice(),
        &[
            "actor-tokens",
            "create",
            "--user-id",
            "user_1",
            "--actor",
            r#"{"sub":"user_2"}"#,
        ],
        &["testing-tokens", "create"],
        &["sessions", "token", "sess_1"],
    ] {
        let before = server.requests().len();
        let error: Value = env.run(command).error(8);
        assert_eq!(error["sent"], "unknown", "{command:?} {error}");
        assert_eq!(server.requests().len(), before + 1, "{command:?}");
    }
}

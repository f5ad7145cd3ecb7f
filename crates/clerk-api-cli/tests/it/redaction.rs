//! What a server sends back of key and request is shown nowhere (reliability.md 7.6).

use crate::env::{CANARY, Env};
use crate::server::{Answer, Server};

const PASSWORD: &str = "hunter2 hunter2\"&";

fn page(status: u16, body: &str) -> Answer {
    Answer::Bytes(format!(
        "HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ))
}

#[test]
fn reliability_7_6_a_password_that_comes_back_is_not_shown() {
    let quoted = serde_json::to_string(PASSWORD).unwrap();
    let nested = serde_json::to_string(&format!("{{\"x\":{quoted}}}")).unwrap();
    let errors = |meta: &str| {
        format!(r#"{{"errors":[{{"code":"x","message":"m","meta":{{"body":{meta}}}}}]}}"#)
    };
    for (status, body) in [
        (400, format!("<pre>{PASSWORD}</pre>")),
        (400, "x=hunter2+hunter2%22%26&y=1".to_owned()),
        (400, "x=hunter2%20hunter2%22%26&y=1".to_owned()),
        (400, "aHVudGVyMiBodW50ZXIyIiY=".to_owned()),
        (422, errors(&quoted)),
        (422, errors(&nested)),
        (422, errors(&format!("{{\"x\":[{quoted}]}}"))),
        (
            422,
            errors(&format!(
                "[{quoted},{}{}]",
                "[".repeat(130),
                "]".repeat(130)
            )),
        ),
        (422, errors(&format!("[{quoted},\"\\ud83d\"]"))),
        (200, format!(r#"{{"id":"user_2a","echo":{quoted}}}"#)),
    ] {
        let server = Server::start(vec![page(status, &body)]);
        let env = Env::at(&server.url);
        let ran = env.run([
            "users",
            "create",
            "--username",
            "adaada",
            "--password",
            PASSWORD,
            "-vv",
        ]);
        let shown = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!shown.contains("hunter2"), "{body} {shown}");
        assert!(!shown.contains("aHVudGVy"), "{body} {shown}");
        if status != 200 {
            let error = ran.error(ran.code);
            assert_eq!(error["http"], status, "{error}");
            assert_eq!(
                error["errors"].as_array().map(Vec::len),
                Some(usize::from(status == 422))
            );
        }
    }
    let echoed = [
        "users",
        "create",
        "--username",
        PASSWORD,
        "--password",
        PASSWORD,
        "--dry-run",
    ];
    let ran = Env::new().run(echoed);
    assert!(!ran.stdout.contains("hunter2"), "{ran:?}");
}

#[test]
fn reliability_7_6_the_key_is_found_wherever_it_stands() {
    for body in [
        format!("a=Bearer%20{CANARY}"),
        format!("HTTP_AUTHORIZATION=Bearer_{CANARY}"),
        format!("{}{CANARY}", "a".repeat(2040)),
        format!("<b>authorization: x {CANARY}</b>"),
    ] {
        for status in [400, 401, 502] {
            let server = Server::start(vec![page(status, &body)]);
            let env = Env::at(&server.url).config("[http]\nattempts = 1\n");
            let ran = env.run(["users", "get", "user_2a", "-vv"]);
            let shown = format!("{}{}", ran.stdout, ran.stderr).to_lowercase();
            assert!(!shown.contains("canary"), "{shown}");
            ran.error(ran.code);
        }
    }
}

#[test]
fn reliability_7_6_links_that_let_their_bearer_in_need_a_flag() {
    let invitation = r#"{"id":"orginv_2a","url":"https://x.co/?ticket=CANARY"}"#;
    let page = format!(r#"{{"data":[{invitation}],"total_count":1}}"#);
    let server = Server::start(vec![Answer::json(200, "", &page)]);
    let env = Env::at(&server.url);
    let list = ["invitations", "list", "org_2abc"];
    for more in [
        &[][..],
        &["--all"],
        &["-o", "ndjson"],
        &["-o", "yaml"],
        &["--fields", "url"],
        &["-o", "csv", "--fields", "url"],
        &["--jq", ".data[].url"],
    ] {
        let ran = env.run(list.iter().chain(more));
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stdout.contains("[hidden: --show-secrets shows it]"),
            "{more:?} {ran:?}"
        );
        assert!(!ran.stdout.contains("CANARY"), "{ran:?}");
        let ran = env.run(list.iter().chain(more).chain(&["--show-secrets"]));
        assert!(ran.stdout.contains("CANARY"), "{ran:?}");
    }
    let token = r#"{"id":"sit_2a","token":"CANARY","url":"https://x.co/CANARY"}"#;
    let server = Server::start(vec![Answer::json(200, "", token)]);
    let env = Env::at(&server.url);
    let made = env.run(["sign-in-tokens", "create", "--user-id", "user_2a"]);
    assert_eq!(
        made.stdout,
        format!("{token}\n"),
        "who creates a token wants it"
    );
    let revoked = env.run(["sign-in-tokens", "revoke", "sit_2a"]);
    assert!(!revoked.stdout.contains("CANARY"), "{revoked:?}");
}

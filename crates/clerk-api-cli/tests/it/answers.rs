//! What the API and the network may answer, and what the command line makes of it.

use serde_json::Value;

use crate::env::{CANARY, Env, Ran};
use crate::server::{Answer, Server};

/// Quick attempts, so that no test waits.
const QUICK: &str = "[http]\nattempts = 2\nbackoff_ms = 1\nlongest_wait_ms = 50\nfirst_byte_timeout_ms = 150\nidle_timeout_ms = 150\nlooks_ms = [0, 1, 1]\ntotal_ms = 3000\n";

fn get(answers: Vec<Answer>) -> (Ran, Vec<String>) {
    run(answers, &["users", "get", "user_2abc"])
}

fn run(answers: Vec<Answer>, arguments: &[&str]) -> (Ran, Vec<String>) {
    let server = Server::start(answers);
    let ran = Env::at(&server.url).config(QUICK).run(arguments);
    (ran, server.requests())
}

/// Exit code, word, whether it was sent, wait and first hint of a failure.
fn line(ran: &Ran) -> String {
    let error = ran.error(ran.code);
    let hint = error["hint"].as_str().unwrap_or("none");
    let wait = if error["retry_after_s"].is_null() {
        String::new()
    } else {
        format!(" wait {}", error["retry_after_s"])
    };
    format!(
        "exit {} {} sent {}{wait}: {hint}\n",
        error["exit"],
        error["code"].as_str().unwrap(),
        error["sent"].as_str().unwrap()
    )
}

#[test]
fn reliability_5_every_everyday_status_has_its_code_and_a_hint() {
    let mut table = String::new();
    for (status, headers) in [
        (400, ""),
        (401, ""),
        (402, ""),
        (403, ""),
        (404, ""),
        (409, ""),
        (422, ""),
        (429, "Retry-After: 120\r\n"),
        (429, ""),
        (500, ""),
        (503, ""),
    ] {
        let (ran, _) = get(vec![Answer::error(
            status,
            headers,
            "some_code",
            "Something is wrong.",
        )]);
        let error = ran.error(ran.code);
        assert_eq!(error["http"], status);
        assert_eq!(error["clerk_code"], "some_code");
        assert_eq!(error["trace_id"], "0123456789abcdef0123456789abcdef");
        assert_eq!(
            error["message"],
            "cannot show user user_2abc: the API says: Something is wrong"
        );
        assert!(ran.stdout.is_empty(), "{ran:?}");
        table.extend([status.to_string(), " ".to_owned(), line(&ran)]);
    }
    insta::assert_snapshot!(table, @r"
    400 exit 6 rejected sent yes: --dry-run shows the request
    401 exit 4 unauthorized sent yes: the key was refused: `clerk-api doctor` shows where it comes from
    402 exit 6 rejected sent yes: this needs a feature or seats that the instance's Clerk plan does not have
    403 exit 6 rejected sent yes: the instance does not allow this (a feature is off, or a quota is used up): see its settings in Clerk's dashboard; `clerk-api doctor` shows which instance it is
    404 exit 5 not_found sent yes: check the id: `clerk-api users list --query TEXT` finds users; `clerk-api doctor` shows which instance the key belongs to
    409 exit 6 rejected sent yes: something else is changing it right now: run it again in a few seconds
    422 exit 6 rejected sent yes: a value is not valid: `clerk-api users get --help` names what each flag takes, --dry-run shows the request
    429 exit 75 rate_limited sent yes wait 120.0: everything that uses this instance shares its rate limit: run it again after the wait; the API asks for a pause of 120 s first
    429 exit 75 rate_limited sent yes wait 10.0: everything that uses this instance shares its rate limit: run it again after the wait; the API asks for a pause of 10 s first
    500 exit 75 server_error sent yes: Clerk has a problem: see https://status.clerk.com and run it again later
    503 exit 75 server_error sent yes: Clerk has a problem: see https://status.clerk.com and run it again later
    ");
}

#[test]
fn answers_that_no_api_sends_are_named_as_such() {
    let html = "<html><body>Bad gateway</body></html>";
    let page = |status: u16| {
        Answer::Bytes(format!(
            "HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{html}",
            html.len()
        ))
    };
    let cut = Answer::Bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"id\":\"user_2abc\"".to_owned());
    let redirect = Answer::Bytes("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned());
    let mut table = String::new();
    for (name, answer) in [
        ("HTML 200", page(200)),
        ("HTML 502", page(502)),
        ("empty body", Answer::json(200, "", "")),
        ("cut body", cut),
        ("redirect", redirect),
        ("silence", Answer::Silence),
        (
            "garbage",
            Answer::Bytes("this is not HTTP at all\r\n\r\n".to_owned()),
        ),
    ] {
        let (ran, _) = get(vec![answer]);
        assert!(ran.stdout.is_empty(), "{name}: {ran:?}");
        table.extend([name, ": ", &line(&ran)]);
    }
    insta::assert_snapshot!(table, @r"
    HTML 200: exit 1 bad_answer sent yes: something between this machine and Clerk responded: `clerk-api doctor` shows the URL and the proxy
    HTML 502: exit 75 bad_answer sent yes: something between this machine and Clerk responded: `clerk-api doctor` shows the URL and the proxy
    empty body: exit 1 bad_answer sent yes: something between this machine and Clerk responded: `clerk-api doctor` shows the URL and the proxy
    cut body: exit 1 bad_answer sent yes: something between this machine and Clerk responded: `clerk-api doctor` shows the URL and the proxy
    redirect: exit 1 unexpected_redirect sent yes: this is not the URL of the API: `clerk-api doctor` shows the URL and where it comes from
    silence: exit 75 timeout sent unknown: check the network and the URL: `clerk-api doctor` shows the URL, the proxy and where they come from
    garbage: exit 75 transport sent unknown: check the network and the URL: `clerk-api doctor` shows the URL, the proxy and where they come from
    ");
}

#[test]
fn nobody_listening_is_an_outage() {
    let server = Server::start(vec![Answer::Silence]);
    let env = Env::at(&server.url).config(QUICK);
    drop(server);
    let error = env.run(["users", "list"]).error(75);
    assert_eq!(error["code"], "connect");
    assert_eq!(error["sent"], "no");
}

#[test]
fn reliability_r4_a_read_is_tried_again_after_a_failure() {
    let (ran, requests) = get(vec![
        Answer::error(503, "", "x", "x"),
        Answer::json(200, "", r#"{"id":"user_2abc"}"#),
    ]);
    assert_eq!(ran.json()["id"], "user_2abc");
    assert_eq!(requests.len(), 2);
}

#[test]
fn reliability_p1_a_mail_that_may_have_gone_out_is_never_guessed() {
    let failure = Answer::error(503, "", "service_unavailable", "Try later.");
    let (ran, _) = run(
        vec![failure],
        &[
            "invitations",
            "create",
            "org_2abc",
            "--email",
            "new@example.com",
            "--role",
            "org:member",
        ],
    );
    let error = ran.error(8);
    assert_eq!(error["sent"], "unknown");
    assert!(
        error["hint"].as_str().unwrap().contains("check whether"),
        "{error}"
    );
}

#[test]
fn the_answer_passes_through_untouched() {
    let body = r#"{"id":"user_2abc","new_field":{"z":1,"a":[1.50,12345678901234567890123]},"first_name":"\u00e4\u202e"}"#;
    let (ran, requests) = get(vec![Answer::json(200, "", body)]);
    assert_eq!(ran.stdout, format!("{body}\n"));
    let request = requests[0].to_ascii_lowercase();
    assert!(
        request.starts_with("get /v1/users/user_2abc http/1.1"),
        "{request}"
    );
    assert!(
        request.contains("clerk-api-version: 2026-05-12"),
        "{request}"
    );
    assert!(
        requests[0].contains(&format!("Bearer {CANARY}")),
        "{request}"
    );
}

#[test]
fn reliability_2_5_filters_carry_an_explicit_sign() {
    let (_, requests) = run(
        vec![Answer::json(200, "", "[]")],
        &[
            "users",
            "list",
            "--user-id",
            "user_2abc",
            "--exclude-user-id",
            "user_2def",
            "--external-id",
            "-7",
            "--order-by",
            "-created_at",
            "--banned=false",
        ],
    );
    let line = requests[0].lines().next().unwrap();
    for part in [
        "user_id=%2Buser_2abc",
        "user_id=-user_2def",
        "external_id=%2B-7",
        "order_by=-created_at",
        "banned=false",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
}

#[test]
fn a_terminal_that_is_not_there_gets_one_object_and_nothing_else() {
    let (ran, _) = get(vec![Answer::error(
        404,
        "",
        "resource_not_found",
        "not found",
    )]);
    let _: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn a_walk_waits_for_a_slow_reader() {
    // What is in flight meanwhile must not run into its time limit.
    let env =
        Env::new().config("[http]\nattempts = 1\nfirst_byte_timeout_ms = 900\ntotal_ms = 900\n");
    let seed = "clerk-api local seed --users 3000 --quiet >seeded";
    let walk = "clerk-api --local users list --all --output ndjson | (read first; sleep 2; wc -l)";
    let ran = env.shell(&format!("{seed} && {walk}"));
    assert_eq!(
        (ran.stdout.trim(), ran.stderr.as_str()),
        ("2999", ""),
        "{ran:?}"
    );
}

//! Limits, faults, the counters of what was done, the log of requests, the clock: all that `/local/api` controls.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use clerk_api_emulator::{Clock, Config, Database, LimitProfile, Limits};
use serde_json::{Value, json};

use crate::client::{Answer, App, KEY, config};

const TOKEN: &str = "lct_test";

fn app() -> App {
    let mut config = config(Database::Memory);
    config.control_token = Some(TOKEN.to_owned());
    config.count_effects = true;
    App::with(config)
}

fn control(app: &mut App, method: &str, path: &str, body: &Value) -> Answer {
    let headers = [
        ("authorization", "Bearer lct_test"),
        ("content-type", "application/json"),
    ];
    let body = (!body.is_null()).then(|| body.to_string());
    app.local(
        method,
        &format!("/api{path}"),
        &headers,
        body.as_deref().map(str::as_bytes),
    )
}

fn fault(app: &mut App, line: &str) {
    let added = control(app, "POST", "/faults", &json!({ "fault": line }));
    assert_eq!(added.status, 200, "{}", added.text);
}

/// Sends a request on a connection of its own and returns all bytes until its end, or the error that ended it.
fn raw(app: &App, method: &str, path: &str, body: &str) -> Result<String, std::io::Error> {
    let mut stream = TcpStream::connect(app.host())?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "{method} /v1{path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {KEY}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        app.host(),
        body.len()
    )?;
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    match end {
        Ok(_) => Ok(text),
        // What came before the break counts.
        Err(_) if !text.is_empty() => Ok(text),
        Err(error) => Err(error),
    }
}

#[test]
fn an_instance_refuses_what_is_over_its_limits_until_they_have_passed() {
    // reliability 3.1, 11.5
    let clock = Clock::starting_at(1_767_225_600_000);
    let mut limited = Config::new(KEY);
    limited.clock = clock.clone();
    limited.control_token = Some(TOKEN.to_owned());
    let mut limits = Limits::default();
    limits.profile = Some(LimitProfile::Development);
    limited.limits = limits;
    let mut app = App::with(limited);
    for _ in 0..100 {
        assert_eq!(app.get("/users/count").status, 200);
    }
    let refused = app.get("/users/count");
    assert_eq!(refused.errors(), "429 too_many_requests");
    assert_eq!(refused.header("retry-after"), Some("10"));
    let usage = control(&mut app, "GET", "/limits", &Value::Null).json();
    assert_eq!(usage["usage"][0]["used"], 100);
    assert_eq!(usage["limits"]["profile"], "development");
    clock.advance(Duration::from_secs(10));
    assert_eq!(app.get("/users/count").status, 200);
    control(&mut app, "PUT", "/limits", &json!({}));
    for _ in 0..200 {
        assert_eq!(app.get("/users/count").status, 200);
    }
}

#[test]
fn a_user_takes_ten_changes_in_ten_seconds() {
    let mut app = app();
    let limits = json!({"profile": "production", "window": "sliding"});
    control(&mut app, "PUT", "/limits", &limits);
    let user = app
        .post("/users", &json!({"email_address": ["a@example.com"]}))
        .json();
    let path = format!("/users/{}/metadata", user["id"].as_str().expect("an id"));
    let statuses: Vec<_> = (0..12)
        .map(|n| {
            app.patch(&path, &json!({"public_metadata": {"n": n}}))
                .status
        })
        .collect();
    assert_eq!(
        statuses,
        [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 429, 429]
    );
}

#[test]
fn an_instance_with_a_cap_takes_no_more_users() {
    let mut app = app();
    control(&mut app, "PUT", "/limits", &json!({"user_cap": 1}));
    assert_eq!(
        app.post("/users", &json!({"username": "user1"})).status,
        200
    );
    let answer = app.post("/users", &json!({"username": "user2"}));
    assert_eq!(answer.errors(), "403 user_quota_exceeded");
}

#[test]
fn a_fault_answers_in_place_of_the_api() {
    // reliability 11.5
    let mut app = app();
    fault(&mut app, "POST /users status=503 nth=2");
    fault(
        &mut app,
        "GET /users/count status=429 retry_after=-1 body=html times=1",
    );
    let create =
        |app: &mut App, id: &str| app.post("/users", &json!({"username": format!("user{id}")}));
    assert_eq!(create(&mut app, "1").status, 200);
    assert_eq!(create(&mut app, "2").errors(), "503 service_unavailable");
    assert_eq!(create(&mut app, "2").status, 200);
    let page = app.get("/users/count");
    assert_eq!((page.status, page.header("retry-after")), (429, Some("-1")));
    assert!(page.text.contains("<title>"), "{}", page.text);
    assert_eq!(app.get("/users/count").json()["total_count"], 2);
    let listed = control(&mut app, "GET", "/faults", &Value::Null).json();
    assert_eq!(listed["data"][0]["matched"], 3);
    assert_eq!(listed["data"][0]["struck"], 1);
    let wrong = control(
        &mut app,
        "POST",
        "/faults",
        &json!({"fault": "POST /users"}),
    );
    assert_eq!(wrong.status, 422);
}

#[test]
fn a_fault_can_be_switched_off_and_removed() {
    let mut app = app();
    fault(&mut app, "GET /users/count status=500");
    assert_eq!(app.get("/users/count").status, 500);
    control(&mut app, "PATCH", "/faults/1", &json!({"enabled": false}));
    assert_eq!(app.get("/users/count").status, 200);
    control(&mut app, "PATCH", "/faults/1", &json!({"enabled": true}));
    assert_eq!(app.get("/users/count").status, 500);
    assert_eq!(
        control(&mut app, "DELETE", "/faults/1", &Value::Null).status,
        200
    );
    assert_eq!(app.get("/users/count").status, 200);
    assert_eq!(
        control(&mut app, "DELETE", "/faults/1", &Value::Null).status,
        404
    );
}

#[test]
fn a_connection_breaks_before_or_after_the_write() {
    // reliability 11.5: reset before apply, apply then reset
    let mut app = app();
    fault(&mut app, "POST /users cut=before times=1");
    let body = r#"{"username":"user1"}"#;
    assert!(
        raw(&app, "POST", "/users", body).is_err(),
        "nothing may come back"
    );
    assert_eq!(app.get("/users/count").json()["total_count"], 0);
    fault(&mut app, "POST /users cut=after times=1");
    assert!(
        raw(&app, "POST", "/users", body).is_err(),
        "nothing may come back"
    );
    assert_eq!(app.get("/users/count").json()["total_count"], 1);
    let effects = control(
        &mut app,
        "GET",
        "/effects?key=username%3Duser1",
        &Value::Null,
    )
    .json();
    assert_eq!(effects["data"][0]["operation"], "POST /users");
    assert_eq!(effects["data"][0]["count"], 1);
    let log = control(&mut app, "GET", "/requests", &Value::Null).json();
    let of_creates = log["data"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["method"] == "POST");
    let seen: Vec<_> = of_creates
        .map(|entry| (entry["status"].clone(), entry["fault"].clone()))
        .collect();
    assert_eq!(seen, [(json!(0), json!(1)), (json!(0), json!(2))]);
}

#[test]
fn an_answer_breaks_off_in_its_middle() {
    let mut app = app();
    fault(&mut app, "GET /users/count cut=body");
    let answer = raw(&app, "GET", "/users/count", "").expect("a part of a response");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.expect("a length").parse().expect("a number");
    assert_eq!(body.len(), length / 2, "{body}");
}

#[test]
fn reads_can_be_stale_in_memory_and_in_a_file() {
    // reliability 11.5
    let folder = tempfile::tempdir().expect("a folder");
    for database in [Database::Memory, Database::File(folder.path().join("a.db"))] {
        let mut config = config(database);
        config.control_token = Some(TOKEN.to_owned());
        let mut app = App::with(config);
        app.post("/users", &json!({"username": "user1"}));
        fault(&mut app, "GET /users stale times=2");
        app.post("/users", &json!({"username": "user2"}));
        let seen: Vec<_> = (0..3)
            .map(|_| app.get("/users").json().as_array().map(Vec::len))
            .collect();
        assert_eq!(seen, [Some(1), Some(1), Some(2)]);
    }
}

#[test]
fn stale_reads_find_and_sort_all_that_was_there() {
    // reliability 11.5
    let mut config = config(Database::Memory);
    config.control_token = Some(TOKEN.to_owned());
    let mut app = App::with(config);
    for n in 0..20 {
        app.post("/users", &json!({"username": format!("user{n}")}));
    }
    fault(&mut app, "GET /users stale");
    for query in ["order_by=username&limit=100", "query=user&limit=100"] {
        let found = app.get(&format!("/users?{query}")).json();
        assert_eq!(found.as_array().map(Vec::len), Some(20), "{query}");
    }
}

#[test]
fn the_log_tells_of_requests_but_never_of_keys_and_can_be_followed() {
    let mut app = app();
    app.get("/users?query=ada");
    app.get("/users/user_x");
    let log = control(&mut app, "GET", "/requests?after=1", &Value::Null);
    assert!(!log.text.contains(KEY));
    let log = log.json();
    assert_eq!(log["total_count"], 1);
    assert_eq!(log["data"][0]["status"], 404);
    assert_eq!(log["data"][0]["path"], "/v1/users/user_x");
    let mut stream = TcpStream::connect(app.host()).expect("listens");
    write!(
        stream,
        "GET /local/api/requests/stream?after=1 HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\r\n",
        app.host()
    )
    .expect("sends");
    app.get("/users/count");
    let mut seen = String::new();
    while !seen.contains("/v1/users/count") {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).expect("goes on");
        assert!(read > 0, "ended: {seen}");
        seen.push_str(&String::from_utf8_lossy(&some[..read]));
    }
    assert!(
        seen.contains("text/event-stream") && seen.contains("/v1/users/user_x"),
        "{seen}"
    );
    // A viewer does not keep the server from stopping.
    app.stop();
}

#[test]
fn time_can_be_moved_forward() {
    let mut app = app();
    let invited = app.post(
        "/invitations",
        &json!({"email_address": "a@example.com", "expires_in_days": 1}),
    );
    assert_eq!(invited.json()["status"], "pending");
    let day = json!({"advance_ms": 86_400_000});
    assert_eq!(control(&mut app, "POST", "/clock", &day).status, 200);
    assert_eq!(app.get("/invitations").json()[0]["status"], "expired");
}

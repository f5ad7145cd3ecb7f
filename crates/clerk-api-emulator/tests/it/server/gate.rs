//! Keys, hosts, versions, types and the responses' headers.

use clerk_api_emulator::{ApiVersion, Database};
use serde_json::json;

use crate::client::{App, KEY, config};

#[test]
fn every_answer_carries_its_headers() {
    let mut app = App::start();
    for path in ["/users", "/users/user_x", "/nothing"] {
        let answer = app.get(path);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("clerk-api-version"), Some("2026-05-12"));
        assert_eq!(answer.header("date"), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
        let trace = answer.header("x-clerk-trace-id").expect("a trace id");
        assert!(trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_hexdigit()));
        if answer.status != 200 {
            assert_eq!(answer.json()["clerk_trace_id"], trace);
        }
    }
}

#[test]
fn an_error_body_has_the_shape_and_order_of_the_real_one() {
    let mut app = App::start();
    insta::assert_snapshot!(
        app.post("/users", &json!({"foo": 1, "username": "jane"}))
            .text
    );
    insta::assert_snapshot!(app.get("/users/user_x").text);
    insta::assert_snapshot!(app.get("/nothing").text);
}

#[test]
fn keys_are_checked() {
    let mut app = App::start();
    let cases = [
        ("", "401 authorization_header_format_invalid"),
        ("Bearer", "401 authorization_header_format_invalid"),
        (
            "Basic c2tfdGVzdA==",
            "401 authorization_header_format_invalid",
        ),
        ("Bearer sk_test_other", "401 clerk_key_invalid"),
        (&KEY[8..], "401 authorization_header_format_invalid"),
    ];
    for (header, errors) in cases {
        let answer = app.send("GET", "/users", &[("authorization", header)], None);
        assert_eq!(answer.errors(), errors, "{header}");
    }
}

#[test]
fn live_keys_are_refused_and_never_repeated() {
    // reliability 11.4
    let mut live = config(Database::Memory);
    live.secret_key = "sk_live_abcdefghijklmnop".to_owned();
    assert!(!format!("{live:?}").contains("sk_live"));
    let mut app = App::with(live);
    let answer = app.send(
        "GET",
        "/users",
        &[("authorization", "Bearer sk_live_abcdefghijklmnop")],
        None,
    );
    assert_eq!(answer.errors(), "401 clerk_key_invalid");
    assert!(!answer.text.contains("sk_live"));
}

#[test]
fn other_hosts_and_other_sites_are_refused() {
    // reliability 11.2
    let mut app = App::start();
    let port = app.host().rsplit(':').next().expect("a port").to_owned();
    let send =
        |app: &mut App, name: &str, value: &str| app.send("GET", "/users", &[(name, value)], None);
    assert_eq!(send(&mut app, "host", "evil.test").status, 421);
    assert_eq!(
        send(&mut app, "host", &format!("evil.test:{port}")).status,
        421
    );
    assert_eq!(
        send(&mut app, "host", &format!("localhost:{port}")).status,
        200
    );
    assert_eq!(send(&mut app, "origin", "http://evil.test").status, 403);
    assert_eq!(send(&mut app, "sec-fetch-site", "cross-site").status, 403);
    assert_eq!(
        send(&mut app, "origin", &format!("http://localhost:{port}")).status,
        200
    );
}

#[test]
fn only_bodies_need_the_json_type() {
    // reliability 11.2
    let mut app = App::start();
    let text = [("content-type", "text/plain")];
    assert_eq!(
        app.send("POST", "/users", &text, Some(b"{}")).errors(),
        "415 unsupported_content_type"
    );
    let none = [("content-type", "")];
    assert_eq!(
        app.send("POST", "/users", &none, Some(b"{}")).errors(),
        "415 unsupported_content_type"
    );
    assert_eq!(
        app.send("POST", "/users", &none, None).errors(),
        "422 form_data_missing"
    );
    assert_eq!(app.send("GET", "/users", &text, None).status, 200);
    let charset = [("content-type", "application/json; charset=utf-8")];
    assert_eq!(
        app.send("POST", "/users", &charset, Some(b"{\"username\":\"jane\"}"))
            .status,
        200
    );
    let large = vec![b' '; (1 << 20) + 1];
    assert_eq!(
        app.send("POST", "/users", &[], Some(&large)).errors(),
        "413 request_body_too_large"
    );
}

#[test]
fn versions_are_chosen_by_header_or_query() {
    let mut older = config(Database::Memory);
    older.default_version = ApiVersion::V2021_02_05;
    let mut app = App::with(older);
    let header = [("clerk-api-version", "2025-04-10")];
    let used =
        |answer: &crate::client::Answer| answer.header("clerk-api-version").map(str::to_owned);
    assert_eq!(used(&app.get("/users")).as_deref(), Some("2021-02-05"));
    assert_eq!(
        used(&app.send("GET", "/users", &header, None)).as_deref(),
        Some("2025-04-10")
    );
    let query = app.get("/users?__clerk_api_version=2024-10-01");
    assert_eq!(used(&query.ok()).as_deref(), Some("2024-10-01"));
    let both = app.send(
        "GET",
        "/users?__clerk_api_version=2025-04-10",
        &header,
        None,
    );
    assert_eq!(both.errors(), "400 api_version_invalid");
    let unknown = app.send(
        "GET",
        "/users",
        &[("clerk-api-version", "2020-01-01")],
        None,
    );
    assert_eq!(unknown.errors(), "400 api_version_invalid");
}

#[test]
fn unknown_endpoints_and_methods_are_not_found() {
    let mut app = App::start();
    assert_eq!(app.get("/userz").errors(), "404 resource_not_found");
    assert_eq!(
        app.put("/users", &json!({})).errors(),
        "404 resource_not_found"
    );
}

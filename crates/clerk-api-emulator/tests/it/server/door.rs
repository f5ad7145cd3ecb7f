//! What is refused at the door: what could be stored but not be read again, and what nobody listens to.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use clerk_api_emulator::Database;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::page::Browser;
use crate::client::{Answer, App, KEY, config};

/// Every list that can be searched, and one that cannot.
const LISTS: [&str; 12] = [
    "/users",
    "/users/count",
    "/organizations",
    "/organization_memberships",
    "/organization_invitations",
    "/organization_domains",
    "/organization_roles",
    "/organization_permissions",
    "/role_sets",
    "/invitations",
    "/waitlist_entries",
    "/redirect_urls",
];
/// What filters of texts are called.
const FILTERS: [&str; 9] = [
    "query",
    "name_query",
    "email_address_query",
    "username_query",
    "phone_number_query",
    "email_address",
    "external_id",
    "user_id",
    "order_by",
];

fn is_refused(answer: &Answer, what: &str) {
    assert!(
        (400..500).contains(&answer.status),
        "{what}: {}",
        answer.text
    );
    assert!(answer.json()["errors"][0]["code"].is_string(), "{what}");
}

#[test]
fn reliability_11_a_nul_in_a_query_is_no_failure_of_the_database() {
    let mut app = App::start();
    for list in LISTS {
        for filter in FILTERS {
            let path = format!("{list}?{filter}=a%00b");
            assert_eq!(
                app.get(&path).errors(),
                "400 malformed_request_parameters",
                "{path}"
            );
        }
    }
    for path in ["/users/a%00b", "/users/%ff", "/organizations/%00"] {
        assert_eq!(app.get(path).errors(), "404 resource_not_found", "{path}");
    }
    let answer = app.control("GET", "/effects?key=%00", None);
    assert_eq!(answer.status, 400);
    assert_eq!(app.control("GET", "/requests?after=x", None).status, 422);
}

#[test]
fn reliability_2_10_what_cannot_be_read_again_is_stored_nowhere() {
    let mut app = App::unrecorded();
    let user = app.user("a@example.com");
    let organization = json!({"name": "Acme", "created_by": user});
    let organization = app.post("/organizations", &organization).ok().id();
    let deep = format!("{}1{}", "{\"a\":".repeat(130), "}".repeat(130));
    for odd in [r#"{"a":"\ud83d"}"#, r#"{"\udc00":1}"#, &deep] {
        let kinds = format!(
            r#"{{"public_metadata":{odd},"private_metadata":{odd},"name":"n","claims":{odd},
                "email_address":"b@example.com","role":"org:member"}}"#
        );
        for (method, path) in [
            ("POST", "/users".to_owned()),
            ("PATCH", format!("/users/{user}")),
            ("PATCH", format!("/users/{user}/metadata")),
            ("PUT", format!("/users/{user}/metadata")),
            ("POST", "/organizations".to_owned()),
            ("PATCH", format!("/organizations/{organization}/metadata")),
            ("PUT", format!("/organizations/{organization}/metadata")),
            (
                "PATCH",
                format!("/organizations/{organization}/memberships/{user}/metadata"),
            ),
            ("POST", format!("/organizations/{organization}/invitations")),
            ("POST", "/invitations".to_owned()),
            ("POST", "/invitations/bulk".to_owned()),
            ("POST", "/jwt_templates".to_owned()),
            ("POST", "/actor_tokens".to_owned()),
        ] {
            let answer = app.send(method, &path, &[], Some(kinds.as_bytes()));
            assert_eq!(
                answer.errors(),
                "400 request_body_invalid",
                "{method} {path}"
            );
        }
        let answer = app.control("POST", "/snapshots", None);
        is_refused(&answer, "an empty body");
    }
    let text = format!(r#"{{"url":"http://localhost/","secret":"{}"}}"#, r"\ud83d");
    let authorization = app.control_header();
    let answer = app.local(
        "POST",
        "/api/webhooks",
        &[("authorization", &authorization)],
        Some(text.as_bytes()),
    );
    assert_eq!(answer.errors(), "400 request_body_invalid");
}

/// Puts metadata into a user's row that a release before this one would have stored.
fn with_odd_metadata(path: &std::path::Path, id: &str) {
    let db = Connection::open(path).expect("opens");
    let deep = format!("{}1{}", "{\"a\":".repeat(130), "}".repeat(130));
    for (from, to) in [
        (
            r#""public_metadata":{}"#,
            r#""public_metadata":{"a":"\ud83d"}"#,
        ),
        (
            r#""unsafe_metadata":{}"#,
            &format!(r#""unsafe_metadata":{deep}"#),
        ),
    ] {
        let changed = db.execute(
            "UPDATE users SET wire = replace(wire, ?1, ?2) WHERE id = ?3",
            [from, to, id],
        );
        assert_eq!(changed.expect("changes"), 1);
    }
    let wire: String = db
        .query_row("SELECT wire FROM users WHERE id = ?1", [id], |row| {
            row.get(0)
        })
        .expect("reads");
    assert!(wire.contains(r"\ud83d") && wire.contains(&deep));
}

#[test]
fn reliability_2_10_an_odd_object_of_an_older_file_does_not_take_the_pages_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("old.db");
    let mut config = config(Database::File(path.clone()));
    config.record = None;
    let mut browser = Browser::with(config);
    let id = browser.app.user("a@example.com");
    with_odd_metadata(&path, &id);
    for page in ["", "/users", &format!("/users/{id}")] {
        browser.get(page).ok();
    }
    let app = &mut browser.app;
    app.get("/users").ok();
    app.patch(&format!("/users/{id}"), &json!({"first_name": "Ada"}))
        .ok();
    let metadata = format!("/users/{id}/metadata");
    let merged = app.patch(&metadata, &json!({"public_metadata": {"b": 1}}));
    assert_eq!(
        merged.errors(),
        "422 form_param_value_invalid(public_metadata)"
    );
    let both = json!({"public_metadata": {"b": 1}, "unsafe_metadata": {}});
    app.put(&metadata, &both).ok();
    app.patch(&metadata, &json!({"public_metadata": {"c": 1}}))
        .ok();
}

#[test]
fn reliability_11_2_a_body_has_the_type_and_the_size_of_its_endpoint() {
    let mut app = App::unrecorded();
    let form = [("content-type", "multipart/form-data; boundary=x")];
    let user = br#"{"email_address":["a@example.com"]}"#;
    let answer = app.send("POST", "/users", &form, Some(user));
    assert_eq!(answer.errors(), "415 unsupported_content_type");
    let large = vec![b' '; (1 << 20) + 1];
    for headers in [
        &form[..],
        &[("content-type", "text/plain")],
        &[("content-type", "")],
        &[],
    ] {
        let answer = app.send("POST", "/users", headers, Some(&large));
        assert_eq!(answer.errors(), "413 request_body_too_large", "{headers:?}");
    }
    let id = app.user("a@example.com");
    let path = format!("/users/{id}/profile_image");
    // An upload may be larger, but only as what it is.
    assert_eq!(app.send("POST", &path, &form, Some(&large)).status, 400);
    let answer = app.send("POST", &path, &[], Some(&large));
    assert_eq!(answer.errors(), "413 request_body_too_large");
    let ticket = vec![b' '; 20_000];
    let answer = app.send("POST", "/tickets/accept?ticket=x", &[], Some(&ticket));
    assert_eq!(answer.errors(), "413 request_body_too_large");
}

/// Sends bytes on a connection of their own and returns what comes until its end.
fn raw(app: &App, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.host()).expect("connects");
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("a socket");
    // A server that has seen enough may hang up.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_request_without_a_key_is_answered_before_its_body_comes() {
    let app = App::start();
    let host = app.host();
    // Nothing of the ten megabytes is ever sent.
    let waits = format!(
        "POST /v1/users HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer sk_test_wrong\r\nexpect: 100-continue\r\n\
         content-type: application/json\r\ncontent-length: 10000000\r\nconnection: close\r\n\r\n"
    );
    let answer = raw(&app, waits.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let mut sends = waits
        .replace("expect: 100-continue\r\n", "")
        .replace("10000000", "2000000")
        .into_bytes();
    sends.resize(sends.len() + 2_000_000, b'x');
    let answer = raw(&app, &sends);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("clerk_key_invalid"));
}

#[test]
fn a_head_has_its_limits() {
    let mut app = App::start();
    let host = app.host().to_owned();
    let of = |more: &str| {
        format!(
            "GET /v1/users HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {KEY}\r\n{more}\r\n"
        )
    };
    for more in [
        format!("x-long: {}\r\n", "x".repeat(200_000)),
        "x-many: 1\r\n".repeat(200),
    ] {
        let answer = raw(&app, of(&more).as_bytes());
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let long = of("").replace(
        "/v1/users",
        &format!("/v1/users?query={}", "x".repeat(100_000)),
    );
    let answer = raw(&app, long.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    app.get("/users").ok();
}

#[test]
fn times_and_ports_that_do_not_exist_are_refused() {
    let mut app = App::start();
    let before = app.control("GET", "/clock", None).json();
    for far in [u64::MAX, 9_223_372_036_854_775_807, 253_402_300_800_000] {
        let answer = app.control("POST", "/clock", Some(&json!({"advance_ms": far})));
        assert_eq!(answer.errors(), "422 form_param_value_invalid(advance_ms)");
    }
    assert_eq!(app.control("GET", "/clock", None).json(), before);
    let webhook = json!({"url": "http://127.0.0.1:99999/"});
    let answer = app.control("POST", "/webhooks", Some(&webhook));
    assert_eq!(answer.errors(), "422 form_param_format_invalid(url)");
    for url in ["file:///etc/passwd", "javascript://x/%0Aalert(1)"] {
        let invitation = json!({"email_address": "b@example.com", "redirect_url": url});
        assert_eq!(
            app.post("/invitations", &invitation).errors(),
            "422 form_param_format_invalid(redirect_url)"
        );
        assert_eq!(
            app.post("/redirect_urls", &json!({"url": url})).errors(),
            "422 form_param_format_invalid(url)"
        );
    }
}

/// Texts that have broken something somewhere.
fn hostile() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "\0",
        "\"",
        "'",
        "*",
        "\"\"",
        "%",
        "\\",
        "\u{fffd}",
        "\u{ffff}",
        "\u{10ffff}",
        "\u{202e}",
        "NEAR(",
        "^",
        ":",
        "-",
        "+",
        " ",
        "ß",
        "İ",
        "a\u{301}",
        "\n",
        "\u{85}",
        "{",
        "}",
        "[",
        "]",
        "🦀",
    ]);
    prop::collection::vec(prop_oneof![odd.prop_map(str::to_owned), ".{0,6}"], 0..6)
        .prop_map(|parts| parts.concat())
}

/// JSON with such texts in it.
fn metadata() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        hostile().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(6, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((hostile(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn whatever_is_accepted_can_be_read_changed_found_and_shown() {
    // reliability 2.10, 11
    let mut config = config(Database::Memory);
    config.record = None;
    let mut browser = Browser::with(config);
    let mut runner = TestRunner::new(Runs {
        cases: 24,
        failure_persistence: None,
        ..Runs::default()
    });
    let cell = std::cell::RefCell::new(&mut browser);
    let outcome = runner.run(&(hostile(), metadata(), ".{0,40}"), |(text, value, broken)| {
        let mut browser = cell.borrow_mut();
        let app = &mut browser.app;
        let user = json!({
            "first_name": text, "username": null, "skip_user_requirement": true, "external_id": text,
            "email_address": [format!("{:x}@example.com", rand(&text, &value))],
            "public_metadata": {"v": value},
        });
        let made = app.post("/users", &user);
        prop_assert!(made.status < 500, "{}", made.text);
        for list in LISTS {
            for filter in FILTERS {
                let answer = app.get(&format!("{list}?{filter}={}", percent(&text)));
                prop_assert!(answer.status < 500, "{list} {filter}: {}", answer.text);
            }
        }
        let body = format!("{{\"public_metadata\":{broken}}}");
        let answer = app.send("POST", "/users", &[], Some(body.as_bytes()));
        prop_assert!(answer.status < 500, "{}", answer.text);
        if made.status == 200 {
            let id = made.id();
            let changed = app.patch(
                &format!("/users/{id}/metadata"),
                &json!({"public_metadata": {"w": value}}),
            );
            prop_assert!(changed.status == 200 || changed.status == 422, "{}", changed.text);
            prop_assert_eq!(browser.get(&format!("/users/{id}")).status, 200);
            let search = format!("/users?search={}", percent(&text));
            prop_assert!(browser.get(&search).status < 500);
            browser.app.delete(&format!("/users/{id}")).ok();
        }
        prop_assert_eq!(browser.get("").status, 200);
        Ok(())
    });
    outcome.expect("holds");
}

/// A number that differs for different users.
fn rand(text: &str, value: &Value) -> u64 {
    let all = format!("{text}{value}");
    all.bytes().fold(7, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    })
}

//! The log of requests: what operations do not read, and the bodies with their secrets masked.

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use crate::client::{App, config};

fn strict() -> App {
    let mut config = config(Database::Memory);
    config.strict = true;
    config.record = None;
    App::with(config)
}

/// What the latest request had that nobody read.
fn unread(app: &mut App) -> Value {
    let log = app.control("GET", "/requests", None).ok().json();
    let all = log["data"].as_array().expect("a list");
    all.last().expect("a request")["unread"].clone()
}

#[test]
fn what_an_operation_does_not_have_is_ignored_and_marked() {
    let mut app = App::unrecorded();
    let id = app.user("a@example.com");
    app.user("b@example.com");
    for (query, names) in [
        ("email_address[]=a@example.com", json!(["email_address[]"])),
        ("user_id[0]=user_x", json!(["user_id[0]"])),
        ("user_id%5B%5D=user_x&x&limit=5", json!(["user_id[]", "x"])),
        ("__clerk_api_version=2026-05-12", json!([])),
        ("limit=500&order_by=-created_at&query=", json!([])),
    ] {
        let found = app.get(&format!("/users?{query}")).ok().ids();
        assert_eq!(found.len(), 2, "everybody is found: {query}");
        assert_eq!(unread(&mut app), names, "{query}");
    }
    // Where it says nothing about the operation, nothing is said about it.
    app.get("/users?limit=0&x=1");
    assert_eq!(unread(&mut app), json!([]));
    app.post(
        "/redirect_urls",
        &json!({"url": "https://a.test", "name": "x"}),
    )
    .ok();
    assert_eq!(unread(&mut app), json!(["name"]));
    let template = json!({"name": "t", "claims": {}, "lifetim": 5});
    let template = app.post("/jwt_templates", &template).ok().id();
    assert_eq!(unread(&mut app), json!(["lifetim"]));
    // Read by the thread that writes.
    let change = json!({"name": "t", "claims": {}, "skew": 5});
    app.patch(&format!("/jwt_templates/{template}"), &change)
        .ok();
    assert_eq!(unread(&mut app), json!(["skew"]));
    let ban = format!("/users/{id}/ban");
    app.post(&format!("{ban}?now=1"), &json!({"reason": "x"}))
        .ok();
    assert_eq!(unread(&mut app), json!(["now", "reason"]));
    app.post(&ban, &json!({})).ok();
    assert_eq!(unread(&mut app), json!([]));
    let members = "/organization_memberships?banned=true&user_id=x";
    app.get(members).ok();
    assert_eq!(unread(&mut app), json!(["banned", "user_id"]));
}

#[test]
fn a_strict_server_refuses_it_and_does_nothing() {
    let mut app = strict();
    let id = app.user("a@example.com");
    for (query, errors) in [
        (
            "email_address[]=a@example.com",
            "400 form_param_unknown(email_address[])",
        ),
        ("b=1&a=1", "400 form_param_unknown(a) form_param_unknown(b)"),
        // Other mistakes are reported first.
        ("limit=0&x=1", "422 form_param_value_invalid(limit)"),
    ] {
        assert_eq!(app.get(&format!("/users?{query}")).errors(), errors);
    }
    app.get("/users?limit=1&__clerk_api_version=2026-05-12")
        .ok();
    let answer = app.post("/users?notify=false", &json!({"username": "jane"}));
    assert_eq!(answer.errors(), "400 form_param_unknown(notify)");
    assert!(
        answer
            .text
            .contains("This operation has no parameter notify.")
    );
    let url = json!({"url": "https://a.test", "name": "x"});
    assert_eq!(
        app.post("/redirect_urls", &url).errors(),
        "400 form_param_unknown(name)"
    );
    let template = json!({"name": "t", "claims": {}, "lifetim": 5});
    assert_eq!(
        app.post("/jwt_templates", &template).errors(),
        "400 form_param_unknown(lifetim)"
    );
    let answer = app.delete(&format!("/users/{id}?force=true"));
    assert_eq!(answer.errors(), "400 form_param_unknown(force)");
    assert_eq!(app.get("/users/count").ok().json()["total_count"], 1);
    for list in ["/redirect_urls", "/jwt_templates"] {
        assert_eq!(app.get(list).ok().json(), json!([]), "{list}");
    }
}

#[test]
fn one_request_is_shown_with_its_bodies_and_without_its_secrets() {
    // reliability 7.6
    let mut app = App::start();
    let body = json!({
        "email_address": ["ada@example.com"], "password": "correct horse battery", "first_name": "Ada",
    });
    let id = app.post("/users", &body).ok().id();
    let token = json!({"user_id": id});
    let token = app.post("/sign_in_tokens", &token).ok().json();
    app.post("/users", &json!({"x": "y".repeat(20_000)}));
    app.send(
        "GET",
        "/users",
        &[("authorization", "Bearer sk_test_wrong")],
        None,
    );
    let mut all = String::new();
    let mut show = |app: &mut App, n: usize| {
        let answer = app.control("GET", &format!("/requests/{n}"), None).ok();
        all += &answer.text;
        answer.json()
    };
    let first = show(&mut app, 1);
    assert_eq!((&first["id"], &first["status"]), (&json!(1), &json!(200)));
    let request = &first["request"];
    assert_eq!(request["body"]["first_name"], "Ada");
    assert_eq!(request["body"]["password"], "…");
    assert_eq!(request["content_type"], "application/json");
    assert_eq!(
        (&request["bytes"], &request["cut"]),
        (&json!(body.to_string().len()), &json!(false))
    );
    assert_eq!(first["answer"]["body"]["id"], id);
    let second = show(&mut app, 2);
    assert_eq!(second["answer"]["body"]["token"], "…");
    let third = show(&mut app, 3);
    assert_eq!(
        (&third["request"]["cut"], &third["status"]),
        (&json!(true), &json!(422))
    );
    assert!(third["request"]["body"].is_string());
    assert_eq!(
        third["answer"]["body"]["errors"][0]["code"],
        "form_data_missing"
    );
    let fourth = show(&mut app, 4);
    assert_eq!(
        (&fourth["status"], &fourth["request"]["body"]),
        (&json!(401), &Value::Null)
    );
    for secret in [
        "correct horse",
        token["token"].as_str().expect("a token"),
        crate::client::KEY,
        "sk_test_wrong",
    ] {
        assert!(!all.contains(secret), "{secret}");
    }
    for none in ["0", "5", "x", "-1", "99999999999999999999"] {
        assert_eq!(
            app.control("GET", &format!("/requests/{none}"), None)
                .status,
            404
        );
    }
}

#[test]
fn bodies_of_the_latest_two_hundred_are_kept() {
    let mut app = App::start();
    for _ in 0..201 {
        app.get("/users/count");
    }
    let mut at = |n: usize| {
        app.control("GET", &format!("/requests/{n}"), None)
            .ok()
            .json()
    };
    assert_eq!(
        (&at(1)["answer"], &at(1)["request"], &at(1)["status"]),
        (&Value::Null, &Value::Null, &json!(200))
    );
    assert_eq!(at(2)["answer"]["body"]["total_count"], 0);
    assert_eq!(at(201)["answer"]["body"]["total_count"], 0);
}

//! `POST /sessions/{session_id}/refresh`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::{part, session, token, verified};
use crate::client::{App, config};

fn body(token: &str) -> Value {
    json!({"expired_token": token, "refresh_token": "rt_1", "request_origin": "https://example.com"})
}

#[test]
fn an_expired_token_is_replaced() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    let old = token(&mut app, &id);
    clock.advance(Duration::from_secs(3_600));
    let path = format!("/sessions/{id}/refresh");
    let answer = app.post(&path, &body(&old)).ok().json();
    assert_eq!(answer["object"], "token");
    let set = app.get("/jwks").ok().json();
    let fresh = verified(&set, answer["jwt"].as_str().expect("a token")).expect("signed");
    assert_eq!(fresh["sid"], json!(id));
    let seconds = |claims: &Value| claims["iat"].as_i64().expect("a time");
    assert!(seconds(&fresh) - seconds(&part(&old, 1)) >= 3_600);
}

#[test]
fn a_browser_gets_a_cookie() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    let mut body = body(&token(&mut app, &id));
    body["format"] = json!("cookie");
    body["request_headers"] = json!({"accept": ["text/html"]});
    let answer = app.post(&format!("/sessions/{id}/refresh"), &body).ok();
    let answer = answer.json();
    assert_eq!(answer["object"], "cookies");
    let cookie = answer["cookies"][0].as_str().expect("a cookie");
    let token = cookie.strip_prefix("__session=").expect("the session's");
    let token = token
        .strip_suffix("; Path=/; SameSite=Lax")
        .expect("for all paths");
    let set = app.get("/jwks").ok().json();
    assert!(verified(&set, token).is_some());
}

#[test]
fn what_official_clients_send_beyond_the_specification_is_taken() {
    let mut app = App::unrecorded();
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    let path = format!("/sessions/{id}/refresh");
    let mut body = body(&token(&mut app, &id));
    body["suffixed_cookies"] = json!(true);
    app.post(&path, &body).ok();
    body["whatever"] = json!(true);
    let refused = app.post(&path, &body);
    assert_eq!(refused.errors(), "422 form_param_unknown(whatever)");
}

#[test]
fn a_refusal_says_why() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let (id, other) = (session(&mut app, &user), session(&mut app, &user));
    let path = format!("/sessions/{id}/refresh");
    let good = body(&token(&mut app, &id));
    let refused = |app: &mut App, name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        app.post(&path, &body).errors()
    };
    let unsigned = format!("{}x", good["expired_token"].as_str().expect("a token"));
    let foreign = token(&mut app, &other);
    let cases = [
        (
            "expired_token",
            json!(unsigned),
            "401 expired_session_token_invalid",
        ),
        ("expired_token", json!(foreign), "401 refresh_sid_mismatch"),
        ("refresh_token", json!(""), "401 refresh_token_not_found"),
        (
            "request_origin",
            json!("here"),
            "401 refresh_request_origin_invalid",
        ),
        (
            "format",
            json!("paper"),
            "422 form_param_value_invalid(format)",
        ),
        (
            "expired_token",
            Value::Null,
            "422 form_param_nil(expired_token)",
        ),
    ];
    for (name, value, errors) in cases {
        assert_eq!(refused(&mut app, name, value), errors, "{name}");
    }
    app.post(&format!("/sessions/{id}/revoke"), &Value::Null)
        .ok();
    assert_eq!(
        app.post(&path, &good).errors(),
        "401 session_refresh_inactive_session"
    );
    app.delete(&format!("/users/{user}")).ok();
    assert_eq!(
        app.post(&path, &good).errors(),
        "401 session_refresh_session_not_found"
    );
}

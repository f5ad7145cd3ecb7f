//! `POST /sessions/{session_id}/tokens`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::{part, session, token, verified};
use crate::client::{App, config};

#[test]
fn a_token_is_signed_by_the_published_key() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    let token = token(&mut app, &id);
    let set = app.get("/jwks").ok().json();
    let mut claims = verified(&set, &token).expect("signed");
    assert_eq!(claims["sid"], json!(id));
    assert_eq!(claims["sub"], json!(user));
    assert_eq!(claims["iss"], json!(format!("http://{}", app.host())));
    claims["iss"] = json!("http://127.0.0.1:0");
    insta::assert_snapshot!(part(&token, 0), @r#"{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":"ins_37dGalnvVFqFdKvRZgYuIooCRGR","typ":"JWT"}"#);
    insta::assert_snapshot!(claims, @r#"{"exp":1767225660,"fva":[0,-1],"iat":1767225600,"iss":"http://127.0.0.1:0","jti":"7d2c21a5991559625020","nbf":1767225590,"sid":"sess_37dGalnvxaYjchPpwy2f7TFnKN4","sts":"active","sub":"user_37dGalnvVFr5ZercP7yLLLFjsfy","v":2}"#);

    let last = token.len() - 2;
    let other = if token.as_bytes()[last] == b'A' {
        "B"
    } else {
        "A"
    };
    let mut forged = token.clone();
    forged.replace_range(last..=last, other);
    assert_eq!(verified(&set, &forged), None);
}

#[test]
fn the_lifetime_can_be_chosen() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let path = format!("/sessions/{}/tokens", session(&mut app, &user));
    let mut lives = |body: &Value| {
        let answer = app.post(&path, body).ok().json();
        let claims = part(answer["jwt"].as_str().expect("a token"), 1);
        claims["exp"]
            .as_i64()
            .zip(claims["iat"].as_i64())
            .map(|(exp, iat)| exp - iat)
    };
    assert_eq!(lives(&Value::Null), Some(60));
    assert_eq!(lives(&json!({"expires_in_seconds": null})), Some(60));
    assert_eq!(lives(&json!({"expires_in_seconds": 30})), Some(30));
    for bad in [29, 315_360_001] {
        let answer = app.post(&path, &json!({"expires_in_seconds": bad}));
        assert_eq!(
            answer.errors(),
            "422 form_param_value_invalid(expires_in_seconds)"
        );
    }
}

#[test]
fn the_active_organization_is_in_the_token() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let body = json!({"name": "Team", "slug": "team", "created_by": user});
    let team = app.post("/organizations", &body).ok().id();
    let body = json!({"user_id": user, "active_organization_id": team});
    let id = app.post("/sessions", &body).ok().id();
    let claims = part(&token(&mut app, &id), 1);
    assert_eq!(
        claims["o"],
        json!({"id": team, "rol": "admin", "slg": "team"})
    );
    // Its permissions are those that every instance has, so that no feature is named.
    assert_eq!(claims.get("fea"), None);
}

#[test]
fn the_age_of_the_session_is_in_minutes() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    clock.advance(Duration::from_secs(7 * 60 + 30));
    let claims = part(&token(&mut app, &id), 1);
    assert_eq!(claims["fva"], json!([7, -1]));
}

#[test]
fn only_an_active_session_has_tokens() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let user = app.user("a@example.com");
    let (revoked, expired) = (session(&mut app, &user), session(&mut app, &user));
    app.post(&format!("/sessions/{revoked}/revoke"), &Value::Null)
        .ok();
    clock.advance(Duration::from_secs(7 * 24 * 60 * 60));
    let mut errors = |id: &str| {
        app.post(&format!("/sessions/{id}/tokens"), &json!({}))
            .errors()
    };
    assert_eq!(errors(&revoked), "401 authentication_invalid");
    assert_eq!(errors(&expired), "401 authentication_invalid");
    assert_eq!(errors("sess_x"), "404 resource_not_found");
}

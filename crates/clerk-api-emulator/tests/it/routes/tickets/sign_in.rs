//! Links of sign-in and actor tokens: they begin a session, once.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::{NO_KEY, ticket};
use crate::client::{Answer, App, config};

fn follow(app: &mut App, method: &str, what: &str, token: &Value) -> Answer {
    let path = format!("/tickets/{what}?ticket={}", ticket(token));
    app.send(method, &path, &NO_KEY, None)
}

/// Answers to the same question by the id that a path ends with.
fn revoke(app: &mut App, kind: &str, token: &Value) -> Answer {
    let id = token["id"].as_str().expect("an id");
    app.post(&format!("/{kind}/{id}/revoke"), &Value::Null)
}

#[test]
fn a_sign_in_token_begins_one_session() {
    let mut app = App::start();
    let user = app.user("ann@example.com");
    let body = json!({"name": "Team", "created_by": user});
    let team = app.post("/organizations", &body).ok().id();
    let body = json!({"user_id": user, "org_id": team});
    let token = app.post("/sign_in_tokens", &body).ok().json();
    let opened = follow(&mut app, "GET", "accept", &token).ok().json();
    assert_eq!(opened["object"], "sign_in_token");
    assert_eq!(opened["status"], "pending");
    assert_eq!(opened["user_id"], user);
    // Looking changes nothing.
    let sessions = format!("/sessions?user_id={user}");
    assert_eq!(app.get(&sessions).ok().json(), json!([]));

    let accepted = follow(&mut app, "POST", "accept", &token).ok().json();
    assert_eq!(accepted["status"], "accepted");
    let found = app.get(&sessions).ok().json();
    assert_eq!(found[0]["id"], accepted["session_id"]);
    assert_eq!(found[0]["last_active_organization_id"], team);
    assert_eq!(found[0]["actor"], Value::Null);

    let again = follow(&mut app, "POST", "accept", &token);
    assert_eq!(again.errors(), "400 token_not_pending");
    let opened = follow(&mut app, "GET", "accept", &token).ok().json();
    assert_eq!(opened["status"], "accepted");
    let refused = revoke(&mut app, "sign_in_tokens", &token);
    assert_eq!(refused.errors(), "400 sign_in_token_cannot_be_revoked_code");
}

#[test]
fn an_actor_token_begins_a_short_session_of_somebody_who_acts() {
    let mut app = App::start();
    let user = app.user("ann@example.com");
    let actor = json!({"sub": "user_support", "why": {"z": 1, "a": 2}});
    let body = json!({"user_id": user, "actor": actor, "session_max_duration_in_seconds": 60});
    let token = app.post("/actor_tokens", &body).ok().json();
    let accepted = follow(&mut app, "POST", "accept", &token).ok().json();
    assert_eq!(accepted["object"], "actor_token");
    let id = accepted["session_id"].as_str().expect("a session");
    let session = app.get(&format!("/sessions/{id}")).ok();
    assert!(session.text.contains(r#""why":{"z":1,"a":2}"#));
    let session = session.json();
    let (begins, ends) = (&session["created_at"], &session["expire_at"]);
    let life = ends.as_i64().expect("a time") - begins.as_i64().expect("a time");
    assert_eq!(life, 60_000);
}

#[test]
fn what_is_over_signs_nobody_in() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let user = app.user("ann@example.com");
    let token = |app: &mut App| {
        let body = json!({"user_id": user, "expires_in_seconds": 60});
        app.post("/sign_in_tokens", &body).ok().json()
    };
    let (revoked, banned, late) = (token(&mut app), token(&mut app), token(&mut app));
    revoke(&mut app, "sign_in_tokens", &revoked).ok();
    let refused = follow(&mut app, "POST", "accept", &revoked);
    assert_eq!(refused.errors(), "400 token_not_pending");
    // Somebody signs in or does not: there is nothing to decline.
    let declined = follow(&mut app, "POST", "decline", &late);
    assert_eq!(declined.status, 404);
    let who = format!("/users/{}", late["user_id"].as_str().expect("an id"));
    app.post(&format!("{who}/ban"), &Value::Null).ok();
    let refused = follow(&mut app, "POST", "accept", &banned);
    assert_eq!(refused.errors(), "403 user_banned");
    app.post(&format!("{who}/unban"), &Value::Null).ok();
    clock.advance(Duration::from_secs(61));
    let opened = follow(&mut app, "GET", "accept", &late).ok().json();
    assert_eq!(opened["status"], "expired");
    let refused = follow(&mut app, "POST", "accept", &late);
    assert_eq!(refused.errors(), "400 token_not_pending");
    let sessions = format!(
        "/sessions?user_id={}",
        late["user_id"].as_str().expect("an id")
    );
    assert_eq!(app.get(&sessions).ok().json(), json!([]));
}

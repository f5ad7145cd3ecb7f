//! How sessions end: `POST /sessions/{session_id}/revoke`, and what is done to their user.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::session;
use crate::client::{App, config};

fn status(app: &mut App, session: &str) -> Value {
    app.get(&format!("/sessions/{session}")).ok().json()["status"].clone()
}

#[test]
fn a_revoked_session_stays_revoked() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let made = app.post("/sessions", &json!({"user_id": user})).ok().json();
    let id = made["id"].as_str().expect("an id");
    let path = format!("/sessions/{id}/revoke");
    let revoked = app.post(&path, &Value::Null).ok().json();
    let mut expected = made.clone();
    expected["status"] = json!("revoked");
    expected["updated_at"] = revoked["updated_at"].clone();
    assert_eq!(revoked, expected);
    let again = app.post(&path, &Value::Null).ok().json();
    assert_eq!(again, revoked, "again changes nothing");
    let unknown = app.post("/sessions/sess_x/revoke", &Value::Null);
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn an_expired_session_can_not_be_revoked_any_more() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    clock.advance(Duration::from_secs(8 * 24 * 60 * 60));
    let path = format!("/sessions/{id}/revoke");
    let answer = app.post(&path, &Value::Null).ok().json();
    assert_eq!(answer["status"], "expired");
}

#[test]
fn a_ban_ends_the_sessions_and_forbids_new_ones() {
    let mut app = App::start();
    let (ann, bob) = (app.user("ann@example.com"), app.user("bob@example.com"));
    let (hers, his) = (session(&mut app, &ann), session(&mut app, &bob));
    app.post(&format!("/users/{ann}/ban"), &Value::Null).ok();
    assert_eq!(status(&mut app, &hers), "revoked");
    assert_eq!(status(&mut app, &his), "active");
    let refused = app.post("/sessions", &json!({"user_id": ann}));
    assert_eq!(refused.errors(), "403 user_banned");
    app.post(&format!("/users/{ann}/unban"), &Value::Null).ok();
    assert_eq!(status(&mut app, &hers), "revoked");
    session(&mut app, &ann);
    app.post("/users/ban", &json!({"user_ids": [bob]})).ok();
    assert_eq!(status(&mut app, &his), "revoked");
}

#[test]
fn a_deleted_user_has_no_sessions() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    app.delete(&format!("/users/{user}")).ok();
    let gone = app.get(&format!("/sessions/{id}"));
    assert_eq!(gone.errors(), "404 resource_not_found");
    let listed = app.get(&format!("/sessions?user_id={user}")).ok();
    assert_eq!(listed.json(), json!([]));
}

#[test]
fn passwords_end_sessions_if_that_is_asked_for() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let one = format!("/users/{user}");
    let (remove, leaked) = (
        format!("{one}/remove_password"),
        format!("{one}/password/set_compromised"),
    );
    let set = |out: bool| json!({"password": "correct horse", "sign_out_of_other_sessions": out});
    for out in [false, true] {
        let expected = if out { "revoked" } else { "active" };
        let id = session(&mut app, &user);
        app.patch(&one, &set(out)).ok();
        assert_eq!(status(&mut app, &id), expected, "a new password");
        let id = session(&mut app, &user);
        app.post(&leaked, &json!({"revoke_all_sessions": out})).ok();
        assert_eq!(status(&mut app, &id), expected, "a leaked password");
        let id = session(&mut app, &user);
        app.post(&remove, &json!({"sign_out_of_other_sessions": out}))
            .ok();
        assert_eq!(status(&mut app, &id), expected, "no password");
    }
}

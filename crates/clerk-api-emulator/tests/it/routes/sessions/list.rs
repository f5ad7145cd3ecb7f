//! `GET /sessions`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::session;
use crate::client::{App, config};

#[test]
fn whose_sessions_must_be_said() {
    let mut app = App::start();
    assert_eq!(
        app.get("/sessions?status=active").errors(),
        "400 missing_query_parameter"
    );
    for nobody in ["user_id=user_x", "client_id=client_x"] {
        let listed = app.get(&format!("/sessions?{nobody}")).ok();
        assert_eq!(listed.json(), json!([]), "{nobody}");
    }
    let answer = app.get("/sessions?user_id=user_x&status=sleeping");
    assert_eq!(answer.errors(), "422 form_param_value_invalid(status)");
}

#[test]
fn the_newest_come_first_and_pages_are_counted() {
    let mut app = App::start();
    let (ann, bob) = (app.user("ann@example.com"), app.user("bob@example.com"));
    let mut ids: Vec<String> = (0..3).map(|_| session(&mut app, &ann)).collect();
    session(&mut app, &bob);
    ids.reverse();
    let listed = app.get(&format!("/sessions?user_id={ann}")).ok();
    assert_eq!(listed.ids(), ids);
    let path = format!("/sessions?user_id={ann}&limit=1&offset=1&paginated=true");
    let page = app.get(&path).ok();
    assert_eq!(page.ids(), ids[1..2]);
    assert_eq!(page.json()["total_count"], 3);
}

#[test]
fn a_session_is_found_by_its_client() {
    let mut app = App::start();
    let (ann, bob) = (app.user("ann@example.com"), app.user("bob@example.com"));
    let body = json!({"user_id": ann});
    let made = app.post("/sessions", &body).ok().json();
    let client = made["client_id"].as_str().expect("an id").to_owned();
    let path = format!("/sessions?client_id={client}");
    assert_eq!(app.get(&path).ok().json(), json!([made]));
    let path = format!("{path}&user_id={bob}");
    assert_eq!(app.get(&path).ok().json(), json!([]));
}

#[test]
fn the_status_is_that_of_the_moment() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let user = app.user("a@example.com");
    let (old, revoked) = (session(&mut app, &user), session(&mut app, &user));
    app.post(&format!("/sessions/{revoked}/revoke"), &Value::Null)
        .ok();
    clock.advance(Duration::from_secs(7 * 24 * 60 * 60));
    let young = session(&mut app, &user);
    let mut with = |status: &str| {
        let path = format!("/sessions?user_id={user}&paginated=true&status={status}");
        let page = app.get(&path).ok();
        assert_eq!(page.json()["total_count"], page.ids().len(), "{status}");
        page.ids()
    };
    assert_eq!(with("active"), [young]);
    assert_eq!(with("expired"), [&*old]);
    assert_eq!(with("revoked"), [revoked]);
    assert!(with("abandoned").is_empty());
    let read = app.get(&format!("/sessions/{old}")).ok().json();
    assert_eq!(read["status"], "expired");
}

//! `POST /sessions` and `GET /sessions/{session_id}`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn a_session_is_answered_whole() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let made = app.post("/sessions", &json!({"user_id": user})).ok();
    insta::assert_snapshot!(made.pretty());
    let path = format!("/sessions/{}", made.id());
    assert_eq!(app.get(&path).ok().text, made.text);
}

#[test]
fn the_organization_must_be_the_user_s() {
    let mut app = App::start();
    let (ann, bob) = (app.user("ann@example.com"), app.user("bob@example.com"));
    let body = json!({"name": "Team", "created_by": ann});
    let team = app.post("/organizations", &body).ok().id();
    let body = |user: &str, team: &str| json!({"user_id": user, "active_organization_id": team});
    let made = app.post("/sessions", &body(&ann, &team)).ok().json();
    assert_eq!(made["last_active_organization_id"], json!(team));
    let cases = [
        (body(&bob, &team), "403 not_a_member_in_organization"),
        (body(&ann, "org_x"), "404 resource_not_found"),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/sessions", &body).errors(), errors, "{body}");
    }
}

#[test]
fn an_organization_that_was_left_is_not_active() {
    let mut app = App::start();
    let (ann, bob) = (app.user("ann@example.com"), app.user("bob@example.com"));
    let body = json!({"name": "Team", "created_by": ann});
    let team = app.post("/organizations", &body).ok().id();
    let members = format!("/organizations/{team}/memberships");
    let body = json!({"user_id": bob, "role": "org:member"});
    app.post(&members, &body).ok();
    let body = json!({"user_id": bob, "active_organization_id": team});
    let session = app.post("/sessions", &body).ok().id();
    app.delete(&format!("{members}/{bob}")).ok();
    let left = app.get(&format!("/sessions/{session}")).ok().json();
    assert_eq!(left["last_active_organization_id"], Value::Null);
    let listed = app.get(&format!("/sessions?user_id={bob}")).ok().json();
    assert_eq!(listed, json!([left]));
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let cases = [
        (json!({}), "422 form_param_missing(user_id)"),
        (
            json!({"user_id": 1}),
            "422 form_param_type_invalid(user_id)",
        ),
        (
            json!({"user_id": "user_x", "active_organization_id": null}),
            "422 form_param_nil(active_organization_id)",
        ),
        (json!({"user_id": "user_x"}), "404 resource_not_found"),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/sessions", &body).errors(), errors, "{body}");
    }
    assert_eq!(
        app.get("/sessions/sess_x").errors(),
        "404 resource_not_found"
    );
}

//! `POST /actor_tokens` and `POST /actor_tokens/{actor_token_id}/revoke`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn a_token_is_answered_whole_and_taken_back() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let body = json!({"user_id": user, "actor": {"sub": "user_support", "ticket": {"z": 1, "a": 2}},
                      "expires_in_seconds": 600, "session_max_duration_in_seconds": 60});
    let made = app.post("/actor_tokens", &body).ok();
    insta::assert_snapshot!(made.pretty());
    assert!(made.text.contains(r#""ticket":{"z":1,"a":2}"#));
    let path = format!("/actor_tokens/{}/revoke", made.id());
    let revoked = app.post(&path, &Value::Null).ok();
    assert_eq!(revoked.json()["status"], "revoked");
    assert!(revoked.text.contains(r#""ticket":{"z":1,"a":2}"#));
    assert_eq!(
        app.post(&path, &Value::Null).errors(),
        "400 actor_token_cannot_be_revoked_code"
    );
    // The kinds do not mix.
    let path = format!("/sign_in_tokens/{}/revoke", made.id());
    let unknown = app.post(&path, &Value::Null);
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let who = json!({"sub": "user_support"});
    let cases = [
        (
            json!({}),
            "422 form_param_missing(user_id) form_param_missing(actor)",
        ),
        (
            json!({"user_id": user, "actor": "user_support"}),
            "422 form_param_type_invalid(actor)",
        ),
        (
            json!({"user_id": user, "actor": null}),
            "422 form_param_nil(actor)",
        ),
        (
            json!({"user_id": user, "actor": {}}),
            "422 form_param_missing(actor.sub)",
        ),
        (
            json!({"user_id": user, "actor": {"sub": 1}}),
            "422 form_param_type_invalid(actor.sub)",
        ),
        (
            json!({"user_id": user, "actor": who, "expires_in_seconds": -1, "session_max_duration_in_seconds": 0}),
            "422 form_param_value_invalid(expires_in_seconds) form_param_value_invalid(session_max_duration_in_seconds)",
        ),
        (
            json!({"user_id": user, "actor": who, "expires_in_seconds": null, "session_max_duration_in_seconds": null}),
            "422 form_param_nil(expires_in_seconds) form_param_nil(session_max_duration_in_seconds)",
        ),
        (
            json!({"user_id": user, "actor": who, "why": "support"}),
            "422 form_param_unknown(why)",
        ),
        (
            json!({"user_id": "user_x", "actor": who}),
            "422 form_resource_not_found(user_id)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/actor_tokens", &body).errors(), errors, "{body}");
    }
}

//! `POST /sign_in_tokens` and `POST /sign_in_tokens/{sign_in_token_id}/revoke`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn a_token_is_answered_whole_and_taken_back() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let made = app.post("/sign_in_tokens", &json!({"user_id": user})).ok();
    insta::assert_snapshot!(made.pretty());
    let path = format!("/sign_in_tokens/{}/revoke", made.id());
    let revoked = app.post(&path, &Value::Null).ok().json();
    let mut expected = made.json();
    expected["status"] = json!("revoked");
    expected["updated_at"] = revoked["updated_at"].clone();
    assert_eq!(revoked, expected);
    assert_eq!(
        app.post(&path, &Value::Null).errors(),
        "400 sign_in_token_cannot_be_revoked_code"
    );
}

#[test]
fn tokens_do_not_repeat_and_go_with_their_user() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let body = json!({"user_id": user, "expires_in_seconds": 1});
    let (one, two) = (
        app.post("/sign_in_tokens", &body).ok(),
        app.post("/sign_in_tokens", &body).ok(),
    );
    assert_ne!(one.json()["token"], two.json()["token"]);
    app.delete(&format!("/users/{user}")).ok();
    let path = format!("/sign_in_tokens/{}/revoke", one.id());
    let gone = app.post(&path, &Value::Null);
    assert_eq!(gone.errors(), "404 resource_not_found");
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let (ann, bob) = (app.user("ann@example.com"), app.user("bob@example.com"));
    let body = json!({"name": "Team", "created_by": ann});
    let team = app.post("/organizations", &body).ok().id();
    app.post("/sign_in_tokens", &json!({"user_id": ann, "org_id": team}))
        .ok();
    app.post(
        "/sign_in_tokens",
        &json!({"user_id": bob, "org_id": null, "expires_in_seconds": null}),
    )
    .ok();
    let cases = [
        (json!({}), "422 form_param_missing(user_id)"),
        (
            json!({"user_id": ann, "expires_in_seconds": 0}),
            "422 form_param_value_invalid(expires_in_seconds)",
        ),
        (json!({"user_id": "user_x"}), "404 resource_not_found"),
        (
            json!({"user_id": ann, "org_id": "org_x"}),
            "404 resource_not_found",
        ),
        (
            json!({"user_id": bob, "org_id": team}),
            "403 not_a_member_in_organization",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(
            app.post("/sign_in_tokens", &body).errors(),
            errors,
            "{body}"
        );
    }
}

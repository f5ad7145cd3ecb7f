//! `GET`, `PATCH` and `DELETE /users/{user_id}`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn an_unknown_user_is_not_found() {
    let mut app = App::start();
    for id in ["user_x", "jane", "user_%2F..%2F", "user_x%00"] {
        assert_eq!(
            app.get(&format!("/users/{id}")).errors(),
            "404 resource_not_found",
            "{id}"
        );
    }
    assert_eq!(
        app.patch("/users/user_x", &json!({})).errors(),
        "404 resource_not_found"
    );
    assert_eq!(
        app.delete("/users/user_x").errors(),
        "404 resource_not_found"
    );
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let mut app = App::start();
    let made = app
        .post(
            "/users",
            &json!({"email_address": ["a@example.com"], "first_name": "Jane", "username": "jane"}),
        )
        .ok();
    let path = format!("/users/{}", made.id());
    let changed = app
        .patch(&path, &json!({"last_name": "Doe", "username": ""}))
        .ok()
        .json();
    let mut expected = made.json();
    expected["last_name"] = json!("Doe");
    expected["username"] = Value::Null;
    expected["updated_at"] = changed["updated_at"].clone();
    expected["image_url"] = changed["image_url"].clone();
    assert_eq!(changed, expected);
    assert_ne!(
        made.json()["image_url"],
        changed["image_url"],
        "the placeholder shows the initials"
    );
    assert!(changed["updated_at"].as_i64() > made.json()["updated_at"].as_i64());
    assert_eq!(app.get(&path).json(), changed);
}

#[test]
fn null_clears_and_an_empty_body_changes_nothing() {
    let mut app = App::start();
    let body = json!({"email_address": ["a@example.com"], "first_name": "Jane", "external_id": "e", "locale": "en"});
    let path = format!("/users/{}", app.post("/users", &body).ok().id());
    let cleared = json!({"first_name": null, "external_id": null, "locale": null});
    let user = app.patch(&path, &cleared).ok().json();
    for field in ["first_name", "external_id", "locale"] {
        assert_eq!(user[field], Value::Null, "{field}");
    }
    let again = app.patch(&path, &json!({})).ok().json();
    assert_eq!(again["email_addresses"], user["email_addresses"]);
}

#[test]
fn an_update_may_not_take_what_another_user_has() {
    let mut app = App::start();
    app.post("/users", &json!({"username": "taken", "external_id": "e"}))
        .ok();
    let path = format!("/users/{}", app.user("b@example.com"));
    let answer = app.patch(&path, &json!({"username": "TAKEN", "external_id": "e"}));
    assert_eq!(
        answer.errors(),
        "422 form_identifier_exists(username) form_identifier_exists(external_id)"
    );
    // Its own name is not taken.
    app.patch(&path, &json!({"username": "mine"})).ok();
    app.patch(&path, &json!({"username": "Mine"})).ok();
}

#[test]
fn metadata_is_refused_by_the_newest_version_and_replaced_by_older_ones() {
    let mut app = App::start();
    let body = json!({"email_address": ["a@example.com"], "public_metadata": {"a": 1, "b": 2}});
    let path = format!("/users/{}", app.post("/users", &body).ok().id());
    let change = json!({"public_metadata": {"c": 3}});
    assert_eq!(
        app.patch(&path, &change).errors(),
        "422 form_param_deprecated(public_metadata)"
    );
    let old = [("clerk-api-version", "2025-11-10")];
    let changed = app
        .send("PATCH", &path, &old, Some(change.to_string().as_bytes()))
        .ok()
        .json();
    assert_eq!(changed["public_metadata"], json!({"c": 3}));
}

#[test]
fn primaries_must_be_own_and_proven() {
    let mut app = App::start();
    let user = app
        .post(
            "/users",
            &json!({"email_address": ["a@example.com", "b@example.com", "c@example.com"],
                    "email_address_identification_status": ["verified", "verified", "reserved"],
                    "phone_number": ["+15555550100"]}),
        )
        .ok();
    let path = format!("/users/{}", user.id());
    let user = user.json();
    let email = |place: usize| user["email_addresses"][place]["id"].clone();
    let changed = app
        .patch(&path, &json!({"primary_email_address_id": email(1)}))
        .ok()
        .json();
    assert_eq!(changed["primary_email_address_id"], email(1));
    let unproven = app.patch(&path, &json!({"primary_email_address_id": email(2)}));
    assert_eq!(
        unproven.errors(),
        "422 form_verification_needed(primary_email_address_id)"
    );
    let wrong_kind = app.patch(&path, &json!({"primary_phone_number_id": email(0)}));
    assert_eq!(
        wrong_kind.errors(),
        "422 form_resource_not_found(primary_phone_number_id)"
    );
}

#[test]
fn unknown_fields_and_lonely_options_are_refused() {
    let mut app = App::start();
    let path = format!("/users/{}", app.user("a@example.com"));
    assert_eq!(
        app.patch(&path, &json!({"banned": true})).errors(),
        "422 form_param_unknown(banned)"
    );
    assert_eq!(
        app.patch(&path, &json!({"sign_out_of_other_sessions": true}))
            .errors(),
        "422 form_conditional_param_disallowed(sign_out_of_other_sessions)"
    );
    app.patch(
        &path,
        &json!({"password": "12345678", "sign_out_of_other_sessions": true}),
    )
    .ok();
}

#[test]
fn a_deleted_user_is_gone_and_its_identifiers_are_free() {
    let mut app = App::start();
    let body = json!({"email_address": ["a@example.com"], "username": "jane", "external_id": "e"});
    let id = app.post("/users", &body).ok().id();
    let path = format!("/users/{id}");
    let gone = app.send("DELETE", &path, &[], Some(b"null")).ok();
    assert_eq!(
        gone.json(),
        json!({"object": "user", "id": id, "external_id": "e", "deleted": true})
    );
    assert_eq!(app.get(&path).errors(), "404 resource_not_found");
    assert_eq!(app.get("/users/count").json()["total_count"], 0);
    app.post("/users", &body).ok();
}

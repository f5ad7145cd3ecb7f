//! `PUT /users/{user_id}/email_address` and `/users/{user_id}/phone_number`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn one_address_takes_the_place_of_all() {
    let mut app = App::start();
    let body = json!({"email_address": ["a@example.com", "b@example.com"], "phone_number": ["+15555550100"]});
    let user = app.post("/users", &body).ok();
    let path = format!("/users/{}", user.id());
    let put = format!("{path}/email_address");
    let body =
        json!({"email_address": "New@example.com", "notify_primary_email_address_changed": true});
    let made = app.put(&put, &body).ok().json();
    assert_eq!(made["email_address"], "new@example.com");
    assert_eq!(made["verification"]["strategy"], "admin");
    let shown = app.get(&path).ok().json();
    assert_eq!(shown["email_addresses"], json!([made]));
    assert_eq!(shown["primary_email_address_id"], made["id"]);
    assert_eq!(shown["phone_numbers"], user.json()["phone_numbers"]);
    assert!(shown["updated_at"].as_i64() > user.json()["updated_at"].as_i64());
    for gone in user.json()["email_addresses"].as_array().expect("two") {
        let path = format!("/email_addresses/{}", gone["id"].as_str().expect("an id"));
        assert_eq!(app.get(&path).errors(), "404 resource_not_found");
    }
    assert_eq!(app.get("/users?query=b@example").ok().text, "[]");
    assert_eq!(app.get("/users?query=new@example").ok().ids(), [user.id()]);
    // Its own address is not taken.
    app.put(&put, &json!({"email_address": "new@example.com"}))
        .ok();
}

#[test]
fn the_status_says_how_sure_it_is() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let path = format!("/users/{id}/email_address");
    for (status, reserved, verified) in [
        ("reserved", true, false),
        ("unverified", false, false),
        ("verified", false, true),
    ] {
        let body = json!({"email_address": "b@example.com", "identification_status": status});
        let made = app.put(&path, &body).ok().json();
        assert_eq!(made["reserved"], reserved, "{status}");
        assert_eq!(made["verification"].is_object(), verified, "{status}");
        let shown = app.get(&format!("/users/{id}")).ok().json();
        assert_eq!(shown["primary_email_address_id"], made["id"], "{status}");
    }
}

#[test]
fn replacing_a_second_factor_ends_it() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let second = json!({"user_id": user, "phone_number": "+15555550100", "verified": true,
                        "reserved_for_second_factor": true});
    app.post("/phone_numbers", &second).ok();
    let body = json!({"phone_number": "+15555550101"});
    let made = app.put(&format!("/users/{user}/phone_number"), &body);
    assert_eq!(made.ok().json()["reserved_for_second_factor"], false);
    let shown = app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(shown["two_factor_enabled"], false);
    assert!(shown["mfa_disabled_at"].is_i64());
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    app.user("taken@example.com");
    let user = app.user("a@example.com");
    let path = format!("/users/{user}/email_address");
    let before = app.get(&format!("/users/{user}")).ok().json();
    for (body, errors) in [
        (json!({}), "422 form_param_missing(email_address)"),
        (
            json!({"email_address": "b@example.com", "identification_status": "sure", "primary": true}),
            "422 form_param_value_invalid(identification_status) form_param_unknown(primary)",
        ),
        (
            json!({"email_address": "b@example.com", "identification_status": null}),
            "422 form_param_nil(identification_status)",
        ),
        (
            json!({"email_address": "taken@example.com"}),
            "422 form_identifier_exists(email_address)",
        ),
    ] {
        assert_eq!(app.put(&path, &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get(&format!("/users/{user}")).ok().json(), before);
    let unknown = app.put(
        "/users/user_x/phone_number",
        &json!({"phone_number": "+15555550100"}),
    );
    assert_eq!(unknown.errors(), "404 resource_not_found");
    let none = app.put("/users/user_x/phone_number", &Value::Null);
    assert_eq!(none.errors(), "422 form_param_missing(phone_number)");
}

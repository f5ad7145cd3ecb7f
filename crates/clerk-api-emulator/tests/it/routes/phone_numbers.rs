//! `/phone_numbers`: what is not as for email addresses.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use crate::client::{Answer, App, config};

fn add(app: &mut App, user: &str, phone: &str, rest: &Value) -> Answer {
    let mut body = json!({"user_id": user, "phone_number": phone});
    for (name, value) in rest.as_object().expect("an object") {
        body[name] = value.clone();
    }
    app.post("/phone_numbers", &body)
}

#[test]
fn a_new_number_is_answered_whole() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let made = add(
        &mut app,
        &user,
        "+15555550100",
        &json!({"verified": true, "reserved_for_second_factor": true}),
    )
    .ok();
    insta::assert_snapshot!(made.pretty());
    let path = format!("/phone_numbers/{}", made.id());
    assert_eq!(app.get(&path).ok().json(), made.json());
    let shown = app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(shown["phone_numbers"], json!([made.json()]));
    assert_eq!(shown["primary_phone_number_id"], json!(made.id()));
    assert_eq!(shown["two_factor_enabled"], true);
    assert!(shown["mfa_enabled_at"].is_i64());
    let email = shown["primary_email_address_id"].as_str().expect("an id");
    assert_eq!(
        app.get(&format!("/phone_numbers/{email}")).errors(),
        "404 resource_not_found"
    );
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    for (body, errors) in [
        (
            json!({"user_id": null}),
            "422 form_param_nil(user_id) form_param_missing(phone_number)",
        ),
        (
            json!({"user_id": user, "phone_number": "5555550100"}),
            "422 form_param_format_invalid(phone_number)",
        ),
        (
            json!({"user_id": user, "phone_number": "+15555550100", "reserved_for_second_factor": true}),
            "422 form_verification_needed(reserved_for_second_factor)",
        ),
        (
            json!({"user_id": user, "phone_number": "+15555550100",
                   "notify_primary_email_address_changed": true}),
            "422 form_param_unknown(notify_primary_email_address_changed)",
        ),
    ] {
        assert_eq!(app.post("/phone_numbers", &body).errors(), errors, "{body}");
    }
}

#[test]
fn the_first_second_factor_is_the_default_one_until_it_goes() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let second = json!({"verified": true, "reserved_for_second_factor": true});
    let a = add(&mut app, &user, "+15555550100", &second.clone()).ok();
    let b = add(&mut app, &user, "+15555550101", &second).ok();
    let c = add(&mut app, &user, "+15555550102", &json!({})).ok().id();
    assert_eq!(b.json()["default_second_factor"], false);
    let (a, b) = (a.id(), b.id());
    let unproven = app.patch(
        &format!("/phone_numbers/{c}"),
        &json!({"reserved_for_second_factor": true}),
    );
    assert_eq!(
        unproven.errors(),
        "422 form_verification_needed(reserved_for_second_factor)"
    );
    let released = app.patch(
        &format!("/phone_numbers/{a}"),
        &json!({"reserved_for_second_factor": false}),
    );
    assert_eq!(released.ok().json()["default_second_factor"], false);
    let next = app.get(&format!("/phone_numbers/{b}")).ok().json();
    assert_eq!(next["default_second_factor"], true);
    let undone = app.patch(&format!("/phone_numbers/{b}"), &json!({"verified": false}));
    assert_eq!(undone.ok().json()["reserved_for_second_factor"], false);
    let shown = app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(shown["two_factor_enabled"], false);
    assert!(shown["mfa_disabled_at"].is_i64());
}

#[test]
fn a_deleted_second_factor_is_none_any_more() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let second = json!({"verified": true, "reserved_for_second_factor": true});
    let id = add(&mut app, &user, "+15555550100", &second).ok().id();
    let gone = app.delete(&format!("/phone_numbers/{id}")).ok().json();
    assert_eq!(
        gone,
        json!({"object": "phone_number", "id": id, "deleted": true})
    );
    let shown = app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(
        (
            &shown["two_factor_enabled"],
            &shown["primary_phone_number_id"]
        ),
        (&json!(false), &Value::Null)
    );
}

#[test]
fn between_two_codes_lie_thirty_seconds() {
    let config = config(Database::Memory);
    let clock = config.clock.clone();
    let mut app = App::with(config);
    let user = app.user("jane@example.com");
    let id = add(&mut app, &user, "+15555550100", &json!({})).ok().id();
    let path = format!("/phone_numbers/{id}");
    let prepare = format!("{path}/prepare_verification");
    let sent = app.post(&prepare, &Value::Null).ok();
    insta::assert_snapshot!(sent.pretty());
    clock.advance(Duration::from_secs(20));
    let soon = app.post(&prepare, &Value::Null);
    assert_eq!(soon.errors(), "429 verification_code_too_many_requests");
    assert_eq!(soon.header("retry-after"), Some("10"));
    clock.advance(Duration::from_secs(10));
    app.post(&prepare, &Value::Null).ok();
    // The older code still holds.
    let attempt = json!({"verification_id": sent.id(), "code": "424242"});
    let right = app.post(&format!("{path}/attempt_verification"), &attempt);
    assert_eq!(right.ok().json()["status"], "verified");
    let shown = app.get(&path).ok().json();
    assert_eq!(
        (
            &shown["verification"]["strategy"],
            &shown["verification"]["channel"]
        ),
        (&json!("phone_code"), &json!("sms"))
    );
}

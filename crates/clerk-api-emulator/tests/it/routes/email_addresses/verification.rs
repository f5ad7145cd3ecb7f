//! `/email_addresses/{email_address_id}/prepare_verification` and `attempt_verification`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::add;
use crate::client::{Answer, App, config};

/// A user with an unverified address; returns the path of the address.
fn unverified(app: &mut App) -> String {
    let user = app.user("first@example.com");
    let id = add(app, &user, "x@example.com", &json!({})).ok().id();
    format!("/email_addresses/{id}")
}

fn prepare(app: &mut App, path: &str) -> Answer {
    app.post(&format!("{path}/prepare_verification"), &Value::Null)
}

fn attempt(app: &mut App, path: &str, id: &str, code: &str) -> Answer {
    app.post(
        &format!("{path}/attempt_verification"),
        &json!({"verification_id": id, "code": code}),
    )
}

#[test]
fn the_right_code_verifies_the_address() {
    let mut app = App::start();
    let path = unverified(&mut app);
    let sent = prepare(&mut app, &path).ok();
    insta::assert_snapshot!(sent.pretty());
    assert_eq!(app.get(&path).ok().json()["verification"], Value::Null);
    let wrong = attempt(&mut app, &path, &sent.id(), "000000").ok().json();
    assert_eq!(
        (&wrong["status"], &wrong["attempts"]),
        (&json!("unverified"), &json!(1))
    );
    let right = attempt(&mut app, &path, &sent.id(), "424242").ok().json();
    assert_eq!(
        (&right["status"], &right["attempts"]),
        (&json!("verified"), &json!(2))
    );
    insta::assert_snapshot!(app.get(&path).ok().pretty());
    let again = attempt(&mut app, &path, &sent.id(), "424242");
    assert_eq!(again.errors(), "400 verification_already_verified");
}

#[test]
fn a_verification_fails_after_three_wrong_codes() {
    let mut app = App::start();
    let path = unverified(&mut app);
    let id = prepare(&mut app, &path).ok().id();
    for (status, attempts) in [("unverified", 1), ("unverified", 2), ("failed", 3)] {
        let wrong = attempt(&mut app, &path, &id, "111111").ok().json();
        assert_eq!(
            (&wrong["status"], &wrong["attempts"]),
            (&json!(status), &json!(attempts))
        );
    }
    let late = attempt(&mut app, &path, &id, "424242").ok().json();
    assert_eq!(
        (&late["status"], &late["attempts"]),
        (&json!("failed"), &json!(3))
    );
    assert_eq!(app.get(&path).ok().json()["verification"], Value::Null);
    let id = prepare(&mut app, &path).ok().id();
    let right = attempt(&mut app, &path, &id, "424242").ok().json();
    assert_eq!(right["status"], "verified");
}

#[test]
fn a_code_holds_ten_minutes() {
    let config = config(Database::Memory);
    let clock = config.clock.clone();
    let mut app = App::with(config);
    let path = unverified(&mut app);
    let id = prepare(&mut app, &path).ok().id();
    clock.advance(Duration::from_secs(600));
    let late = attempt(&mut app, &path, &id, "424242").ok().json();
    assert_eq!(
        (&late["status"], &late["attempts"]),
        (&json!("expired"), &json!(0))
    );
}

#[test]
fn a_verified_address_stays_as_it_is() {
    let mut app = App::start();
    let user = app.user("first@example.com");
    let path = format!("/users/{user}");
    let before = app.get(&path).ok().json();
    let address = before["email_addresses"][0]["id"].as_str().expect("an id");
    let address = format!("/email_addresses/{address}");
    let id = prepare(&mut app, &address).ok().id();
    let right = attempt(&mut app, &address, &id, "424242").ok().json();
    assert_eq!(right["status"], "verified");
    assert_eq!(app.get(&path).ok().json(), before);
}

#[test]
fn codes_belong_to_their_address() {
    let mut app = App::start();
    let path = unverified(&mut app);
    let id = prepare(&mut app, &path).ok().id();
    let other = app.user("other@example.com");
    let other = add(&mut app, &other, "y@example.com", &json!({})).ok().id();
    let other = format!("/email_addresses/{other}");
    assert_eq!(
        attempt(&mut app, &other, &id, "424242").errors(),
        "404 resource_not_found"
    );
    assert_eq!(
        prepare(&mut app, "/email_addresses/idn_x").errors(),
        "404 resource_not_found"
    );
    let path = format!("{path}/attempt_verification");
    assert_eq!(
        app.post(&path, &json!({"code": 424_242, "strategy": "x"}))
            .errors(),
        "422 form_param_missing(verification_id) form_param_type_invalid(code) form_param_unknown(strategy)"
    );
}

#[test]
fn who_is_late_with_a_code_does_not_get_the_address() {
    let mut app = App::start();
    let path = unverified(&mut app);
    let id = prepare(&mut app, &path).ok().id();
    app.user("x@example.com");
    let late = attempt(&mut app, &path, &id, "424242");
    assert_eq!(late.errors(), "422 form_identifier_exists(email_address)");
}

//! `/users/{user_id}/verify_totp`, `mfa`, `totp` and `backup_code`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use crate::client::{Answer, App, config};

/// The code of `JBSWY3DPEHPK3PXP` at the time at which the clock of tests begins.
const CODE: &str = "260025";

fn user(app: &mut App, backup_codes: &[&str]) -> String {
    let body = json!({"username": "jane", "totp_secret": "JBSWY3DPEHPK3PXP", "backup_codes": backup_codes});
    app.post("/users", &body).ok().id()
}

fn verify(app: &mut App, id: &str, code: &str) -> Answer {
    app.post(&format!("/users/{id}/verify_totp"), &json!({"code": code}))
}

/// The flags of a user's second factors.
fn flags(app: &mut App, id: &str) -> Value {
    let user = app.get(&format!("/users/{id}")).ok().json();
    json!([
        user["totp_enabled"],
        user["backup_code_enabled"],
        user["two_factor_enabled"]
    ])
}

#[test]
fn a_code_is_verified_while_it_holds() {
    let config = config(Database::Memory);
    let clock = config.clock.clone();
    let mut app = App::with(config);
    let id = user(&mut app, &[]);
    let right = verify(&mut app, &id, CODE).ok();
    assert_eq!(right.text, r#"{"verified":true,"code_type":"totp"}"#);
    clock.advance(Duration::from_secs(30));
    verify(&mut app, &id, CODE).ok();
    clock.advance(Duration::from_secs(30));
    assert_eq!(
        verify(&mut app, &id, CODE).errors(),
        "422 totp_incorrect_code(code)"
    );
    verify(&mut app, &id, "449639").ok();
}

#[test]
fn a_backup_code_is_used_up() {
    let mut app = App::start();
    // The second one came as a hash.
    let hash = "$2b$04$abcdefghijklmnopqrstuuwH4tPMMZwXiTDwAmhjUHJ4v0zarh8LW";
    let id = user(&mut app, &["backup-plain", hash]);
    for (code, more) in [("backup-plain", true), ("backup-bcrypt", false)] {
        let right = verify(&mut app, &id, code).ok();
        assert_eq!(right.text, r#"{"verified":true,"code_type":"backup_code"}"#);
        assert_eq!(
            verify(&mut app, &id, code).errors(),
            "422 totp_incorrect_code(code)",
            "{code}"
        );
        assert_eq!(flags(&mut app, &id), json!([true, more, true]));
    }
}

#[test]
fn a_code_that_cannot_be_one_is_refused() {
    let mut app = App::start();
    let id = user(&mut app, &[]);
    let without = app.user("a@example.com");
    let cases = [
        (&*id, "000000", "422 totp_incorrect_code(code)"),
        (&*id, "12345", "422 totp_invalid_length(code)"),
        (&*id, "", "422 totp_invalid_length(code)"),
        (&*without, CODE, "400 totp_disabled"),
        ("user_x", CODE, "404 resource_not_found"),
    ];
    for (id, code, errors) in cases {
        assert_eq!(verify(&mut app, id, code).errors(), errors, "{code}");
    }
    let path = format!("/users/{id}/verify_totp");
    assert_eq!(
        app.post(&path, &json!({"otp": CODE})).errors(),
        "422 form_param_missing(code) form_param_unknown(otp)"
    );
}

#[test]
fn factors_are_switched_off_one_by_one_or_together() {
    for (what, left) in [
        ("mfa", json!([false, false, false])),
        ("totp", json!([false, true, false])),
        ("backup_code", json!([true, false, true])),
    ] {
        let mut app = App::start();
        let id = user(&mut app, &["backup-plain"]);
        let path = format!("/users/{id}");
        let before = app.get(&path).json();
        assert!(before["mfa_enabled_at"].is_i64());
        assert_eq!(flags(&mut app, &id), json!([true, true, true]));

        let answer = app.delete(&format!("{path}/{what}")).ok();
        assert_eq!(answer.json(), json!({"user_id": id}));
        assert_eq!(flags(&mut app, &id), left, "{what}");
        let after = app.get(&path).json();
        assert_eq!(after["mfa_enabled_at"], before["mfa_enabled_at"]);
        assert_eq!(
            after["mfa_disabled_at"].is_i64(),
            left[2] == false,
            "{what}"
        );

        app.delete(&format!("{path}/{what}")).ok();
        assert_eq!(app.get(&path).json(), after, "again changes nothing");
        let unknown = app.delete(&format!("/users/user_x/{what}"));
        assert_eq!(unknown.errors(), "404 resource_not_found");
    }
}

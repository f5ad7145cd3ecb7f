//! `POST /users`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn a_user_with_everything_is_answered_whole() {
    let mut app = App::start();
    let body = json!({
        "external_id": "ext-1", "first_name": "Jane", "last_name": "Doe", "locale": "de-CH",
        "email_address": ["Jane@Example.com", "jane2@example.com"],
        "email_address_identification_status": ["verified", "reserved"],
        "phone_number": ["+15555550100"], "phone_number_identification_status": ["verified"],
        "web3_wallet": ["0xabc"], "username": "Jane_Doe", "password": "correct horse",
        "totp_secret": "JBSWY3DPEHPK3PXP", "backup_codes": ["code-one"],
        "public_metadata": {"plan": "pro"}, "private_metadata": {"n": 1}, "unsafe_metadata": {"u": [true]},
        "delete_self_enabled": false, "legal_accepted_at": "2025-01-02T03:04:05Z", "skip_legal_checks": true,
        "skip_user_requirement": true, "create_organization_enabled": false, "create_organizations_limit": 3,
        "created_at": "2024-01-02T03:04:05.678Z", "bypass_client_trust": true, "banned": true, "locked": true,
        "skip_password_checks": false, "skip_password_requirement": false,
    });
    let made = app.post("/users", &body).ok();
    insta::assert_snapshot!(made.pretty());
    assert!(!made.text.contains("horse") && !made.text.contains("JBSWY3DPEHPK3PXP"));
    let read = app.get(&format!("/users/{}", made.id())).ok();
    assert_eq!(read.text, made.text);
}

#[test]
fn a_user_with_one_email_is_answered_whole() {
    let mut app = App::start();
    let made = app
        .post("/users", &json!({"email_address": ["jane@example.com"]}))
        .ok();
    insta::assert_snapshot!(made.pretty());
}

#[test]
fn taken_identifiers_are_refused_whatever_their_case() {
    let mut app = App::start();
    app.post(
        "/users",
        &json!({"email_address": ["jane@example.com"], "phone_number": ["+15555550100"],
                "username": "jane_doe", "external_id": "e1", "web3_wallet": ["0xa"]}),
    )
    .ok();
    let cases = [
        (
            json!({"email_address": ["JANE@example.COM"]}),
            "email_address",
        ),
        (json!({"phone_number": ["+15555550100"]}), "phone_number"),
        (json!({"username": "Jane_Doe"}), "username"),
        (
            json!({"username": "other", "external_id": "e1"}),
            "external_id",
        ),
        (json!({"web3_wallet": ["0xa"]}), "web3_wallet"),
    ];
    for (body, param) in cases {
        let answer = app.post("/users", &body);
        assert_eq!(
            answer.errors(),
            format!("422 form_identifier_exists({param})")
        );
    }
    assert_eq!(app.get("/users/count").json()["total_count"], 1);
}

#[test]
fn everything_wrong_with_a_body_is_named_at_once() {
    let mut app = App::start();
    let body = json!({
        "email_address": "jane@example.com", "phone_number": ["5550100"], "first_name": 7, "locale": "x",
        "username": "a b", "password": "short", "created_at": "yesterday", "public_metadata": [1],
        "unsafe_metadata": null, "is_admin": true,
    });
    insta::assert_snapshot!(app.post("/users", &body).pretty());
}

#[test]
fn rules_between_fields_are_checked() {
    let mut app = App::start();
    let email = json!(["jane@example.com"]);
    let cases = [
        (json!({}), "422 form_data_missing"),
        (json!({"first_name": "Jane"}), "422 form_data_missing"),
        (
            json!({"email_address": email, "email_address_identification_status": []}),
            "422 form_param_array_length_mismatch(email_address_identification_status)",
        ),
        (
            json!({"email_address": email, "email_address_identification_status": ["unverified"]}),
            "422 form_param_value_invalid(email_address_identification_status)",
        ),
        (
            json!({"email_address": ["jane@example.com", "JANE@example.com"]}),
            "422 form_param_duplicate(email_address)",
        ),
        (
            json!({"email_address": email, "password_digest": "x"}),
            "422 form_conditional_param_missing(password_hasher)",
        ),
        (
            json!({"email_address": email, "password_digest": "x", "password_hasher": "rot13"}),
            "422 form_param_value_invalid(password_hasher)",
        ),
        (
            json!({"email_address": email, "password": "12345678", "password_digest": "x", "password_hasher": "md5"}),
            "422 form_conditional_param_disallowed(password_digest)",
        ),
        (
            json!({"email_address": email, "public_metadata": {"k": "x".repeat(8192)}}),
            "422 form_param_exceeds_allowed_size(public_metadata)",
        ),
        (
            json!({"email_address": email, "create_organizations_limit": -1}),
            "422 form_param_value_invalid(create_organizations_limit)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/users", &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get("/users").json(), json!([]));
}

#[test]
fn bodies_that_are_no_object_are_refused() {
    let mut app = App::start();
    for body in ["[]", "{", "\"x\"", "7"] {
        let answer = app.send("POST", "/users", &[], Some(body.as_bytes()));
        assert_eq!(answer.errors(), "400 request_body_invalid", "{body}");
    }
}

#[test]
fn metadata_numbers_and_order_survive() {
    let mut app = App::start();
    let body = r#"{"email_address":["a@example.com"],"public_metadata":{ "z":12345678901234567890123,"a":1.50 }}"#;
    let made = app.send("POST", "/users", &[], Some(body.as_bytes())).ok();
    assert!(
        made.text
            .contains(r#""public_metadata":{"z":12345678901234567890123,"a":1.50}"#)
    );
}

#[test]
fn null_clears_nothing_on_creation() {
    let mut app = App::start();
    let body = json!({"email_address": ["a@example.com"], "first_name": null, "username": null, "password": null,
                      "external_id": null, "locale": null, "banned": null, "created_at": null});
    let made = app.post("/users", &body).ok().json();
    assert_eq!(made["first_name"], Value::Null);
    assert_eq!(made["password_enabled"], false);
}

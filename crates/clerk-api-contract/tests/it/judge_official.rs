//! The judge by the official specification, where `CLERK_API_SPEC` names it.

use std::sync::LazyLock;

use clerk_api_contract::{Body, Deviation, Exchange, Judge};
use serde_json::{Value, json};

use crate::tiny::{exchange, told};

/// Returns the judge; says so and returns none where the variable is unset.
#[expect(clippy::print_stdout, reason = "a test that could not run says so")]
pub(crate) fn official() -> Option<&'static Judge> {
    static JUDGE: LazyLock<Option<Judge>> =
        LazyLock::new(|| Judge::from_env().expect("CLERK_API_SPEC names a usable file"));
    if JUDGE.is_none() {
        println!("skipped: CLERK_API_SPEC is unset");
    }
    JUDGE.as_ref()
}

fn user() -> Value {
    let email = json!({
        "id": "idn_1", "object": "email_address", "email_address": "ada@example.com", "reserved": false,
        "verification": {
            "object": "verification_admin", "status": "verified", "strategy": "admin", "attempts": null, "expire_at": null,
        },
        "linked_to": [], "created_at": 1_715_000_000_000_u64, "updated_at": 1_715_000_000_000_u64,
    });
    json!({
        "id": "user_1", "object": "user", "external_id": null, "primary_email_address_id": "idn_1",
        "primary_phone_number_id": null, "primary_web3_wallet_id": null, "username": null, "first_name": "Ada",
        "last_name": null, "has_image": false, "public_metadata": {"plan": {"seats": 3}}, "email_addresses": [email],
        "phone_numbers": [], "web3_wallets": [], "passkeys": [], "password_enabled": false, "two_factor_enabled": false,
        "totp_enabled": false, "backup_code_enabled": false, "mfa_enabled_at": null, "mfa_disabled_at": null,
        "external_accounts": [], "saml_accounts": [], "enterprise_accounts": [], "last_sign_in_at": null,
        "banned": false, "locked": false, "lockout_expires_in_seconds": null, "verification_attempts_remaining": 10,
        "updated_at": 1_715_000_000_000_u64, "created_at": 1_715_000_000_000_u64, "delete_self_enabled": true,
        "create_organization_enabled": true, "last_active_at": null, "legal_accepted_at": null,
    })
}

fn list(query: &str, status: u16, users: &Value) -> Exchange {
    exchange(
        "GET",
        &format!("/users?{query}"),
        status,
        &users.to_string(),
    )
}

#[test]
fn a_correct_list_of_users_passes() {
    let Some(judge) = official() else { return };
    let query = "limit=500&order_by=-created_at&email_address=a%40example.com&email_address=b%40example.com&banned=false";
    let verdict = judge.judge(&list(query, 200, &json!([user(), user()])));
    assert_eq!(told(&verdict), [""; 0], "{:?}", verdict.violations);
    assert_eq!(verdict.operation.as_deref(), Some("GetUserList"));
    assert!(verdict.request_judged && verdict.answer_judged);
}

#[test]
fn spoiled_lists_of_users_fail() {
    let Some(judge) = official() else { return };
    let spoil = |pointer: &str, value: Value| {
        let mut user = user();
        *user.pointer_mut(pointer).unwrap() = value;
        told(&judge.judge(&list("", 200, &json!([user]))))
    };
    assert_eq!(spoil("/banned", json!("no")), ["body /0/banned: type"]);
    assert_eq!(
        spoil("/created_at", json!(1.5)),
        ["body /0/created_at: type"]
    );
    assert_eq!(spoil("/object", json!("person")), ["body /0/object: enum"]);
    assert_eq!(
        spoil("/email_addresses/0/verification/status", json!("done")),
        ["body /0/email_addresses/0/verification/status: enum"]
    );
    let mut lacking = user();
    lacking.as_object_mut().unwrap().remove("email_addresses");
    assert_eq!(
        told(&judge.judge(&list("", 200, &json!([lacking])))),
        ["body /0: required"]
    );
    let envelope = json!({"data": [user()], "total_count": 1});
    assert_eq!(
        told(&judge.judge(&list("", 200, &envelope))),
        ["body : type"]
    );
    assert_eq!(
        told(&judge.judge(&list("", 206, &json!([])))),
        ["status : undeclared-status"]
    );
    assert_eq!(
        told(&judge.judge(&list("page=2", 200, &json!([])))),
        ["query page : unknown-parameter"]
    );
    assert_eq!(
        told(&judge.judge(&list("limit=501", 200, &json!([])))),
        ["query limit : maximum"]
    );
}

#[test]
fn writes_are_judged_by_the_version_they_name() {
    let Some(judge) = official() else { return };
    let mut exchange = exchange("PATCH", "/users/user_1", 200, &user().to_string());
    exchange
        .request_headers
        .insert("content-type".to_owned(), "application/json".to_owned());
    exchange.request_body = Body::from(r#"{"first_name":"Ada","username":null}"#);
    assert_eq!(told(&judge.judge(&exchange)), [""; 0]);
    exchange.request_body = Body::from(r#"{"public_metadata":{}}"#);
    assert_eq!(
        told(&judge.judge(&exchange)),
        ["body : additionalProperties"]
    );
}

#[test]
fn every_schema_of_every_operation_can_be_used() {
    let Some(judge) = official() else { return };
    let spec = judge.spec();
    assert_eq!(spec.version(), "2026-05-12");
    assert!(spec.operation_ids().count() > 200);
    for id in spec.operation_ids() {
        let shape = spec.shape(id).unwrap();
        let path = shape.path.replace(['{', '}'], "");
        for status in shape
            .answers
            .keys()
            .filter_map(|status| status.parse::<u16>().ok())
        {
            let mut exchange = exchange(&shape.method, &path, status, "0");
            exchange.judge_request = true;
            exchange.request_body = Body::from("0");
            exchange
                .request_headers
                .insert("content-type".to_owned(), "application/json".to_owned());
            exchange.query = shape
                .query_params
                .iter()
                .map(|param| format!("{}=0&", param.name))
                .collect();
            let verdict = judge.judge(&exchange);
            assert_eq!(verdict.operation.as_deref(), Some(id));
            let unusable = verdict
                .violations
                .iter()
                .find(|violation| violation.rule == "specification");
            assert!(unusable.is_none(), "{unusable:?}");
        }
    }
}

#[test]
fn deviations_name_things_that_exist() {
    let Some(judge) = official() else { return };
    for entry in Deviation::all() {
        match entry {
            Deviation::Schema(entry) => {
                assert!(judge.spec().pointer(entry.at).is_some(), "{}", entry.at);
            }
            Deviation::Query(entry) if entry.operation == "*" => {}
            Deviation::Query(entry) => {
                let shape = judge.spec().shape(entry.operation).unwrap();
                assert!(
                    shape
                        .query_params
                        .iter()
                        .all(|param| param.name != entry.parameter),
                    "{}",
                    entry.parameter
                );
            }
            Deviation::Answer(entry) => {
                let shape = judge.spec().shape(entry.operation).unwrap();
                assert!(
                    shape
                        .query_params
                        .iter()
                        .any(|param| param.name == entry.asked_by.0),
                    "{}",
                    entry.operation
                );
            }
        }
    }
}

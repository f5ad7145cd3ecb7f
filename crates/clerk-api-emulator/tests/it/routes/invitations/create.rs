//! `POST /invitations` and `POST /invitations/bulk`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::invited;
use crate::client::{App, config};

const DAY: i64 = 24 * 60 * 60 * 1_000;

#[test]
fn an_invitation_is_answered_whole() {
    let mut app = App::start();
    let body = json!({"email_address": "Jane+1@Example.com", "public_metadata": {"z": 1, "a": [{}]},
                      "redirect_url": "https://example.com/?a=b", "notify": false, "expires_in_days": 3,
                      "ignore_existing": null, "template_slug": "waitlist_invitation"});
    let made = app.post("/invitations", &body).ok();
    insta::assert_snapshot!(made.pretty());
    assert_eq!(
        made.json()["expires_at"].as_i64(),
        made.json()["created_at"].as_i64().map(|at| at + 3 * DAY)
    );
    assert_eq!(app.get("/invitations").ok().json(), json!([made.json()]));
}

#[test]
fn metadata_is_kept_to_the_letter() {
    let mut app = App::start();
    let body = br#"{"email_address":"a@b.co","public_metadata":{"big": 12345678901234567890123, "e": 1.0e2}}"#;
    let made = app.send("POST", "/invitations", &[], Some(body)).ok();
    let kept = r#""public_metadata":{"big":12345678901234567890123,"e":1.0e2}"#;
    assert!(made.text.contains(kept), "{}", made.text);
    // Its text is there again after the invitation was taken apart.
    let revoked = app.post(&format!("/invitations/{}/revoke", made.id()), &Value::Null);
    assert!(revoked.ok().text.contains(kept));
}

#[test]
fn without_a_word_it_expires_after_thirty_days() {
    let mut app = App::start();
    let made = app
        .post("/invitations", &json!({"email_address": "a@example.com"}))
        .ok()
        .json();
    assert_eq!(
        made["expires_at"].as_i64().expect("a time") - made["created_at"].as_i64().expect("a time"),
        30 * DAY
    );
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let cases = [
        (json!({}), "422 form_param_missing(email_address)"),
        (
            json!({"email_address": null}),
            "422 form_param_nil(email_address)",
        ),
        (
            json!({"email_address": 1}),
            "422 form_param_type_invalid(email_address)",
        ),
        (
            json!({"email_address": "nowhere", "expires_in_days": 0}),
            "422 form_param_format_invalid(email_address) form_param_value_invalid(expires_in_days)",
        ),
        (
            json!({"email_address": "a@example.com", "expires_in_days": 366, "redirect_url": "/welcome"}),
            "422 form_param_value_invalid(expires_in_days) form_param_format_invalid(redirect_url)",
        ),
        (
            json!({"email_address": "a@example.com", "public_metadata": null, "redirect_url": null}),
            "422 form_param_nil(public_metadata) form_param_nil(redirect_url)",
        ),
        (
            json!({"email_address": "a@example.com", "template_slug": "welcome", "role": "org:admin"}),
            "422 form_param_value_invalid(template_slug) form_param_unknown(role)",
        ),
        (
            json!({"email_address": "a@example.com", "notify": "no"}),
            "422 form_param_type_invalid(notify)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/invitations", &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get("/invitations").ok().json(), json!([]));
}

#[test]
fn an_address_waits_for_one_invitation_unless_told_otherwise() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    invited(&mut app, ["a@example.com"]);
    let again = json!({"email_address": "A@example.com"});
    let refused = app.post("/invitations", &again);
    assert_eq!(refused.errors(), "400 duplicate_record");
    assert_eq!(
        refused.json()["errors"][0]["meta"],
        json!({"email_addresses": ["a@example.com"]})
    );
    let body = json!({"email_address": "a@example.com", "ignore_existing": true});
    app.post("/invitations", &body).ok();
    // What has expired is not waiting, also if nobody has looked since.
    clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    app.post("/invitations", &again).ok();
}

#[test]
fn the_address_of_a_user_is_taken() {
    let mut app = App::start();
    app.user("a@example.com");
    let mut body = json!({"email_address": "A@example.com"});
    assert_eq!(
        app.post("/invitations", &body).errors(),
        "422 form_identifier_exists(email_address)"
    );
    body["ignore_existing"] = json!(true);
    app.post("/invitations", &body).ok();
    // In bulk a user is never bypassed.
    assert_eq!(
        app.post("/invitations/bulk", &json!([body])).errors(),
        "422 form_identifier_exists(email_address)"
    );
}

#[test]
fn making_the_user_does_not_accept_the_invitation() {
    let mut app = App::start();
    invited(&mut app, ["a@example.com"]);
    app.user("a@example.com");
    assert_eq!(app.get("/invitations").json()[0]["status"], "pending");
}

#[test]
fn a_bulk_is_stored_whole_and_in_order() {
    let mut app = App::start();
    let items: Vec<Value> = (0..10)
        .map(|n| json!({"email_address": format!("u{n}@example.com"), "public_metadata": null, "redirect_url": null}))
        .collect();
    let made = app.post("/invitations/bulk", &json!(items)).ok();
    assert_eq!(made.json()[9]["email_address"], "u9@example.com");
    assert_eq!(
        app.get("/invitations?order_by=created_at").json(),
        made.json()
    );
}

#[test]
fn a_bulk_with_a_bad_item_stores_nothing() {
    let mut app = App::start();
    invited(&mut app, ["x@example.com", "y@example.com"]);
    let item = |email: &str| json!({"email_address": email});
    let duplicates = [
        "a@example.com",
        "y@example.com",
        "x@example.com",
        "A@example.com",
    ];
    let refused = app.post("/invitations/bulk", &json!(duplicates.map(item)));
    assert_eq!(refused.errors(), "400 duplicate_record");
    assert_eq!(
        refused.json()["errors"][0]["meta"]["email_addresses"],
        json!(["y@example.com", "x@example.com", "a@example.com"])
    );
    let cases = [
        (
            json!(["a@example.com", "nowhere"].map(item)),
            "422 form_param_format_invalid(email_address)",
        ),
        (
            json!(vec![item("a@example.com"); 11]),
            "400 bulk_size_exceeded",
        ),
        (json!([]), "400 request_body_invalid"),
        (json!([1]), "400 request_body_invalid"),
        (item("a@example.com"), "400 request_body_invalid"),
        (
            json!([{"email_address": "a@example.com", "template_slug": null}]),
            "422 form_param_nil(template_slug)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(
            app.post("/invitations/bulk", &body).errors(),
            errors,
            "{body}"
        );
    }
    assert_eq!(app.get("/invitations").ids().len(), 2);
}

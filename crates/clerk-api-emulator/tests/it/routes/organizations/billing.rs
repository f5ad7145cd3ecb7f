//! `/organizations/{organization_id}/billing`.

use serde_json::{Value, json};

use crate::client::App;

fn organization(app: &mut App) -> String {
    let made = app.post("/organizations", &json!({"name": "Acme"})).ok();
    format!("/organizations/{}/billing", made.id())
}

#[test]
fn there_are_no_subscriptions() {
    let mut app = App::start();
    let path = organization(&mut app);
    let answer = app.get(&format!("{path}/subscription"));
    assert_eq!(answer.errors(), "403 feature_not_enabled");
    let answer = app.get("/organizations/org_x/billing/subscription");
    assert_eq!(answer.errors(), "404 resource_not_found");
}

#[test]
fn credits_are_given_taken_and_written_down() {
    let mut app = App::start();
    let path = format!("{}/credits", organization(&mut app));
    assert_eq!(
        app.get(&path).ok().json(),
        json!({"object": "commerce_credit_balance", "balance": null})
    );
    let give = json!({"amount": 1250, "action": "increase", "idempotency_key": "a", "note": "welcome", "currency": "usd"});
    let entry = app.post(&path, &give).ok();
    insta::assert_snapshot!(entry.pretty());
    let take = json!({"amount": 300, "action": "decrease", "idempotency_key": "b"});
    let taken = app.post(&path, &take).ok().json();
    assert_eq!(taken["amount"]["amount_formatted"], "-$3.00");
    assert_eq!(taken["note"], Value::Null);
    let balance = app.get(&path).ok().json();
    assert_eq!(
        balance["balance"],
        json!({"amount": 950, "amount_formatted": "$9.50", "currency": "USD", "currency_symbol": "$"})
    );
}

#[test]
fn a_key_adjusts_once_and_always_gets_the_same_answer() {
    let mut app = App::start();
    let path = format!("{}/credits", organization(&mut app));
    let first = json!({"amount": 100, "action": "increase", "idempotency_key": "k"});
    let entry = app.post(&path, &first).ok();
    let other = json!({"amount": 999, "action": "decrease", "idempotency_key": "k"});
    for body in [first.clone(), other] {
        assert_eq!(app.post(&path, &body).ok().text, entry.text);
    }
    assert_eq!(app.get(&path).json()["balance"]["amount"], 100);
    // Another payer's key is another key.
    let other = format!("{}/credits", organization(&mut app));
    assert_ne!(app.post(&other, &first).ok().id(), entry.id());
}

#[test]
fn bad_adjustments_are_refused() {
    let mut app = App::start();
    let path = format!("{}/credits", organization(&mut app));
    let cases = [
        (
            json!({}),
            "422 form_param_missing(amount) form_param_missing(action) form_param_missing(idempotency_key)",
        ),
        (
            json!({"amount": 0, "action": "give", "idempotency_key": "", "currency": "EUR"}),
            "422 form_param_value_invalid(amount) form_param_value_invalid(action) \
             form_param_min_length_exceeded(idempotency_key) form_param_value_invalid(currency)",
        ),
        (
            json!({"amount": 1, "action": "decrease", "idempotency_key": "k"}),
            "422 form_param_value_too_large(amount)",
        ),
        (
            json!({"amount": i64::MAX, "action": "increase", "idempotency_key": "k"}),
            "422 form_param_value_too_large(amount)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(&path, &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get(&path).json()["balance"], Value::Null);
    let answer = app.get("/organizations/org_x/billing/credits");
    assert_eq!(answer.errors(), "404 resource_not_found");
    let answer = app.post("/organizations/org_x/billing/credits", &json!({}));
    assert_eq!(answer.errors(), "404 resource_not_found");
}

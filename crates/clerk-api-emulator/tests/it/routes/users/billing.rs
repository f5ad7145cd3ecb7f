//! `/users/{user_id}/billing`. The rules of the ledger itself are tested with organizations.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn nobody_subscribes_to_a_plan() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let path = |id: &str| format!("/users/{id}/billing/subscription");
    assert_eq!(app.get(&path(&id)).errors(), "403 feature_not_enabled");
    assert_eq!(app.get(&path("user_x")).errors(), "404 resource_not_found");
}

#[test]
fn credits_are_kept_for_each_user_and_end_with_it() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let path = format!("/users/{id}/billing/credits");
    assert_eq!(app.get(&path).ok().json()["balance"], Value::Null);
    let body = json!({"amount": 1250, "action": "increase", "idempotency_key": "k", "note": "hi"});
    let entry = app.post(&path, &body).ok();
    insta::assert_snapshot!(entry.pretty());
    assert_eq!(app.post(&path, &body).ok().text, entry.text, "the same key");
    insta::assert_snapshot!(app.get(&path).ok().pretty());

    let other = format!("/users/{}/billing/credits", app.user("b@example.com"));
    assert_eq!(app.get(&other).ok().json()["balance"], Value::Null);
    app.delete(&format!("/users/{id}")).ok();
    assert_eq!(app.get(&path).errors(), "404 resource_not_found");
    assert_eq!(app.post(&path, &body).errors(), "404 resource_not_found");
}

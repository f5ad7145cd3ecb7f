//! Banning and locking: `/users/{user_id}/ban`, `unban`, `lock`, `unlock`, `/users/ban`, `/users/unban`.

use serde_json::{Value, json};

use crate::client::App;

/// Does something to a user and returns the response, which must be what is stored.
fn done(app: &mut App, id: &str, what: &str) -> Value {
    let answer = app
        .send("POST", &format!("/users/{id}/{what}"), &[], None)
        .ok();
    assert_eq!(app.get(&format!("/users/{id}")).text, answer.text);
    answer.json()
}

#[test]
fn a_ban_comes_and_goes_and_changes_nothing_else() {
    let mut app = App::start();
    let before = app
        .post("/users", &json!({"email_address": ["a@example.com"]}))
        .ok();
    let id = before.id();
    let mut expected = before.json();
    let banned = done(&mut app, &id, "ban");
    expected["banned"] = json!(true);
    expected["updated_at"] = banned["updated_at"].clone();
    assert_eq!(banned, expected);
    assert!(banned["updated_at"].as_i64() > before.json()["updated_at"].as_i64());
    assert_eq!(app.get("/users?banned=true").ids(), [&*id]);
    assert_eq!(app.get("/users/count?banned=true").json()["total_count"], 1);

    assert_eq!(done(&mut app, &id, "ban"), banned, "again changes nothing");
    assert_eq!(done(&mut app, &id, "unban")["banned"], false);
    assert_eq!(app.get("/users/count?banned=true").json()["total_count"], 0);
}

#[test]
fn a_lock_comes_and_goes_and_never_expires() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let locked = done(&mut app, &id, "lock");
    assert_eq!(locked["locked"], true);
    assert_eq!(locked["lockout_expires_in_seconds"], Value::Null);
    assert_eq!(done(&mut app, &id, "lock"), locked, "again changes nothing");
    let unlocked = done(&mut app, &id, "unlock");
    assert_eq!(unlocked["locked"], false);
    assert_eq!(unlocked["verification_attempts_remaining"], 10);
}

#[test]
fn an_unknown_user_has_no_state() {
    let mut app = App::start();
    for what in ["ban", "unban", "lock", "unlock"] {
        let answer = app.send("POST", &format!("/users/user_x/{what}"), &[], None);
        assert_eq!(answer.errors(), "404 resource_not_found", "{what}");
    }
}

#[test]
fn many_users_are_banned_at_once_in_the_order_given() {
    let mut app = App::start();
    let ids: Vec<String> = ["a", "b", "c"]
        .map(|name| app.user(&format!("{name}@example.com")))
        .into();
    let answer = app
        .post("/users/ban", &json!({"user_ids": [ids[1], ids[0], ids[1]]}))
        .ok();
    assert_eq!(answer.ids(), [ids[1].clone(), ids[0].clone()]);
    assert_eq!(answer.json()[0]["banned"], true);
    assert_eq!(app.get("/users/count?banned=true").json()["total_count"], 2);
    app.post("/users/unban", &json!({"user_ids": ids})).ok();
    assert_eq!(app.get("/users/count?banned=true").json()["total_count"], 0);
}

#[test]
fn one_unknown_user_spares_the_others() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let answer = app.post("/users/ban", &json!({"user_ids": [id, "user_x"]}));
    assert_eq!(answer.errors(), "404 resource_not_found");
    assert_eq!(app.get("/users/count?banned=true").json()["total_count"], 0);
}

#[test]
fn one_to_fifty_users_are_taken_at_once() {
    let mut app = App::start();
    let ids = |count: usize| -> Vec<String> { (0..count).map(|n| format!("user_{n}")).collect() };
    let cases = [
        (json!({}), "422 form_param_missing(user_ids)"),
        (json!({"user_ids": []}), "422 form_param_missing(user_ids)"),
        (json!({"user_ids": null}), "422 form_param_nil(user_ids)"),
        (
            json!({"user_ids": "user_1"}),
            "422 form_param_type_invalid(user_ids)",
        ),
        (
            json!({"user_ids": ["user_1"], "why": ""}),
            "422 form_param_unknown(why)",
        ),
        (json!({"user_ids": ids(51)}), "400 bulk_size_exceeded"),
        (json!({"user_ids": ids(50)}), "404 resource_not_found"),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/users/ban", &body).errors(), errors, "{body}");
    }
}

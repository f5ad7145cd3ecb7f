//! `/users/{user_id}/remove_password`, `verify_password` and `password/…`.

use serde_json::{Value, json};

use crate::client::{Answer, App};

fn with(app: &mut App, password: Value) -> String {
    let mut body = password;
    body["username"] = json!("jane");
    app.post("/users", &body).ok().id()
}

fn verify(app: &mut App, id: &str, password: &str) -> Answer {
    let body = json!({"password": password});
    app.post(&format!("/users/{id}/verify_password"), &body)
}

#[test]
fn only_the_right_password_is_verified() {
    let mut app = App::start();
    let id = with(&mut app, json!({"password": "correct horse"}));
    let right = verify(&mut app, &id, "correct horse").ok();
    assert_eq!(right.text, r#"{"verified":true}"#);
    let wrong = verify(&mut app, &id, "battery staple");
    assert_eq!(wrong.errors(), "422 incorrect_password(password)");
    let path = format!("/users/{id}/verify_password");
    assert_eq!(
        app.post(&path, &json!({})).errors(),
        "422 form_param_missing(password)"
    );
    assert_eq!(
        verify(&mut app, "user_x", "x").errors(),
        "404 resource_not_found"
    );
    let without = app.user("a@example.com");
    assert_eq!(
        verify(&mut app, &without, "x").errors(),
        "400 no_password_set"
    );
}

#[test]
fn imported_hashes_are_verified_or_refused() {
    let mut app = App::start();
    let hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    let id = with(
        &mut app,
        json!({"password_digest": hash, "password_hasher": "bcrypt"}),
    );
    verify(&mut app, &id, "correct horse").ok();
    assert_eq!(
        verify(&mut app, &id, "x").errors(),
        "422 incorrect_password(password)"
    );
    let argon = json!({"password_digest": "$argon2id$v=19$", "password_hasher": "argon2id"});
    app.patch(&format!("/users/{id}"), &argon).ok();
    assert_eq!(
        verify(&mut app, &id, "correct horse").errors(),
        "400 request_invalid_for_instance"
    );
}

#[test]
fn a_removed_password_is_gone() {
    let mut app = App::start();
    let id = with(&mut app, json!({"password": "correct horse"}));
    let path = format!("/users/{id}/remove_password");
    let user = app.send("POST", &path, &[], None).ok().json();
    assert_eq!(user["password_enabled"], false);
    assert_eq!(user["password_last_updated_at"], Value::Null);
    assert_eq!(
        verify(&mut app, &id, "correct horse").errors(),
        "400 no_password_set"
    );
    let again = app.post(&path, &json!({"sign_out_of_other_sessions": true}));
    assert_eq!(again.ok().json(), user, "again changes nothing");
    assert_eq!(
        app.post(&path, &json!({"force": true})).errors(),
        "422 form_param_unknown(force)"
    );
    let null = json!({"sign_out_of_other_sessions": null});
    assert_eq!(
        app.post(&path, &null).errors(),
        "422 form_param_nil(sign_out_of_other_sessions)"
    );
    assert_eq!(
        app.post("/users/user_x/remove_password", &json!({}))
            .errors(),
        "404 resource_not_found"
    );
}

#[test]
fn a_password_can_be_marked_as_compromised_if_there_is_one() {
    let mut app = App::start();
    let id = with(&mut app, json!({"password": "correct horse"}));
    let without = app.user("a@example.com");
    for (what, body) in [
        ("set_compromised", Some(br#"{"revoke_all_sessions":true}"#)),
        ("set_compromised", None),
        ("unset_compromised", None),
    ] {
        let mut mark = |id: &str, version: &str| {
            let path = format!("/users/{id}/password/{what}");
            let headers = [("clerk-api-version", version)];
            app.send("POST", &path, &headers, body.map(|text| &text[..]))
        };
        let user = mark(&id, "2025-11-10").ok().json();
        assert_eq!(user["password_enabled"], true);
        for (id, version, errors) in [
            (&*without, "2026-05-12", "400 no_password_set"),
            ("user_x", "2026-05-12", "404 resource_not_found"),
            (&id, "2025-04-10", "404 resource_not_found"),
        ] {
            assert_eq!(mark(id, version).errors(), errors, "{what}");
        }
    }
    verify(&mut app, &id, "correct horse").ok();
}

//! `/email_addresses`.

mod verification;

use serde_json::{Value, json};

use crate::client::{Answer, App};

/// Adds an address to a user.
fn add(app: &mut App, user: &str, email: &str, rest: &Value) -> Answer {
    let mut body = json!({"user_id": user, "email_address": email});
    for (name, value) in rest.as_object().expect("an object") {
        body[name] = value.clone();
    }
    app.post("/email_addresses", &body)
}

#[test]
fn a_new_address_is_answered_whole_and_stands_in_its_user() {
    let mut app = App::start();
    let user = app.user("first@example.com");
    let before = app.get(&format!("/users/{user}")).ok().json();
    let made = add(
        &mut app,
        &user,
        "Second@Example.com",
        &json!({"verified": true, "primary": null, "notify_primary_email_address_changed": true}),
    )
    .ok();
    insta::assert_snapshot!(made.pretty());
    let path = format!("/email_addresses/{}", made.id());
    assert_eq!(app.get(&path).ok().json(), made.json());
    let after = app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(after["email_addresses"][1], made.json());
    assert_eq!(
        after["primary_email_address_id"],
        before["primary_email_address_id"]
    );
    assert!(after["updated_at"].as_i64() > before["updated_at"].as_i64());
    for query in ["email_address=second@example.com", "query=second"] {
        let found = app.get(&format!("/users?{query}")).ok();
        assert_eq!(found.ids(), [user.as_str()], "{query}");
    }
}

#[test]
fn the_first_address_becomes_the_primary_one() {
    let mut app = App::start();
    let body = json!({"username": "jane"});
    let user = app.post("/users", &body).ok().id();
    let primary = |app: &mut App| {
        let user = app.get(&format!("/users/{user}")).ok().json();
        user["primary_email_address_id"].clone()
    };
    let out = add(
        &mut app,
        &user,
        "no@example.com",
        &json!({"primary": false}),
    );
    assert_eq!(out.ok().json()["verification"], Value::Null);
    assert_eq!(primary(&mut app), Value::Null, "it was told not to");
    let other = app.post("/users", &json!({"username": "joan"})).ok().id();
    let first = add(&mut app, &other, "a@example.com", &json!({})).ok().id();
    let second = add(
        &mut app,
        &other,
        "b@example.com",
        &json!({"verified": true}),
    );
    let second = second.ok().id();
    let shown = app.get(&format!("/users/{other}")).ok().json();
    assert_eq!(shown["primary_email_address_id"], json!(first));
    let third = json!({"verified": true, "primary": true});
    let third = add(&mut app, &other, "c@example.com", &third).ok().id();
    let shown = app.get(&format!("/users/{other}")).ok().json();
    assert_eq!(shown["primary_email_address_id"], json!(third));
    let back = app.patch(
        &format!("/email_addresses/{second}"),
        &json!({"primary": true}),
    );
    assert_eq!(back.ok().id(), second);
    let shown = app.get(&format!("/users/{other}")).ok().json();
    assert_eq!(shown["primary_email_address_id"], json!(second));
    // The order of users goes by the primary address.
    let ordered = app.get("/users?order_by=-email_address&limit=1").ok();
    assert_eq!(ordered.ids(), [other]);
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let user = app.user("taken@example.com");
    let cases = [
        (
            json!({}),
            "422 form_param_missing(user_id) form_param_missing(email_address)",
        ),
        (
            json!({"user_id": user, "email_address": "nobody", "verified": 1}),
            "422 form_param_format_invalid(email_address) form_param_type_invalid(verified)",
        ),
        (
            json!({"user_id": user, "email_address": "a@example.com", "primary": true}),
            "422 form_verification_needed(primary)",
        ),
        (
            json!({"user_id": user, "email_address": "a@example.com", "verifed": true}),
            "422 form_param_unknown(verifed)",
        ),
        (
            json!({"user_id": "user_x", "email_address": "a@example.com"}),
            "404 resource_not_found",
        ),
        (
            json!({"user_id": user, "email_address": "Taken@example.com"}),
            "422 form_identifier_exists(email_address)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(
            app.post("/email_addresses", &body).errors(),
            errors,
            "{body}"
        );
    }
    for path in ["/email_addresses/idn_x", "/email_addresses/user_x"] {
        assert_eq!(app.get(path).errors(), "404 resource_not_found");
        assert_eq!(
            app.patch(path, &json!({})).errors(),
            "404 resource_not_found"
        );
        assert_eq!(app.delete(path).errors(), "404 resource_not_found");
    }
}

#[test]
fn an_unverified_address_is_free_for_others_until_it_is_verified() {
    let mut app = App::start();
    let (jane, joan) = (app.user("jane@example.com"), app.user("joan@example.com"));
    let mine = add(&mut app, &jane, "x@example.com", &json!({})).ok().id();
    let hers = add(&mut app, &joan, "x@example.com", &json!({})).ok().id();
    let both = app.get("/users?email_address=x@example.com").ok().ids();
    assert_eq!(both.len(), 2);
    let (mine, hers) = (
        format!("/email_addresses/{mine}"),
        format!("/email_addresses/{hers}"),
    );
    let primary = app.patch(&mine, &json!({"primary": true}));
    assert_eq!(primary.errors(), "422 form_verification_needed(primary)");
    let proven = app.patch(&mine, &json!({"verified": true, "primary": true}));
    assert_eq!(proven.ok().json()["verification"]["strategy"], "admin");
    let late = app.patch(&hers, &json!({"verified": true}));
    assert_eq!(late.errors(), "422 form_identifier_exists(email_address)");
    let undone = app.patch(&mine, &json!({"verified": false})).ok().json();
    assert_eq!(undone["verification"], Value::Null);
    app.patch(&hers, &json!({"verified": true})).ok();
}

#[test]
fn a_deleted_address_is_gone_everywhere() {
    let mut app = App::start();
    let user = app.user("first@example.com");
    let path = format!("/users/{user}");
    let first = app.get(&path).ok().json()["primary_email_address_id"].clone();
    let first = first.as_str().expect("an id").to_owned();
    let proven = json!({"verified": true});
    add(&mut app, &user, "second@example.com", &json!({})).ok();
    let third = add(&mut app, &user, "third@example.com", &proven).ok().id();
    let gone = app.delete(&format!("/email_addresses/{first}")).ok();
    assert_eq!(
        gone.json(),
        json!({"object": "email_address", "id": first, "deleted": true})
    );
    let shown = app.get(&path).ok().json();
    assert_eq!(
        shown["primary_email_address_id"],
        json!(third),
        "the first of the verified ones"
    );
    let found = app.get("/users?email_address=first@example.com").ok();
    assert_eq!(found.text, "[]");
    assert_eq!(app.get("/users?query=first").ok().text, "[]");
    // It is free again.
    app.user("first@example.com");
}

#[test]
fn the_last_identifier_stays() {
    let mut app = App::start();
    let user = app.user("only@example.com");
    let id = app.get(&format!("/users/{user}")).ok().json()["primary_email_address_id"].clone();
    let path = format!("/email_addresses/{}", id.as_str().expect("an id"));
    assert_eq!(
        app.delete(&path).errors(),
        "400 last_required_identification_deletion_failed"
    );
    let name = json!({"username": "jane"});
    app.patch(&format!("/users/{user}"), &name).ok();
    app.delete(&path).ok();
    let shown = app.get(&format!("/users/{user}")).ok().json();
    assert_eq!(shown["primary_email_address_id"], Value::Null);
}

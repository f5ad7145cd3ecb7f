//! `/allowlist_identifiers`, and what both lists and the restrictions do to new users.

use serde_json::{Value, json};

use crate::client::{Answer, App};

const PATH: &str = "/allowlist_identifiers";

fn add(app: &mut App, path: &str, identifier: &str) -> Answer {
    app.post(path, &json!({"identifier": identifier}))
}

fn restrict(app: &mut App, rules: &Value) {
    app.patch("/instance/restrictions", rules).ok();
}

/// Tries to create a user and returns the result.
fn sign_up(app: &mut App, body: &Value) -> String {
    let answer = app.post("/users", body);
    if answer.status == 200 {
        "200".to_owned()
    } else {
        answer.errors()
    }
}

#[test]
fn an_identifier_is_answered_whole() {
    let mut app = App::start();
    let made = app.post(
        PATH,
        &json!({"identifier": "Jane@Example.com", "notify": true}),
    );
    insta::assert_snapshot!(made.ok().pretty());
    let invited = app.get("/invitations").ok().json();
    let listed = app.get(PATH).ok().json();
    assert_eq!(invited[0]["id"], listed[0]["invitation_id"]);
    assert_eq!(invited[0]["email_address"], "jane@example.com");
}

#[test]
fn who_is_known_is_not_invited_again() {
    let mut app = App::start();
    app.user("user@example.com");
    app.post(
        "/invitations",
        &json!({"email_address": "waits@example.com"}),
    )
    .ok();
    for identifier in [
        "user@example.com",
        "waits@example.com",
        "*@example.com",
        "+15555550100",
    ] {
        let made = app.post(PATH, &json!({"identifier": identifier, "notify": true}));
        assert!(
            made.ok().json().get("invitation_id").is_none(),
            "{identifier}"
        );
    }
    assert_eq!(app.get("/invitations").ok().ids().len(), 1);
}

#[test]
fn the_list_has_pages_newest_first() {
    let mut app = App::start();
    assert_eq!(app.get(PATH).ok().text, "[]");
    let mut ids = Vec::new();
    for n in 0..12 {
        let made = add(&mut app, PATH, &format!("u{n}@example.com"));
        ids.insert(0, made.ok().id());
    }
    assert_eq!(app.get(PATH).ok().ids(), ids[..10]);
    assert_eq!(
        app.get("/allowlist_identifiers?limit=3&offset=10")
            .ok()
            .ids(),
        ids[10..]
    );
    let counted = app
        .get("/allowlist_identifiers?paginated=true&limit=1")
        .ok();
    assert_eq!(counted.json()["total_count"], 12);
    assert_eq!(counted.ids(), ids[..1]);
}

#[test]
fn bodies_are_checked_and_nothing_is_listed_twice() {
    let mut app = App::start();
    add(&mut app, PATH, "jane@example.com").ok();
    for (body, errors) in [
        (json!({}), "422 form_param_missing(identifier)"),
        (
            json!({"identifier": "jane"}),
            "422 form_param_format_invalid(identifier)",
        ),
        (
            json!({"identifier": "a@example.com", "notify": null, "x": 1}),
            "422 form_param_nil(notify) form_param_unknown(x)",
        ),
        (
            json!({"identifier": "JANE@example.com"}),
            "400 duplicate_record",
        ),
    ] {
        assert_eq!(app.post(PATH, &body).errors(), errors, "{body}");
    }
    // The other list is another list.
    add(&mut app, "/blocklist_identifiers", "jane@example.com").ok();
}

#[test]
fn a_removed_identifier_is_gone() {
    let mut app = App::start();
    let id = add(&mut app, PATH, "*@example.com").ok().id();
    let path = format!("{PATH}/{id}");
    let other = format!("/blocklist_identifiers/{id}");
    assert_eq!(app.delete(&other).errors(), "404 resource_not_found");
    let gone = app.delete(&path).ok().json();
    assert_eq!(
        gone,
        json!({"object": "allowlist_identifier", "id": id, "deleted": true})
    );
    assert_eq!(app.delete(&path).errors(), "404 resource_not_found");
    assert_eq!(app.get(PATH).ok().text, "[]");
}

#[test]
fn lists_do_nothing_until_they_are_switched_on() {
    let mut app = App::start();
    add(&mut app, "/blocklist_identifiers", "*@example.com").ok();
    app.user("a@example.com");
}

#[test]
fn only_who_is_on_the_allowlist_signs_up() {
    let mut app = App::start();
    for identifier in ["jane@example.com", "*@acme.com", "+15555550100"] {
        add(&mut app, PATH, identifier).ok();
    }
    restrict(&mut app, &json!({"allowlist": true}));
    let refused = "403 not_allowed_access";
    for (body, outcome) in [
        (json!({"email_address": ["Jane@example.com"]}), "200"),
        (json!({"email_address": ["joan@example.com"]}), refused),
        (json!({"email_address": ["anyone@acme.com"]}), "200"),
        (json!({"email_address": ["anyone@not-acme.com"]}), refused),
        (json!({"phone_number": ["+15555550100"]}), "200"),
        (json!({"username": "nobody"}), refused),
        (
            json!({"email_address": ["x@example.com", "y@acme.com"]}),
            "200",
        ),
    ] {
        assert_eq!(sign_up(&mut app, &body), outcome, "{body}");
    }
}

#[test]
fn who_is_on_the_blocklist_does_not_but_the_allowlist_has_precedence() {
    let mut app = App::start();
    add(&mut app, "/blocklist_identifiers", "*@example.com").ok();
    let wallet = "0xAbCdEf0123456789aBcDeF0123456789abcdef01";
    add(&mut app, "/blocklist_identifiers", wallet).ok();
    add(&mut app, PATH, "jane@example.com").ok();
    restrict(&mut app, &json!({"blocklist": true}));
    let refused = "403 not_allowed_access";
    let jane = json!({"email_address": ["jane@example.com"]});
    assert_eq!(sign_up(&mut app, &jane), refused);
    assert_eq!(
        sign_up(&mut app, &json!({"web3_wallet": [wallet]})),
        refused
    );
    assert_eq!(
        sign_up(&mut app, &json!({"email_address": ["a@b.co"]})),
        "200"
    );
    let answer = app.post("/users", &jane).json();
    assert_eq!(
        answer["errors"][0]["meta"]["identifiers"],
        json!(["jane@example.com"])
    );
    restrict(&mut app, &json!({"allowlist": true}));
    assert_eq!(sign_up(&mut app, &jane), "200");
    let other = json!({"email_address": ["joan@example.com"]});
    assert_eq!(sign_up(&mut app, &other), refused);
    restrict(&mut app, &json!({"allowlist": false, "blocklist": false}));
    assert_eq!(sign_up(&mut app, &other), "200");
}

#[test]
fn a_list_acts_on_sign_up_only() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    add(&mut app, "/blocklist_identifiers", "*@example.com").ok();
    restrict(&mut app, &json!({"blocklist": true}));
    let more = json!({"user_id": user, "email_address": "more@example.com"});
    app.post("/email_addresses", &more).ok();
    app.patch(&format!("/users/{user}"), &json!({"first_name": "Jane"}))
        .ok();
}

#[test]
fn subaddresses_and_throw_away_addresses_can_be_kept_out() {
    let mut app = App::start();
    let user = app.user("jane+before@example.com");
    restrict(
        &mut app,
        &json!({"block_email_subaddresses": true, "block_disposable_email_domains": true}),
    );
    let refused = "403 not_allowed_access";
    for (email, outcome) in [
        ("jane+1@example.com", refused),
        ("jane=1@example.com", refused),
        ("jane#1@example.com", refused),
        ("x@mailinator.com", refused),
        ("x@notmailinator.com", "200"),
    ] {
        let body = json!({"email_address": [email]});
        assert_eq!(sign_up(&mut app, &body), outcome, "{email}");
    }
    let more = json!({"user_id": user, "email_address": "jane+2@example.com"});
    assert_eq!(app.post("/email_addresses", &more).errors(), refused);
    let put = json!({"email_address": "jane+2@example.com"});
    let path = format!("/users/{user}/email_address");
    assert_eq!(app.put(&path, &put).errors(), refused);
}

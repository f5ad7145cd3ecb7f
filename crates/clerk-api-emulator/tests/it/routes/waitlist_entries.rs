//! `/waitlist_entries`.

use serde_json::{Value, json};

use crate::client::{Answer, App};

const PATH: &str = "/waitlist_entries";

fn add(app: &mut App, email: &str) -> String {
    app.post(PATH, &json!({"email_address": email})).ok().id()
}

/// Decides on an entry: `invite` or `reject`.
fn decide(app: &mut App, id: &str, what: &str) -> Answer {
    app.post(&format!("{PATH}/{id}/{what}"), &Value::Null)
}

/// The templates of the emails that would have been sent, the oldest first.
fn mails(app: &mut App) -> Vec<String> {
    let mails = app.control("GET", "/mails", None).ok().json();
    let mails = mails["data"].as_array().expect("a list").iter().rev();
    let slug = |mail: &Value| mail["slug"].as_str().expect("a template").to_owned();
    mails.map(slug).collect()
}

#[test]
fn an_entry_is_answered_whole_and_again_for_the_same_address() {
    let mut app = App::start();
    let made = app
        .post(
            PATH,
            &json!({"email_address": "Jane@Example.com", "notify": true}),
        )
        .ok();
    insta::assert_snapshot!(made.pretty());
    let again = app.post(PATH, &json!({"email_address": "jane@example.com"}));
    assert_eq!(again.ok().json(), made.json());
    app.post(
        PATH,
        &json!({"email_address": "b@example.com", "notify": false}),
    )
    .ok();
    assert_eq!(mails(&mut app), ["waitlist_confirmation"]);
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    for (body, errors) in [
        (json!({}), "422 form_param_missing(email_address)"),
        (
            json!({"email_address": "jane", "notify": "no"}),
            "422 form_param_format_invalid(email_address) form_param_type_invalid(notify)",
        ),
    ] {
        assert_eq!(app.post(PATH, &body).errors(), errors, "{body}");
    }
}

#[test]
fn many_are_added_at_once_or_none() {
    let mut app = App::start();
    let known = add(&mut app, "a@example.com");
    let bulk = format!("{PATH}/bulk");
    let body = json!([{"email_address": "a@example.com"}, {"email_address": "b@example.com", "notify": null}]);
    let made = app.post(&bulk, &body).ok();
    assert_eq!(made.ids()[0], known);
    assert_eq!(made.json()[1]["email_address"], "b@example.com");
    let entry = |n: usize| json!({"email_address": format!("u{n}@example.com")});
    let entries = |count: usize| Value::Array((0..count).map(entry).collect());
    for (body, errors) in [
        (json!([]), "400 request_body_invalid"),
        (json!({}), "400 request_body_invalid"),
        (entries(51), "400 bulk_size_exceeded"),
        (
            json!([{"email_address": "c@example.com"}, {"email_address": "C@example.com"}]),
            "422 form_param_duplicate(email_address)",
        ),
        (
            json!([{"email_address": "c@example.com"}, {"email_address": "c"}]),
            "422 form_param_format_invalid(email_address)",
        ),
        (
            json!([{"email_address": "c@example.com", "lang": "de"}]),
            "422 form_param_unknown(lang)",
        ),
    ] {
        assert_eq!(app.post(&bulk, &body).errors(), errors);
    }
    assert_eq!(app.get(PATH).ok().json()["total_count"], 2);
    assert_eq!(app.post(&bulk, &entries(50)).ok().ids().len(), 50);
}

#[test]
fn older_versions_have_no_bulk() {
    let mut app = App::unrecorded();
    let body = json!([{"email_address": "a@example.com"}]).to_string();
    for (version, status) in [("2025-04-10", 404), ("2025-11-10", 200)] {
        let headers = [("clerk-api-version", version)];
        let path = format!("{PATH}/bulk");
        let answer = app.send("POST", &path, &headers, Some(body.as_bytes()));
        assert_eq!(answer.status, status, "{version}");
    }
}

#[test]
fn an_invited_entry_has_a_real_invitation() {
    let mut app = App::start();
    let id = add(&mut app, "jane@example.com");
    let invited = decide(&mut app, &id, "invite").ok().json();
    assert_eq!(invited["status"], "invited");
    assert!(invited["updated_at"].as_i64() > invited["created_at"].as_i64());
    let all = app.get("/invitations").ok().json();
    assert_eq!(invited["invitation"], all[0]);
    assert_eq!(
        mails(&mut app),
        ["waitlist_confirmation", "waitlist_invitation"]
    );
    // What becomes of it shows here as well.
    let revoke = format!(
        "/invitations/{}/revoke",
        all[0]["id"].as_str().expect("an id")
    );
    let revoked = app.post(&revoke, &Value::Null).ok().json();
    let shown = app.get(PATH).ok().json();
    assert_eq!(shown["data"][0]["invitation"], revoked);
    assert_eq!(shown["data"][0]["status"], "invited");
}

#[test]
fn who_accepts_has_completed_the_wait() {
    let mut app = App::start();
    let id = add(&mut app, "jane@example.com");
    let invited = decide(&mut app, &id, "invite").ok().json();
    let url = invited["invitation"]["url"].as_str().expect("a link");
    let (_, path) = url.split_once("/v1").expect("a path");
    let no_key = [("authorization", "")];
    app.send("POST", path, &no_key, None).ok();
    let shown = app.get(PATH).ok().json();
    assert_eq!(shown["data"][0]["status"], "completed");
    assert_eq!(shown["data"][0]["invitation"]["status"], "accepted");
    assert_eq!(
        decide(&mut app, &id, "reject").errors(),
        "409 waitlist_entry_already_completed"
    );
}

#[test]
fn an_address_that_is_known_is_invited_only_on_request() {
    let mut app = App::start();
    app.user("user@example.com");
    app.post(
        "/invitations",
        &json!({"email_address": "waits@example.com"}),
    )
    .ok();
    for (email, errors) in [
        (
            "user@example.com",
            "422 form_identifier_exists(email_address)",
        ),
        ("waits@example.com", "400 duplicate_record"),
    ] {
        let id = add(&mut app, email);
        assert_eq!(decide(&mut app, &id, "invite").errors(), errors);
        let path = format!("{PATH}/{id}/invite");
        let invited = app.post(&path, &json!({"ignore_existing": true})).ok();
        assert_eq!(invited.json()["status"], "invited", "{email}");
    }
}

#[test]
fn only_who_waits_is_decided_on() {
    let mut app = App::start();
    let (invited, rejected) = (
        add(&mut app, "a@example.com"),
        add(&mut app, "b@example.com"),
    );
    decide(&mut app, &invited, "invite").ok();
    let answer = decide(&mut app, &rejected, "reject").ok().json();
    assert_eq!(
        (&answer["status"], &answer["invitation"]),
        (&json!("rejected"), &Value::Null)
    );
    for (id, errors) in [
        (&*invited, "409 waitlist_entry_already_invited"),
        (&*rejected, "409 waitlist_entry_already_rejected"),
        ("wle_x", "404 resource_not_found"),
    ] {
        for what in ["invite", "reject"] {
            assert_eq!(decide(&mut app, id, what).errors(), errors, "{what}");
        }
        assert_eq!(app.delete(&format!("{PATH}/{id}")).errors(), errors);
    }
    let waiting = add(&mut app, "c@example.com");
    let gone = app.delete(&format!("{PATH}/{waiting}")).ok().json();
    assert_eq!(
        gone,
        json!({"object": "waitlist_entry", "id": waiting, "deleted": true})
    );
    assert_eq!(app.get(PATH).ok().json()["total_count"], 2);
}

#[test]
fn the_list_is_filtered_and_ordered() {
    let mut app = App::start();
    let c = add(&mut app, "c@example.com");
    let a = add(&mut app, "a@example.com");
    let b = add(&mut app, "b@acme.com");
    decide(&mut app, &a, "invite").ok();
    decide(&mut app, &c, "invite").ok();
    for (query, found) in [
        ("", vec![&b, &a, &c]),
        ("?order_by=%2Bcreated_at", vec![&c, &a, &b]),
        ("?order_by=email_address", vec![&a, &b, &c]),
        ("?order_by=-invited_at", vec![&c, &a, &b]),
        ("?status=invited", vec![&a, &c]),
        ("?status=rejected", vec![]),
        ("?query=EXAMPLE", vec![&a, &c]),
        (&format!("?query={b}"), vec![&b]),
        ("?limit=1&offset=1", vec![&a]),
    ] {
        let ids = app.get(&format!("{PATH}{query}")).ok().ids();
        assert!(ids.iter().eq(found), "{query}");
    }
    let page = app.get(&format!("{PATH}?status=invited&limit=1")).ok();
    assert_eq!(page.json()["total_count"], 2);
    for (query, errors) in [
        ("?status=lost", "422 form_param_value_invalid(status)"),
        ("?order_by=status", "422 form_param_value_invalid(order_by)"),
    ] {
        assert_eq!(app.get(&format!("{PATH}{query}")).errors(), errors);
    }
}

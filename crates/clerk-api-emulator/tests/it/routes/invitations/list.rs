//! `GET /invitations`.

use std::time::Duration;

use clerk_api_emulator::Database;
use serde_json::{Value, json};

use super::invited;
use crate::client::{App, config};

#[test]
fn revoked_ones_are_listed_only_by_their_status() {
    let mut app = App::start();
    let [a, b, c] = invited(
        &mut app,
        ["a@example.com", "b@example.com", "c@example.com"],
    );
    app.post(&format!("/invitations/{b}/revoke"), &Value::Null)
        .ok();
    let cases = [
        ("", vec![&c, &a]),
        ("status=revoked", vec![&b]),
        ("status=pending", vec![&c, &a]),
        ("status=accepted", vec![]),
        ("status=pending&order_by=email_address", vec![&a, &c]),
    ];
    for (query, expected) in cases {
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        let bare = app.get(&format!("/invitations?{query}")).ok();
        assert!(bare.json().is_array());
        assert_eq!(bare.ids(), expected, "{query}");
        let counted = app
            .get(&format!("/invitations?paginated=true&{query}"))
            .ok();
        assert_eq!(counted.ids(), expected, "{query}");
        assert_eq!(counted.json()["total_count"], expected.len(), "{query}");
    }
    assert_eq!(
        app.get("/invitations?status=lost").errors(),
        "422 form_param_value_invalid(status)"
    );
}

#[test]
fn an_invitation_expires_by_itself() {
    let settings = config(Database::Memory);
    let clock = settings.clock.clone();
    let mut app = App::with(settings);
    let short = json!({"email_address": "a@example.com", "expires_in_days": 1});
    let a = app.post("/invitations", &short).ok().json();
    let [b] = invited(&mut app, ["b@example.com"]);
    clock.advance(Duration::from_secs(24 * 60 * 60));
    let expired = app.get("/invitations?status=expired&paginated=true").ok();
    let mut expected = a.clone();
    expected["status"] = json!("expired");
    expected.as_object_mut().expect("an object").remove("url");
    assert_eq!(
        expired.json(),
        json!({"data": [expected], "total_count": 1})
    );
    let pending = app.get("/invitations?status=pending").ids();
    assert_eq!(pending, std::slice::from_ref(&b));
    // The list without a status has both.
    assert_eq!(
        app.get("/invitations?order_by=expires_at").ids(),
        [a["id"].as_str().expect("an id").to_owned(), b]
    );
}

#[test]
fn lists_are_ordered_and_cut_into_pages() {
    let mut app = App::start();
    let [c, a, b] = invited(
        &mut app,
        ["c@example.com", "a@example.com", "b@example.com"],
    );
    let cases = [
        ("", [&b, &a, &c]),
        ("order_by=%2Bcreated_at", [&c, &a, &b]),
        ("order_by=email_address", [&a, &b, &c]),
        ("order_by=-email_address", [&c, &b, &a]),
        ("order_by=-expires_at", [&b, &a, &c]),
    ];
    for (query, expected) in cases {
        for limit in 1..=3 {
            let mut found = Vec::new();
            for offset in (0..4).step_by(limit) {
                let page = format!("/invitations?{query}&limit={limit}&offset={offset}");
                found.extend(app.get(&page).ok().ids());
            }
            assert_eq!(found, expected.map(Clone::clone), "{query} by {limit}");
        }
    }
    let past = app.get("/invitations?paginated=true&offset=3").ok();
    assert_eq!(past.json(), json!({"data": [], "total_count": 3}));
    assert_eq!(
        app.get("/invitations?order_by=id").errors(),
        "422 form_param_value_invalid(order_by)"
    );
}

#[test]
fn a_query_finds_parts_of_addresses_and_ids() {
    let mut app = App::start();
    let [jane, bo] = invited(&mut app, ["jane+1@example.com", "bo@other.org"]);
    let cases = [
        ("ANE%2B1".to_owned(), vec![&jane]),
        (jane.clone(), vec![&jane]),
        (jane[..9].to_owned(), vec![&bo, &jane]),
        ("inv_".to_owned(), vec![&bo, &jane]),
        // Fewer than three characters: only at the beginning of the address.
        ("B".to_owned(), vec![&bo]),
        ("or".to_owned(), vec![]),
        ("nobody".to_owned(), vec![]),
    ];
    for (query, expected) in cases {
        let path = format!("/invitations?paginated=true&query={query}");
        let found = app.get(&path).ok();
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(found.ids(), expected, "{query}");
        assert_eq!(found.json()["total_count"], expected.len());
    }
    app.post(&format!("/invitations/{jane}/revoke"), &Value::Null)
        .ok();
    assert!(app.get("/invitations?query=jane").ids().is_empty());
    assert_eq!(
        app.get("/invitations?query=jane&status=revoked").ids(),
        [jane]
    );
}

#[test]
fn the_status_may_be_repeated_as_official_clients_do() {
    let mut app = App::unrecorded();
    let [a, b] = invited(&mut app, ["a@example.com", "b@example.com"]);
    app.post(&format!("/invitations/{a}/revoke"), &Value::Null)
        .ok();
    let query = "status=revoked&status=pending&status=pending";
    let path = format!("/invitations?paginated=true&{query}");
    let found = app.get(&path).ok();
    assert_eq!(
        (found.ids(), &found.json()["total_count"]),
        (vec![b, a], &json!(2))
    );
}

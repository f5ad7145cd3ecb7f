//! The free text filters of `GET /users`.

use serde_json::json;

use crate::client::App;

fn found(app: &mut App, query: &str) -> Vec<String> {
    let users = app
        .get(&format!("/users?order_by=created_at&{query}"))
        .ok()
        .json();
    let count = app.get(&format!("/users/count?{query}")).ok().json();
    let users = users.as_array().expect("an array");
    assert_eq!(count["total_count"], users.len(), "{query}");
    users
        .iter()
        .map(|user| user["last_name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn texts_are_found_anywhere_and_at_once() {
    let mut app = App::start();
    app.post(
        "/users",
        &json!({"email_address": ["HELLO@example.com", "second@other.org"], "first_name": "Ann", "last_name": "Ames"}),
    )
    .ok();
    let bo = app
        .post("/users", &json!({"phone_number": ["+15555550100"], "username": "SomeCoolUser", "first_name": "Bo", "last_name": "Öber"}))
        .ok()
        .id();
    app.post(
        "/users",
        &json!({"web3_wallet": ["0xDEADbeef"], "first_name": "A\"b", "last_name": "Quote"}),
    )
    .ok();
    let cases = [
        ("email_address_query=ello".to_owned(), vec!["Ames"]),
        ("email_address_query=OTHER.org".to_owned(), vec!["Ames"]),
        ("phone_number_query=555".to_owned(), vec!["Öber"]),
        ("username_query=cooluser".to_owned(), vec!["Öber"]),
        ("name_query=ann+am".to_owned(), vec!["Ames"]),
        ("name_query=%C3%96BER".to_owned(), vec!["Öber"]),
        ("query=xdeadb".to_owned(), vec!["Quote"]),
        ("query=a%22b".to_owned(), vec!["Quote"]),
        ("query=example.com&name_query=ann".to_owned(), vec!["Ames"]),
        ("query=example.com&name_query=bo+".to_owned(), vec![]),
        (format!("query={}", &bo[8..]), vec!["Öber"]),
        ("query=user_".to_owned(), vec!["Ames", "Öber", "Quote"]),
        // Fewer than three characters: only at the beginning of a field.
        ("query=he".to_owned(), vec!["Ames"]),
        ("query=lo".to_owned(), vec![]),
        ("name_query=b".to_owned(), vec!["Öber"]),
        ("name_query=%C3%B6".to_owned(), vec!["Öber"]),
        ("email_address_query=se".to_owned(), vec!["Ames"]),
        ("phone_number_query=%2B1".to_owned(), vec!["Öber"]),
        ("query=0x".to_owned(), vec!["Quote"]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&mut app, &query), expected, "{query}");
    }
}

#[test]
fn changes_and_deletions_are_seen() {
    let mut app = App::start();
    let body =
        json!({"email_address": ["a@example.com"], "first_name": "Before", "last_name": "X"});
    let path = format!("/users/{}", app.post("/users", &body).ok().id());
    assert_eq!(found(&mut app, "name_query=before"), ["X"]);
    app.patch(&path, &json!({"first_name": "After"})).ok();
    assert!(found(&mut app, "name_query=before").is_empty());
    assert_eq!(found(&mut app, "name_query=after"), ["X"]);
    app.delete(&path).ok();
    assert!(found(&mut app, "name_query=after").is_empty());
}

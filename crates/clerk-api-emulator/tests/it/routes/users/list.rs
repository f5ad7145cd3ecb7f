//! `GET /users` and `GET /users/count`: pages, orders, filters.

use serde_json::json;

use crate::client::App;

/// Five users, a to e, the later the newer; c has been back-dated to be the oldest.
fn five(app: &mut App) -> Vec<String> {
    ["a", "b", "c", "d", "e"]
        .into_iter()
        .map(|name| {
            let mut body = json!({
                "email_address": [format!("{name}@example.com")], "phone_number": [format!("+1555555010{}", name.len())],
                "username": format!("user-{name}"), "external_id": format!("ext-{name}"), "first_name": name,
                "banned": name == "e",
            });
            if name != "a" {
                body["phone_number"] = json!([]);
            }
            if name == "c" {
                body["created_at"] = json!("2020-01-01T00:00:00Z");
            }
            app.post("/users", &body).ok().id()
        })
        .collect()
}

/// The first letters of the users on a page.
fn names(app: &mut App, query: &str) -> String {
    let users = app.get(&format!("/users{query}")).ok().json();
    let users = users.as_array().expect("a bare array");
    users
        .iter()
        .map(|user| user["first_name"].as_str().expect("a name"))
        .collect()
}

#[test]
fn a_new_user_is_in_the_lists_of_every_order_and_filter_at_once() {
    let mut app = App::start();
    for (place, query) in [
        "?order_by=updated_at",
        "?order_by=email_address",
        "?order_by=web3wallet",
        "?order_by=first_name",
        "?order_by=last_name",
        "?order_by=phone_number",
        "?order_by=username",
        "?order_by=last_active_at",
        "?order_by=last_sign_in_at",
        "?name_query=a",
        "/count?name_query=a",
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "username": format!("user-{place}"), "first_name": "Ada" });
        app.post("/users", &body).ok();
        let found = app.get(&format!("/users{query}")).ok().json();
        let found = match found.as_array() {
            Some(users) => users.len(),
            None => {
                usize::try_from(found["total_count"].as_u64().expect("a count")).expect("small")
            }
        };
        assert_eq!(
            found,
            (place + 1).min(if query.contains("count") { 99 } else { 10 }),
            "{query}"
        );
    }
}

#[test]
fn pages_come_newest_first() {
    let mut app = App::start();
    five(&mut app);
    for (query, expected) in [
        ("", "edbac"),
        ("?limit=2", "ed"),
        ("?limit=2&offset=3", "ac"),
        ("?offset=5", ""),
        ("?order_by=created_at", "cabde"),
        ("?order_by=%2Bcreated_at&limit=1", "c"),
        ("?order_by=-first_name", "edcba"),
        ("?order_by=phone_number&limit=4", "bcde"),
        ("?order_by=-phone_number&limit=1", "a"),
    ] {
        assert_eq!(names(&mut app, query), expected, "{query}");
    }
}

#[test]
fn odd_queries_are_forgiven() {
    let mut app = App::unrecorded();
    five(&mut app);
    for (query, expected) in [
        ("?order_by=+created_at&order_by=-username", "cabde"),
        ("?unheard_of=1&limit=&offset=", "edbac"),
    ] {
        assert_eq!(names(&mut app, query), expected, "{query}");
    }
}

#[test]
fn a_cursor_walks_over_everything_once() {
    let mut app = App::start();
    let ids = five(&mut app);
    for (order, expected) in [("", "edbac"), ("&order_by=created_at", "cabde")] {
        let (mut walked, mut after) = (String::new(), String::new());
        loop {
            let query = format!("?limit=2{order}{after}");
            let page = app.get(&format!("/users{query}")).ok();
            let Some(last) = page.ids().pop() else { break };
            walked += &names(&mut app, &query);
            after = format!("&starting_after={last}");
        }
        assert_eq!(walked, expected);
    }
    let cases = [
        (
            format!("starting_after={}&offset=1", ids[0]),
            "422 form_conditional_param_disallowed(starting_after)",
        ),
        (
            format!("starting_after={}&order_by=username", ids[0]),
            "422 form_conditional_param_disallowed(starting_after)",
        ),
        (
            "starting_after=user_gone".to_owned(),
            "422 form_resource_not_found(starting_after)",
        ),
    ];
    for (query, errors) in cases {
        assert_eq!(app.get(&format!("/users?{query}")).errors(), errors);
    }
    assert_eq!(
        names(
            &mut app,
            &format!("?starting_after={}&offset=0&banned=false", ids[4])
        ),
        "dbac"
    );
}

#[test]
fn filters_find_and_the_count_agrees() {
    let mut app = App::start();
    let ids = five(&mut app);
    let cases = [
        ("email_address=A%40example.com&email_address=b@example.com&email_address=none@example.com".to_owned(), "ba"),
        ("email_address=a@example.com&username=user-d".to_owned(), "da"),
        ("email_address=a@example.com&banned=true".to_owned(), ""),
        ("phone_number=%2B15555550101".to_owned(), "a"),
        ("username=USER-C".to_owned(), "c"),
        ("external_id=ext-a&external_id=%2Bext-b&external_id=+ext-c".to_owned(), "bac"),
        ("external_id=-ext-a".to_owned(), "edbc"),
        (format!("user_id={}&user_id={}", ids[0], ids[3]), "da"),
        (format!("user_id=-{}", ids[4]), "dbac"),
        ("organization_id=org_none".to_owned(), ""),
        ("organization_id=-org_none".to_owned(), "edbac"),
        ("banned=true".to_owned(), "e"),
        ("banned=false".to_owned(), "dbac"),
        ("created_at_before=1600000000000".to_owned(), "c"),
        ("created_at_after=1600000000000".to_owned(), "edba"),
        ("last_active_at_after=0".to_owned(), ""),
        ("provider=oauth_google&provider_user_id=1".to_owned(), ""),
    ];
    for (query, expected) in cases {
        assert_eq!(names(&mut app, &format!("?{query}")), expected, "{query}");
        // Official clients pass the parameters of the list on to the count.
        let count = app
            .get(&format!("/users/count?{query}&limit=1&offset=3&order_by=x"))
            .ok();
        assert_eq!(
            count.json(),
            json!({"object": "total_count", "total_count": expected.len()}),
            "{query}"
        );
    }
}

#[test]
fn bad_parameters_are_refused_by_name() {
    let mut app = App::start();
    let many = "user_id=x&".repeat(101);
    let cases = [
        ("limit=0", "422 form_param_value_invalid(limit)"),
        ("limit=501", "422 form_param_value_invalid(limit)"),
        ("limit=10.0", "422 form_param_value_invalid(limit)"),
        ("offset=-1", "422 form_param_value_invalid(offset)"),
        (
            "order_by=password",
            "422 form_param_value_invalid(order_by)",
        ),
        ("banned=maybe", "422 form_param_value_invalid(banned)"),
        (
            "created_at_before=today",
            "422 form_param_invalid_date(created_at_before)",
        ),
        (
            "provider=oauth_google",
            "422 form_conditional_param_missing(provider_user_id)",
        ),
        ("query=%ff", "400 malformed_request_parameters"),
        (many.as_str(), "422 form_param_array_size_exceeded(user_id)"),
    ];
    for (query, errors) in cases {
        assert_eq!(
            app.get(&format!("/users?{query}")).errors(),
            errors,
            "{query}"
        );
    }
}

//! `GET /organizations`.

use serde_json::json;

use crate::client::App;

/// Four organizations; `bravo` has been back-dated to be the oldest, `delta` has two members and `alpha` one.
fn four(app: &mut App) -> (Vec<String>, [String; 2]) {
    let users = [app.user("jane@example.com"), app.user("joe@example.com")];
    let made = ["Alpha", "Bravo", "Charlie", "Delta"].map(|name| {
        let mut body = json!({"name": name, "slug": format!("{}-team", name.to_lowercase())});
        match name {
            "Alpha" => body["created_by"] = json!(users[0]),
            "Bravo" => body["created_at"] = json!("2020-01-01T00:00:00Z"),
            "Delta" => body["created_by"] = json!(users[1]),
            _ => {}
        }
        app.post("/organizations", &body).ok().id()
    });
    let path = format!("/organizations/{}/memberships", made[3]);
    app.post(&path, &json!({"user_id": users[0], "role": "org:member"}))
        .ok();
    (made.to_vec(), users)
}

/// The first letters of the organizations on a page, and the count of all.
fn found(app: &mut App, query: &str) -> (String, u64) {
    let json = app.get(&format!("/organizations?{query}")).ok().json();
    let data = json["data"].as_array().expect("an envelope");
    let letters = data
        .iter()
        .map(|one| &one["name"].as_str().expect("a name")[..1])
        .collect();
    (letters, json["total_count"].as_u64().expect("a count"))
}

#[test]
fn pages_come_newest_first() {
    let mut app = App::start();
    four(&mut app);
    for (query, expected) in [
        ("", "DCAB"),
        ("limit=2", "DC"),
        ("limit=2&offset=3", "B"),
        ("offset=4", ""),
        ("order_by=created_at", "BACD"),
        ("order_by=%2Bname", "ABCD"),
        ("order_by=-name&limit=1&offset=1", "C"),
        ("order_by=-members_count", "DACB"),
        ("order_by=members_count&limit=2", "BC"),
    ] {
        assert_eq!(found(&mut app, query), (expected.to_owned(), 4), "{query}");
    }
}

#[test]
fn filters_find_and_count() {
    let mut app = App::start();
    let (ids, users) = four(&mut app);
    let many = format!("user_id={}&", users[1]).repeat(101);
    let cases = [
        (
            format!("organization_id={}&organization_id=%2B{}", ids[0], ids[2]),
            "CA",
        ),
        (
            format!("organization_id=-{}&organization_id=org_none", ids[0]),
            "",
        ),
        (format!("organization_id=-{}", ids[0]), "DCB"),
        (format!("user_id={}", users[0]), "DA"),
        (format!("user_id=-{}", users[1]), "CAB"),
        (format!("user_id={}&user_id=-{}", users[0], users[1]), "A"),
        (many, "D"),
        ("query=RAV".to_owned(), "B"),
        ("query=a-team".to_owned(), "DA"),
        (format!("query={}", ids[2]), "C"),
        (format!("query={}", &ids[2][..10]), ""),
        ("query=al".to_owned(), "A"),
        ("query=lp".to_owned(), ""),
        (
            "query=team&order_by=name&organization_id=-org_none".to_owned(),
            "ABCD",
        ),
        ("query=nothing".to_owned(), ""),
    ];
    for (query, expected) in cases {
        let count = expected.len() as u64;
        assert_eq!(
            found(&mut app, &query),
            (expected.to_owned(), count),
            "{query}"
        );
    }
}

#[test]
fn a_page_can_be_smaller_than_what_is_counted() {
    let mut app = App::start();
    four(&mut app);
    assert_eq!(
        found(&mut app, "query=team&limit=1&offset=1"),
        ("C".to_owned(), 4)
    );
}

#[test]
fn counts_are_there_when_asked_for() {
    let mut app = App::start();
    four(&mut app);
    let query = "/organizations?order_by=name&include_members_count=true&include_missing_member_with_elevated_permissions=true";
    let rows = app.get(query).ok().json();
    let counts: Vec<_> = rows["data"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            (
                row["members_count"].as_u64().expect("a count"),
                row["pending_invitations_count"].as_u64().expect("a count"),
                row["missing_member_with_elevated_permissions"] == true,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [(1, 0, false), (0, 0, true), (0, 0, true), (2, 0, false)]
    );
    let plain = app.get("/organizations").ok();
    assert!(!plain.text.contains("members_count"));
}

#[test]
fn changes_are_found_and_bad_parameters_refused() {
    let mut app = App::start();
    let (ids, _) = four(&mut app);
    assert_eq!(found(&mut app, "query=alpha").1, 1);
    let path = format!("/organizations/{}", ids[0]);
    app.patch(&path, &json!({"name": "Echo", "slug": "echo"}))
        .ok();
    assert_eq!(found(&mut app, "query=alpha").1, 0);
    assert_eq!(found(&mut app, "query=ech"), ("E".to_owned(), 1));
    for (query, errors) in [
        ("limit=0", "422 form_param_value_invalid(limit)"),
        ("order_by=slug", "422 form_param_value_invalid(order_by)"),
        (
            &"organization_id=x&".repeat(101),
            "422 form_param_array_size_exceeded(organization_id)",
        ),
    ] {
        let answer = app.get(&format!("/organizations?{query}"));
        assert_eq!(answer.errors(), errors, "{query}");
    }
}

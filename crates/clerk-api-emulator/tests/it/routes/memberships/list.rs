//! The three lists of memberships.

use clerk_api_emulator::Database;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::members::{Team, found};
use crate::client::{App, config};

#[test]
fn members_come_newest_first_or_as_asked() {
    let mut app = App::start();
    let path = Team::of(&mut app, 4).path();
    for (query, expected) in [
        ("", "dcba"),
        ("limit=2&offset=1", "cb"),
        ("offset=4", ""),
        ("order_by=created_at", "abcd"),
        ("order_by=-phone_number", "dcba"),
        ("order_by=email_address&limit=3", "abc"),
        ("order_by=%2Bfirst_name", "abcd"),
        ("order_by=last_name", "dcba"),
        ("order_by=-username&offset=3", "a"),
    ] {
        let wanted = (expected.to_owned(), 4);
        assert_eq!(
            found(&mut app, &format!("{path}?{query}")),
            wanted,
            "{query}"
        );
    }
}

#[test]
fn members_are_found_by_role_and_by_what_users_are_found_by() {
    let mut app = App::start();
    let team = Team::of(&mut app, 4);
    let path = team.path();
    // Somebody else, who must never be found.
    let other = json!({"email_address": ["other+x@example.com"], "username": "user-other", "first_name": "A"});
    app.post("/users", &other).ok();
    let cases = [
        ("role=org:admin".to_owned(), "a"),
        (
            "role=org:admin&role=org:member&role=org:none".to_owned(),
            "dcba",
        ),
        ("role=org:none".to_owned(), ""),
        (
            format!(
                "user_id={}&user_id=%2B{}&user_id=user_x",
                team.users[1], team.users[3]
            ),
            "db",
        ),
        (format!("user_id=-{}", team.users[0]), "dcb"),
        (
            "email_address=C%2Bx@example.com&email_address=other%2Bx@example.com".to_owned(),
            "c",
        ),
        ("phone_number=%2B15555550103".to_owned(), "d"),
        ("username=USER-A&username=user-other".to_owned(), "a"),
        ("web3_wallet=0xb".to_owned(), "b"),
        ("query=example.com".to_owned(), "dcba"),
        ("query=user-c".to_owned(), "c"),
        ("query=a".to_owned(), "a"),
        ("email_address_query=B%2Bx".to_owned(), "b"),
        ("phone_number_query=550102".to_owned(), "c"),
        ("username_query=er-d".to_owned(), "d"),
        ("name_query=last8".to_owned(), "b"),
        ("created_at_before=1767225600001".to_owned(), "a"),
        (
            "created_at_after=1767225600001&role=org:member".to_owned(),
            "dc",
        ),
        ("last_active_at_after=0".to_owned(), ""),
        (
            "query=example.com&role=org:member&order_by=first_name".to_owned(),
            "bcd",
        ),
    ];
    for (query, expected) in cases {
        let wanted = (expected.to_owned(), expected.len() as u64);
        assert_eq!(
            found(&mut app, &format!("{path}?{query}")),
            wanted,
            "{query}"
        );
    }
}

#[test]
fn bad_parameters_and_unknown_organizations_are_refused() {
    let mut app = App::start();
    let path = Team::of(&mut app, 1).path();
    for (query, errors) in [
        ("limit=501", "422 form_param_value_invalid(limit)"),
        ("order_by=role", "422 form_param_value_invalid(order_by)"),
        (
            "created_at_after=x",
            "422 form_param_invalid_date(created_at_after)",
        ),
        (
            &"role=x&".repeat(101),
            "422 form_param_array_size_exceeded(role)",
        ),
    ] {
        assert_eq!(app.get(&format!("{path}?{query}")).errors(), errors);
    }
    for path in [
        "/organizations/org_x/memberships",
        "/users/user_x/organization_memberships",
    ] {
        assert_eq!(app.get(path).errors(), "404 resource_not_found");
    }
}

#[test]
fn the_instance_lists_all_memberships() {
    let mut app = App::start();
    let team = Team::of(&mut app, 3);
    let second = json!({"name": "Second", "created_by": team.users[0]});
    let second = app.post("/organizations", &second).ok().id();
    for (query, expected) in [
        ("", "acba"),
        ("limit=2&offset=1", "cb"),
        ("offset=4", ""),
        ("order_by=created_at", "abca"),
        ("order_by=-email_address", "cbaa"),
        ("order_by=phone_number&offset=1", "abc"),
        ("order_by=last_name", "cbaa"),
    ] {
        let path = format!("/organization_memberships?{query}");
        assert_eq!(found(&mut app, &path), (expected.to_owned(), 4), "{query}");
    }
    let newest = app.get("/organization_memberships?limit=1").json();
    assert_eq!(newest["data"][0]["organization"]["id"], second);
    let bad = app.get("/organization_memberships?order_by=role");
    assert_eq!(bad.errors(), "422 form_param_value_invalid(order_by)");
}

#[test]
fn a_user_has_a_list_of_memberships() {
    let mut app = App::start();
    let team = Team::of(&mut app, 2);
    let second = json!({"name": "Second", "created_by": team.users[1]});
    app.post("/organizations", &second).ok();
    let path = format!("/users/{}/organization_memberships", team.users[1]);
    let json = app.get(&path).ok().json();
    assert_eq!(json["total_count"], 2);
    let of: Vec<_> = json["data"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (&row["organization"]["name"], &row["role"]))
        .collect();
    assert_eq!(
        of,
        [
            (&json!("Second"), &json!("org:admin")),
            (&json!("Acme"), &json!("org:member"))
        ]
    );
    let page = app.get(&format!("{path}?limit=1&offset=1")).ok().json();
    assert_eq!(page["data"][0]["organization"]["name"], "Acme");
}

#[test]
fn memberships_show_their_parties_as_they_are_now() {
    let mut app = App::start();
    let team = Team::of(&mut app, 1);
    app.patch(
        &format!("/organizations/{}", team.organization),
        &json!({"name": "Renamed"}),
    )
    .ok();
    app.patch(
        &format!("/users/{}", team.users[0]),
        &json!({"first_name": "New"}),
    )
    .ok();
    let row = app.get(&team.path()).ok().json()["data"][0].clone();
    assert_eq!(row["organization"]["name"], "Renamed");
    assert_eq!(row["public_user_data"]["first_name"], "New");
}

#[test]
fn a_deleted_user_leaves_all_organizations_even_as_last_admin() {
    let mut app = App::start();
    let team = Team::of(&mut app, 2);
    app.delete(&format!("/users/{}", team.users[0])).ok();
    assert_eq!(found(&mut app, &team.path()), ("b".to_owned(), 1));
    assert_eq!(found(&mut app, "/organization_memberships").1, 1);
    let path = format!(
        "/organizations/{}?include_members_count=true&include_missing_member_with_elevated_permissions=true",
        team.organization
    );
    let organization = app.get(&path).ok().json();
    assert_eq!(organization["members_count"], 1);
    assert_eq!(
        organization["missing_member_with_elevated_permissions"],
        true
    );
    assert_eq!(organization["created_by"], team.users[0]);
    assert_eq!(app.get("/organizations").json()["total_count"], 1);
}

#[test]
fn what_is_public_of_a_member_is_as_the_user_is_now_even_in_a_file_that_did_not_keep_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("local.db");
    let mut app = App::with(config(Database::File(file.clone())));
    let ada = app.user("ada@example.com");
    app.post(
        "/organizations",
        &json!({"name": "Engines", "created_by": ada}),
    )
    .ok();
    let public = |app: &mut App| {
        app.get("/organization_memberships").ok().json()["data"][0]["public_user_data"].clone()
    };
    app.patch(
        &format!("/users/{ada}"),
        &json!({"first_name": "Augusta", "username": "countess"}),
    )
    .ok();
    app.post(&format!("/users/{ada}/ban"), &Value::Null).ok();
    let kept = public(&mut app);
    assert_eq!(
        [
            &kept["first_name"],
            &kept["identifier"],
            &kept["username"],
            &kept["banned"]
        ],
        [
            &json!("Augusta"),
            &json!("ada@example.com"),
            &json!("countess"),
            &json!(true)
        ]
    );
    // As the tenth format had it, which kept it beside the user.
    app.stop();
    let db = Connection::open(&file).expect("opens");
    db.execute_batch(
        "ALTER TABLE users ADD COLUMN public_data TEXT;
         UPDATE users SET public_data = (SELECT data FROM users_public WHERE users_public.seq = users.seq);
         DROP TABLE users_public;
         PRAGMA user_version = 10",
    )
    .expect("writes");
    drop(db);
    let mut app = App::with(config(Database::File(file.clone())));
    let db = Connection::open(file).expect("opens");
    let kept_rows = "SELECT count(*) FROM users_public";
    let kept_rows: i64 = db
        .query_row(kept_rows, [], |row| row.get(0))
        .expect("reads");
    assert_eq!((kept_rows, public(&mut app)), (1, kept.clone()));
    // As the formats before it had it, not at all.
    assert_eq!(
        db.execute("DELETE FROM users_public", []).expect("writes"),
        1
    );
    assert_eq!(public(&mut app), kept);
}

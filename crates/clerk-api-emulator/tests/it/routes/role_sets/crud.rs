//! Making, listing and reading.

use serde_json::json;

use super::{DEFAULT, PATH, keys, make, member, organization, roles};
use crate::client::App;

#[test]
fn a_new_instance_has_one_set_of_both_roles() {
    let mut app = App::start();
    let listed = app.get(PATH).ok();
    insta::assert_snapshot!(listed.pretty());
    let id = listed.ids().remove(0);
    let by_id = app.get(&format!("{PATH}/{id}")).ok();
    assert_eq!(by_id.text, app.get(DEFAULT).ok().text);
    assert_eq!(
        app.get(&format!("{PATH}/rset_x")).errors(),
        "404 resource_not_found"
    );
}

#[test]
fn a_set_with_everything_is_answered_whole() {
    let mut app = App::start();
    roles(&mut app, &["org:guest"]);
    let body = json!({"name": "Free plan", "key": "role_set:free", "description": "For free.", "type": "custom",
                      "default_role_key": "org:guest", "creator_role_key": "org:admin",
                      "roles": ["org:guest", "org:admin"]});
    let made = app.post(PATH, &body).ok();
    assert_eq!(keys(&made.json()), ["org:admin", "org:guest"]);
    let json = made.json();
    assert_eq!(json["default_role"]["key"], "org:guest");
    assert_eq!(json["creator_role"]["key"], "org:admin");
    assert_eq!(json["type"], "custom");
    assert_eq!(json["description"], "For free.");
    assert_eq!(json["role_set_migration"], json!(null));
    assert_eq!(
        app.get(&format!("{PATH}/role_set:free")).ok().text,
        made.text
    );
}

#[test]
fn keys_are_made_of_names() {
    let mut app = App::start();
    for (name, key) in [
        ("Free plan (2026)", "role_set:free_plan_2026"),
        ("free plan 2026", "role_set:free_plan_2026_2"),
        ("日本", "role_set:set"),
    ] {
        let body = json!({"name": name, "default_role_key": "org:admin", "creator_role_key": "org:admin",
                          "roles": ["org:admin"]});
        assert_eq!(app.post(PATH, &body).ok().json()["key"], key);
    }
}

#[test]
fn members_are_counted_within_the_set() {
    let mut app = App::start();
    make(&mut app, "role_set:free", "org:member", &[]);
    let paid = organization(&mut app, "role_set:default");
    let free = organization(&mut app, "role_set:free");
    member(&mut app, &paid, "a@example.com", "org:member");
    member(&mut app, &free, "b@example.com", "org:member");
    member(&mut app, &free, "c@example.com", "org:member");
    let counts = |app: &mut App, path: &str| {
        let set = app.get(path).ok().json();
        let item = &set["default_role"];
        (item["members_count"].clone(), item["has_members"].clone())
    };
    assert_eq!(counts(&mut app, DEFAULT), (json!(1), json!(true)));
    assert_eq!(
        counts(&mut app, &format!("{PATH}/role_set:free")),
        (json!(2), json!(true))
    );
}

#[test]
fn a_new_initial_set_takes_the_place_of_the_old_one() {
    let mut app = App::start();
    let body = json!({"name": "New", "type": "initial", "default_role_key": "org:member",
                      "creator_role_key": "org:admin", "roles": ["org:admin", "org:member"]});
    let made = app.post(PATH, &body).ok().json();
    assert_eq!(made["type"], "initial");
    assert_eq!(app.get(DEFAULT).ok().json()["type"], "custom");
    let organization = app
        .post("/organizations", &json!({"name": "Acme"}))
        .ok()
        .json();
    assert_eq!(organization["role_set_key"], "role_set:new");
}

#[test]
fn what_cannot_be_a_set_is_refused() {
    let mut app = App::start();
    roles(&mut app, &["org:guest"]);
    let with = |change: serde_json::Value| {
        let mut body = json!({"name": "A", "default_role_key": "org:guest", "creator_role_key": "org:admin",
                              "roles": ["org:admin", "org:guest"]});
        for (key, value) in change.as_object().expect("an object") {
            body[key] = value.clone();
        }
        body
    };
    let eleven: Vec<String> = (0..11).map(|n| format!("org:n{n}")).collect();
    let cases = [
        (
            json!({"x": 1}),
            "422 form_param_missing(name) form_param_missing(roles) form_param_missing(default_role_key) \
             form_param_missing(creator_role_key) form_param_unknown(x)",
        ),
        (with(json!({"roles": []})), "422 form_param_missing(roles)"),
        (
            with(json!({"roles": eleven})),
            "422 form_param_array_size_exceeded(roles)",
        ),
        (
            with(json!({"roles": ["org:admin", "org:admin", "org:guest"]})),
            "422 form_param_duplicate(roles)",
        ),
        (
            with(json!({"default_role_key": "org:member"})),
            "422 form_param_value_invalid(default_role_key)",
        ),
        (
            with(json!({"creator_role_key": "org:member"})),
            "422 form_param_value_invalid(creator_role_key)",
        ),
        (
            with(json!({"creator_role_key": "org:guest"})),
            "422 organization_missing_creator_role_permissions",
        ),
        (
            with(json!({"roles": ["org:admin", "org:guest", "org:nobody"]})),
            "404 resource_not_found(roles)",
        ),
        (
            with(json!({"type": "other"})),
            "422 form_param_value_invalid(type)",
        ),
        (
            with(json!({"key": "default"})),
            "422 form_param_format_invalid(key)",
        ),
        (
            with(json!({"key": "role_set:default"})),
            "422 form_already_exists(key)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(PATH, &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get(PATH).ok().json()["total_count"], 1);
}

#[test]
fn lists_are_filtered_ordered_and_paged() {
    let mut app = App::start();
    make(&mut app, "role_set:free", "org:member", &[]);
    make(&mut app, "role_set:paid", "org:member", &[]);
    let key = |app: &mut App, query: &str| {
        let listed = app.get(&format!("{PATH}?{query}")).ok().json();
        (
            listed["data"][0]["key"].clone(),
            listed["total_count"].clone(),
        )
    };
    assert_eq!(key(&mut app, "limit=1"), (json!("role_set:paid"), json!(3)));
    assert_eq!(
        key(&mut app, "query=FREE"),
        (json!("role_set:free"), json!(1))
    );
    assert_eq!(
        key(&mut app, "query=primary"),
        (json!("role_set:default"), json!(1))
    );
    assert_eq!(
        key(&mut app, "order_by=-key&offset=2"),
        (json!("role_set:default"), json!(3))
    );
}

#[test]
fn there_is_room_for_ten() {
    let mut app = App::start();
    for n in 1..10 {
        make(&mut app, &format!("role_set:n{n}"), "org:member", &[]);
    }
    let body = json!({"name": "Over", "default_role_key": "org:admin", "creator_role_key": "org:admin",
                      "roles": ["org:admin"]});
    let over = app.post(PATH, &body);
    assert_eq!(
        over.errors(),
        "403 organization_instance_role_sets_quota_exceeded"
    );
}

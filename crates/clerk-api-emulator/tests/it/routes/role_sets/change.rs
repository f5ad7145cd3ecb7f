//! `PATCH /role_sets/{role_set_key_or_id}`, its roles, and the sets of organizations.

use serde_json::json;

use super::{DEFAULT, PATH, keys, make, member, organization, roles, roles_in};
use crate::client::App;

#[test]
fn a_change_leaves_what_it_does_not_name() {
    let mut app = App::start();
    let before = app.get(DEFAULT).ok().json();
    let nothing = json!({"name": null, "key": null, "description": null, "type": null,
                         "default_role_key": null, "creator_role_key": null});
    let same = app.patch(DEFAULT, &nothing).ok().json();
    assert_eq!(
        (&same["name"], &same["type"]),
        (&before["name"], &json!("initial"))
    );
    let body = json!({"name": "Main", "description": "All.", "default_role_key": "org:admin", "type": "initial"});
    let changed = app.patch(DEFAULT, &body).ok().json();
    assert_eq!(changed["name"], "Main");
    assert_eq!(changed["description"], "All.");
    assert_eq!(changed["default_role"]["key"], "org:admin");
    assert_eq!(changed["creator_role"]["key"], "org:admin");
    assert_eq!(app.get(DEFAULT).ok().json(), changed);
}

#[test]
fn organizations_follow_the_key_of_their_set() {
    let mut app = App::start();
    let id = organization(&mut app, "role_set:default");
    app.patch(DEFAULT, &json!({"key": "role_set:main"})).ok();
    let path = format!("/organizations/{id}");
    assert_eq!(app.get(&path).ok().json()["role_set_key"], "role_set:main");
    assert_eq!(app.get(DEFAULT).errors(), "404 resource_not_found");
}

#[test]
fn bad_changes_are_refused() {
    let mut app = App::start();
    make(&mut app, "role_set:free", "org:member", &[]);
    roles(&mut app, &["org:guest"]);
    let cases = [
        (json!({"key": "main"}), "422 form_param_format_invalid(key)"),
        (
            json!({"key": "role_set:free"}),
            "422 form_already_exists(key)",
        ),
        (
            json!({"default_role_key": "org:guest"}),
            "422 form_param_value_invalid(default_role_key)",
        ),
        (
            json!({"default_role_key": "org:x"}),
            "404 resource_not_found(default_role_key)",
        ),
        (
            json!({"creator_role_key": "org:member"}),
            "422 organization_missing_creator_role_permissions",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.patch(DEFAULT, &body).errors(), errors, "{body}");
    }
    let custom = App::unrecorded().patch(DEFAULT, &json!({"type": "custom"}));
    assert_eq!(custom.errors(), "422 form_param_value_invalid(type)");
    let unknown = app.patch(&format!("{PATH}/role_set:x"), &json!({}));
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn another_set_becomes_the_initial_one() {
    let mut app = App::start();
    make(&mut app, "role_set:free", "org:member", &[]);
    let path = format!("{PATH}/role_set:free");
    let changed = app.patch(&path, &json!({"type": "initial"})).ok().json();
    assert_eq!(changed["type"], "initial");
    assert_eq!(app.get(DEFAULT).ok().json()["type"], "custom");
}

#[test]
fn roles_are_added_and_may_become_those_that_are_given() {
    let mut app = App::start();
    roles(&mut app, &["org:guest", "org:friend"]);
    let path = format!("{DEFAULT}/roles");
    let body = json!({"role_keys": ["org:guest", "org:member"]});
    let changed = app.post(&path, &body).ok().json();
    assert_eq!(keys(&changed), ["org:admin", "org:member", "org:guest"]);
    let body = json!({"role_keys": ["org:friend"], "default_role_key": "org:friend"});
    let changed = app.post(&path, &body).ok().json();
    assert_eq!(changed["default_role"]["key"], "org:friend");
    let cases = [
        (json!({}), "422 form_param_missing(role_keys)"),
        (
            json!({"role_keys": ["org:x"]}),
            "404 resource_not_found(role_keys)",
        ),
        (
            json!({"role_keys": ["org:guest"], "creator_role_key": "org:guest"}),
            "422 organization_missing_creator_role_permissions",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(&path, &body).errors(), errors, "{body}");
    }
}

#[test]
fn an_organization_changes_its_set_if_its_people_fit() {
    let mut app = App::start();
    roles(&mut app, &["org:guest"]);
    make(&mut app, "role_set:free", "org:guest", &[]);
    let id = organization(&mut app, "role_set:free");
    let path = format!("/organizations/{id}");
    assert_eq!(app.get(&path).ok().json()["role_set_key"], "role_set:free");
    member(&mut app, &id, "jane@example.com", "org:guest");
    let change = json!({"role_set_key": "role_set:default"});
    let refused = app.patch(&path, &change);
    assert_eq!(
        refused.errors(),
        "422 form_param_value_invalid(role_set_key)"
    );
    app.post(
        &format!("{DEFAULT}/roles"),
        &json!({"role_keys": ["org:guest"]}),
    )
    .ok();
    let changed = app.patch(&path, &change).ok().json();
    assert_eq!(changed["role_set_key"], "role_set:default");
    assert_eq!(roles_in(&mut app, &id), ["org:guest"]);
    let unknown = app.patch(&path, &json!({"role_set_key": "role_set:x"}));
    assert_eq!(
        unknown.errors(),
        "422 form_resource_not_found(role_set_key)"
    );
    let same = app.patch(&path, &json!({"role_set_key": null})).ok().json();
    assert_eq!(same["role_set_key"], "role_set:default");
}

//! Putting a role or a whole set in the place of another.

use serde_json::json;

use super::{DEFAULT, PATH, keys, make, member, organization, roles, roles_in};
use crate::client::App;

#[test]
fn a_role_in_the_place_of_another_takes_its_people() {
    let mut app = App::start();
    roles(&mut app, &["org:guest"]);
    make(&mut app, "role_set:other", "org:member", &[]);
    let here = organization(&mut app, "role_set:default");
    let there = organization(&mut app, "role_set:other");
    member(&mut app, &here, "a@example.com", "org:member");
    member(&mut app, &there, "b@example.com", "org:member");
    let invitations = format!("/organizations/{here}/invitations");
    let body = json!({"email_address": "c@example.com", "role": "org:member"});
    app.post(&invitations, &body).ok();
    let body = json!({"role_key": "org:member", "to_role_key": "org:guest"});
    let changed = app
        .post(&format!("{DEFAULT}/roles/replace"), &body)
        .ok()
        .json();
    assert_eq!(keys(&changed), ["org:admin", "org:guest"]);
    assert_eq!(changed["default_role"]["key"], "org:guest");
    assert_eq!(changed["default_role"]["members_count"], 1);
    assert_eq!(roles_in(&mut app, &here), ["org:guest"]);
    assert_eq!(
        roles_in(&mut app, &there),
        ["org:member"],
        "the other set stays"
    );
    let invited = app.get(&invitations).ok().json();
    assert_eq!(invited["data"][0]["role"], "org:guest");
    assert_eq!(invited["data"][0]["role_name"], "org:guest");
}

#[test]
fn a_role_is_not_replaced_by_what_cannot_take_its_place() {
    let mut app = App::start();
    roles(&mut app, &["org:guest"]);
    let path = format!("{DEFAULT}/roles/replace");
    let cases = [
        (
            json!({}),
            "422 form_param_missing(role_key) form_param_missing(to_role_key)",
        ),
        (
            json!({"role_key": "org:member", "to_role_key": "org:member"}),
            "422 form_param_value_invalid(to_role_key)",
        ),
        (
            json!({"role_key": "org:guest", "to_role_key": "org:member"}),
            "422 form_param_value_invalid(role_key)",
        ),
        (
            json!({"role_key": "org:member", "to_role_key": "org:x"}),
            "404 resource_not_found(to_role_key)",
        ),
        (
            json!({"role_key": "org:admin", "to_role_key": "org:member"}),
            "422 organization_missing_creator_role_permissions",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(&path, &body).errors(), errors, "{body}");
    }
    assert_eq!(
        keys(&app.get(DEFAULT).ok().json()),
        ["org:admin", "org:member"]
    );
}

#[test]
fn a_set_in_the_place_of_another_takes_its_organizations() {
    let mut app = App::start();
    roles(&mut app, &["org:guest", "org:friend"]);
    make(&mut app, "role_set:old", "org:guest", &["org:friend"]);
    let set = make(
        &mut app,
        "role_set:new",
        "org:guest",
        &["org:friend", "org:member"],
    );
    assert_eq!(set["roles"].as_array().expect("a list").len(), 4);
    let id = organization(&mut app, "role_set:old");
    for (email, role) in [
        ("a@example.com", "org:admin"),
        ("b@example.com", "org:guest"),
        ("c@example.com", "org:friend"),
    ] {
        member(&mut app, &id, email, role);
    }
    let old = app.get(&format!("{PATH}/role_set:old")).ok().id();
    // Two roles change places, the third stays.
    let body = json!({"dest_role_set_key": "role_set:new",
                      "reassignment_mappings": {"org:guest": "org:friend", "org:friend": "org:guest"}});
    let gone = app
        .post(&format!("{PATH}/role_set:old/replace"), &body)
        .ok()
        .json();
    assert_eq!(
        gone,
        json!({"object": "role_set", "id": old, "deleted": true})
    );
    assert_eq!(
        roles_in(&mut app, &id),
        ["org:admin", "org:friend", "org:guest"]
    );
    let organization = app.get(&format!("/organizations/{id}")).ok().json();
    assert_eq!(organization["role_set_key"], "role_set:new");
    assert_eq!(
        app.get(&format!("{PATH}/{old}")).errors(),
        "404 resource_not_found"
    );
}

#[test]
fn a_set_is_not_replaced_while_somebody_would_be_left_without_a_role() {
    let mut app = App::start();
    roles(&mut app, &["org:guest"]);
    make(&mut app, "role_set:old", "org:guest", &[]);
    let path = format!("{PATH}/role_set:old/replace");
    let id = organization(&mut app, "role_set:old");
    member(&mut app, &id, "a@example.com", "org:guest");
    let with = |to: &str, mappings: serde_json::Value| json!({"dest_role_set_key": to, "reassignment_mappings": mappings});
    let cases = [
        (json!({}), "422 form_param_missing(dest_role_set_key)"),
        (
            json!({"dest_role_set_key": "role_set:x"}),
            "404 resource_not_found(dest_role_set_key)",
        ),
        (
            json!({"dest_role_set_key": "role_set:old"}),
            "422 form_param_value_invalid(dest_role_set_key)",
        ),
        (
            json!({"dest_role_set_key": "role_set:default"}),
            "422 form_param_missing(reassignment_mappings)",
        ),
        (
            with("role_set:default", json!({"org:guest": "org:guest"})),
            "422 form_param_value_invalid(reassignment_mappings)",
        ),
        (
            with(
                "role_set:default",
                json!({"org:guest": "org:member", "org:member": "org:admin"}),
            ),
            "422 form_param_value_invalid(reassignment_mappings)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(&path, &body).errors(), errors, "{body}");
    }
    assert_eq!(roles_in(&mut app, &id), ["org:guest"]);
    let body = with("role_set:default", json!({"org:guest": "org:member"}));
    app.post(&path, &body).ok();
    assert_eq!(roles_in(&mut app, &id), ["org:member"]);
}

#[test]
fn what_takes_the_place_of_the_initial_set_becomes_the_initial_one() {
    let mut app = App::start();
    make(&mut app, "role_set:new", "org:member", &[]);
    let body = json!({"dest_role_set_key": "role_set:new"});
    app.post(&format!("{DEFAULT}/replace"), &body).ok();
    let listed = app.get(PATH).ok().json();
    assert_eq!(listed["total_count"], 1);
    assert_eq!(listed["data"][0]["type"], "initial");
    let made = app.post("/organizations", &json!({"name": "Acme"})).ok();
    assert_eq!(made.json()["role_set_key"], "role_set:new");
}

//! `PATCH` and `DELETE /organizations/{organization_id}/memberships/{user_id}`, and their metadata.

use serde_json::json;

use super::members::Team;
use crate::client::App;

#[test]
fn a_role_is_changed_with_its_permissions() {
    let mut app = App::start();
    let team = Team::of(&mut app, 2);
    let changed = app
        .patch(&team.member(1), &json!({"role": "org:admin"}))
        .ok()
        .json();
    assert_eq!(changed["role"], "org:admin");
    assert_eq!(changed["permissions"].as_array().expect("a list").len(), 9);
    assert!(changed["updated_at"].as_i64() > changed["created_at"].as_i64());
    let listed = app
        .get(&format!("{}?user_id={}", team.path(), team.users[1]))
        .json();
    assert_eq!(listed["data"], json!([changed]));
}

#[test]
fn the_last_admin_can_neither_be_demoted_nor_removed() {
    let mut app = App::start();
    let team = Team::of(&mut app, 2);
    let (admin, member) = (team.member(0), team.member(1));
    let refusal = "400 organization_minimum_permissions_needed";
    let demotion = json!({"role": "org:member"});
    assert_eq!(app.patch(&admin, &demotion).errors(), refusal);
    assert_eq!(app.delete(&admin).errors(), refusal);
    app.patch(&admin, &json!({"role": "org:admin"})).ok();
    app.patch(&member, &json!({"role": "org:admin"})).ok();
    app.patch(&admin, &demotion).ok();
    assert_eq!(app.delete(&member).errors(), refusal);
    app.delete(&admin).ok();
    assert_eq!(app.patch(&member, &demotion).errors(), refusal);
}

#[test]
fn who_never_was_admin_can_go_where_nobody_is() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let id = app.post("/organizations", &json!({"name": "A"})).ok().id();
    let path = format!("/organizations/{id}/memberships");
    app.post(&path, &json!({"user_id": user, "role": "org:member"}))
        .ok();
    app.delete(&format!("{path}/{user}")).ok();
}

#[test]
fn a_removed_member_is_answered_as_they_were() {
    let mut app = App::start();
    let team = Team::of(&mut app, 3);
    let held = app
        .get(&format!("{}?user_id={}", team.path(), team.users[1]))
        .ok()
        .json();
    let gone = app
        .send("DELETE", &team.member(1), &[], Some(b"null"))
        .ok()
        .json();
    assert_eq!(json!([gone]), held["data"]);
    assert_eq!(app.get(&team.path()).json()["total_count"], 2);
    assert_eq!(
        app.get("/organization_memberships").json()["total_count"],
        2
    );
    assert_eq!(
        app.delete(&team.member(1)).errors(),
        "404 resource_not_found"
    );
    let counted = format!(
        "/organizations/{}?include_members_count=true",
        team.organization
    );
    assert_eq!(app.get(&counted).json()["members_count"], 2);
}

#[test]
fn metadata_are_merged() {
    let mut app = App::start();
    let team = Team::of(&mut app, 2);
    let path = format!("{}/metadata", team.member(1));
    let first = json!({"public_metadata": {"a": {"x": 1, "y": 2}}, "private_metadata": {"p": 1}});
    app.patch(&path, &first).ok();
    let second =
        json!({"public_metadata": {"a": {"y": null, "z": [0]}}, "private_metadata": {"q": 0}});
    let changed = app.patch(&path, &second).ok().json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (&json!({"a": {"x": 1, "z": [0]}}), &json!({"p": 1, "q": 0}))
    );
    assert_eq!(app.put(&path, &first).errors(), "404 resource_not_found");
}

#[test]
fn null_for_a_kind_that_is_not_meant_changes_nothing() {
    let mut app = App::unrecorded();
    let team = Team::of(&mut app, 2);
    let path = format!("{}/metadata", team.member(1));
    let first = json!({"public_metadata": {"a": 1}, "private_metadata": {"p": 1}});
    app.patch(&path, &first).ok();
    let second = json!({"public_metadata": null, "private_metadata": {"p": null}});
    let changed = app.patch(&path, &second).ok().json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (&json!({"a": 1}), &json!({}))
    );
}

#[test]
fn changes_of_nobody_are_not_found() {
    let mut app = App::start();
    let team = Team::of(&mut app, 1);
    let stranger = app.user("jane@example.com");
    for path in [
        format!("{}/{stranger}", team.path()),
        format!("{}/user_x", team.path()),
        format!("/organizations/org_x/memberships/{stranger}"),
    ] {
        let role = json!({"role": "org:admin"});
        assert_eq!(app.patch(&path, &role).errors(), "404 resource_not_found");
        assert_eq!(app.delete(&path).errors(), "404 resource_not_found");
        let answer = app.patch(&format!("{path}/metadata"), &json!({}));
        assert_eq!(answer.errors(), "404 resource_not_found");
    }
    for (body, errors) in [
        (json!({}), "422 form_param_missing(role)"),
        (json!({"role": "org:none"}), "404 resource_not_found(role)"),
        (
            json!({"role": "org:admin", "x": 1}),
            "422 form_param_unknown(x)",
        ),
    ] {
        assert_eq!(app.patch(&team.member(0), &body).errors(), errors);
    }
}

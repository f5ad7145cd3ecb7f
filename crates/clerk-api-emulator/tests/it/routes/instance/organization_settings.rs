//! `/instance/organization_settings`.

use clerk_api_emulator::Database;
use serde_json::json;

use crate::client::{App, config};

const PATH: &str = "/instance/organization_settings";

#[test]
fn the_settings_are_answered_whole() {
    let mut app = App::start();
    insta::assert_snapshot!(app.get(PATH).ok().pretty());
    let change = json!({"enabled": true, "max_allowed_memberships": 7, "admin_delete_enabled": false,
                        "domains_enabled": false, "slug_disabled": true,
                        "domains_enrollment_modes": ["automatic_suggestion"]});
    let changed = app.patch(PATH, &change).ok();
    insta::assert_snapshot!(changed.pretty());
    assert_eq!(app.get(PATH).ok().json(), changed.json());
    let nulls = json!({"enabled": null, "max_allowed_memberships": null, "slug_disabled": null,
                       "creator_role_id": null});
    assert_eq!(app.patch(PATH, &nulls).ok().json(), changed.json());
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let before = app.get(PATH).ok().json();
    for (body, errors) in [
        (
            json!({"max_allowed_memberships": -1, "slugs_enabled": true}),
            "422 form_param_value_invalid(max_allowed_memberships) form_param_unknown(slugs_enabled)",
        ),
        (
            json!({"domains_enrollment_modes": ["by_magic"]}),
            "422 form_param_value_invalid(domains_enrollment_modes)",
        ),
        (
            json!({"domains_enrollment_modes": null, "slug_disabled": true}),
            "422 form_param_nil(domains_enrollment_modes)",
        ),
        (
            json!({"creator_role_id": "role_x", "slug_disabled": true}),
            "404 resource_not_found",
        ),
    ] {
        assert_eq!(app.patch(PATH, &body).errors(), errors, "{body}");
    }
    assert_eq!(
        app.get(PATH).ok().json(),
        before,
        "a refusal changes nothing"
    );
    app.post("/organizations", &json!({"name": "A", "slug": "a"}))
        .ok();
}

#[test]
fn new_organizations_follow_the_settings_and_old_ones_stay() {
    let mut app = App::start();
    let old = app
        .post("/organizations", &json!({"name": "Old", "slug": "old"}))
        .ok();
    let change =
        json!({"max_allowed_memberships": 2, "admin_delete_enabled": false, "slug_disabled": true});
    app.patch(PATH, &change).ok();
    let new = app
        .post("/organizations", &json!({"name": "New"}))
        .ok()
        .json();
    assert_eq!(
        (
            &new["max_allowed_memberships"],
            &new["admin_delete_enabled"],
            &new["slug"]
        ),
        (&json!(2), &json!(false), &json!(null))
    );
    let own = json!({"name": "Own", "max_allowed_memberships": 0});
    let own = app.post("/organizations", &own).ok().json();
    assert_eq!(own["max_allowed_memberships"], 0);
    let refused = app.post("/organizations", &json!({"name": "A", "slug": "a"}));
    assert_eq!(refused.errors(), "403 organization_slugs_disabled");
    let old = format!("/organizations/{}", old.id());
    let refused = app.patch(&old, &json!({"slug": "new"}));
    assert_eq!(refused.errors(), "403 organization_slugs_disabled");
    let kept = app.get(&old).ok().json();
    assert_eq!(
        (&kept["max_allowed_memberships"], &kept["slug"]),
        (&json!(5), &json!("old"))
    );
    app.patch(PATH, &json!({"slug_disabled": false})).ok();
    app.patch(&old, &json!({"slug": "new"})).ok();
}

#[test]
fn without_organizations_all_about_them_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for database in [
        Database::Memory,
        Database::File(folder.path().join("local.db")),
    ] {
        let mut app = App::with(config(database));
        let user = app.user("jane@example.com");
        let body = json!({"name": "A", "created_by": user});
        let id = app.post("/organizations", &body).ok().id();
        app.patch(PATH, &json!({"enabled": false})).ok();
        let refused = "403 organization_not_enabled_in_instance";
        for path in [
            "/organizations".to_owned(),
            format!("/organizations/{id}"),
            format!("/organizations/{id}/memberships"),
            format!("/organizations/{id}/invitations"),
            "/organization_memberships".to_owned(),
            "/organization_invitations".to_owned(),
        ] {
            assert_eq!(app.get(&path).errors(), refused, "{path}");
        }
        assert_eq!(app.post("/organizations", &body).errors(), refused);
        let path = format!("/organizations/{id}");
        assert_eq!(app.patch(&path, &json!({"name": "B"})).errors(), refused);
        assert_eq!(app.delete(&path).errors(), refused);
        app.get("/users").ok();
        app.patch(PATH, &json!({"enabled": true})).ok();
        assert_eq!(app.get(&path).ok().json()["name"], "A");
    }
}

#[test]
fn roles_are_those_of_the_set_of_new_organizations() {
    let mut app = App::start();
    let roles = app.get("/organization_roles").ok().json();
    let id = |key: &str| {
        let mut all = roles["data"].as_array().expect("roles").iter();
        let role = all.find(|role| role["key"] == key).expect("the role");
        role["id"].as_str().expect("an id").to_owned()
    };
    let (admin, member) = (id("org:admin"), id("org:member"));
    let swapped = app.patch(PATH, &json!({"domains_default_role_id": admin}));
    assert_eq!(swapped.ok().json()["domains_default_role"], "org:admin");
    // A creator must be able to manage what was created.
    let refused = app.patch(PATH, &json!({"creator_role_id": member}));
    assert_eq!(
        refused.errors(),
        "422 organization_missing_creator_role_permissions"
    );
    let owner = json!({"name": "Owner", "key": "org:owner"});
    let owner = app.post("/organization_roles", &owner).ok().id();
    let outside = app.patch(PATH, &json!({"creator_role_id": owner}));
    assert_eq!(
        outside.errors(),
        "422 form_param_value_invalid(creator_role_id)"
    );
    let set = app.get("/role_sets/role_set:default").ok().json();
    assert_eq!(set["default_role"]["key"], "org:admin");
    let shown = app.get(PATH).ok().json();
    assert_eq!(
        (&shown["creator_role"], &shown["initial_role_set_key"]),
        (&json!("org:admin"), &json!("role_set:default"))
    );
}

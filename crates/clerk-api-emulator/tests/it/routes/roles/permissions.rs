//! `/organization_roles/{organization_role_id}/permissions/{permission_id}`.

use serde_json::json;

use super::{PATH, id_of, keys, make, permission};
use crate::client::App;

#[test]
fn permissions_are_given_and_taken_one_by_one() {
    let mut app = App::start();
    let role = make(&mut app, "org:guest", &[]);
    let reads = permission(&mut app, "org:sys_memberships:read");
    let path = format!("{PATH}/{role}/permissions/{reads}");
    let given = app.send("POST", &path, &[], None).ok().json();
    assert_eq!(keys(&given), ["org:sys_memberships:read"]);
    let again = app.send("POST", &path, &[], None);
    assert_eq!(
        again.errors(),
        "409 organization_role_permission_association_exists"
    );
    let taken = app.delete(&path).ok().json();
    assert_eq!(keys(&taken), [""; 0]);
    let again = app.delete(&path);
    assert_eq!(
        again.errors(),
        "404 organization_role_permission_association_not_found"
    );
}

#[test]
fn unknown_roles_and_permissions_are_not_found() {
    let mut app = App::start();
    let reads = permission(&mut app, "org:sys_memberships:read");
    let admin = id_of(&mut app, PATH, "org:admin");
    for path in [
        format!("{PATH}/role_x/permissions/{reads}"),
        format!("{PATH}/{admin}/permissions/perm_x"),
    ] {
        let given = app.send("POST", &path, &[], None);
        assert_eq!(given.errors(), "404 resource_not_found");
        assert_eq!(app.delete(&path).errors(), "404 resource_not_found");
    }
}

#[test]
fn a_creator_keeps_what_creators_need() {
    let mut app = App::start();
    let admin = id_of(&mut app, PATH, "org:admin");
    let code = "422 organization_missing_creator_role_permissions";
    for key in [
        "org:sys_memberships:manage",
        "org:sys_memberships:read",
        "org:sys_profile:delete",
    ] {
        let id = permission(&mut app, key);
        let path = format!("{PATH}/{admin}/permissions/{id}");
        assert_eq!(app.delete(&path).errors(), code, "{key}");
    }
    let path = format!("{PATH}/{admin}");
    assert_eq!(app.patch(&path, &json!({"permissions": []})).errors(), code);
    assert_eq!(keys(&app.get(&path).ok().json()).len(), 9);
}

#[test]
fn a_role_becomes_eligible_with_its_last_permission() {
    let mut app = App::start();
    let role = make(
        &mut app,
        "org:boss",
        &["org:sys_memberships:manage", "org:sys_memberships:read"],
    );
    let path = format!("{PATH}/{role}");
    assert_eq!(app.get(&path).ok().json()["is_creator_eligible"], false);
    let deletes = permission(&mut app, "org:sys_profile:delete");
    let path = format!("{path}/permissions/{deletes}");
    let given = app.send("POST", &path, &[], None).ok().json();
    assert_eq!(given["is_creator_eligible"], true);
    let taken = app.delete(&path).ok().json();
    assert_eq!(taken["is_creator_eligible"], false);
}

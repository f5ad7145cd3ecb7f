//! What roles do for members, for the invited, and for their organizations.

use serde_json::{Value, json};

use super::{PATH, id_of, make, permission};
use crate::client::App;

/// An organization of one administrator.
struct Scene {
    app: App,
    organization: String,
    admin: String,
}

impl Scene {
    fn new() -> Self {
        let mut app = App::start();
        let admin = app.user("admin@example.com");
        let body = json!({"name": "Acme", "created_by": admin});
        let organization = app.post("/organizations", &body).ok().id();
        Self {
            app,
            organization,
            admin,
        }
    }

    fn members(&self) -> String {
        format!("/organizations/{}/memberships", self.organization)
    }

    /// Adds a new user with this role and returns the membership.
    fn add(&mut self, email: &str, role: &str) -> Value {
        let user = self.app.user(email);
        let body = json!({"user_id": user, "role": role});
        self.app.post(&self.members(), &body).ok().json()
    }

    fn invite(&mut self, email: &str, role: &str) -> crate::client::Answer {
        let path = format!("/organizations/{}/invitations", self.organization);
        let body = json!({"email_address": email, "role": role});
        self.app.post(&path, &body)
    }

    fn is_unmanaged(&mut self) -> bool {
        let path = format!(
            "/organizations/{}?include_missing_member_with_elevated_permissions=true",
            self.organization
        );
        let json = self.app.get(&path).ok().json();
        json["missing_member_with_elevated_permissions"] == true
    }
}

#[test]
fn members_show_their_role_as_it_is_now() {
    let mut scene = Scene::new();
    let role = make(&mut scene.app, "org:guest", &["org:sys_domains:read"]);
    let made = scene.add("jane@example.com", "org:guest");
    assert_eq!(made["role"], "org:guest");
    assert_eq!(made["permissions"], json!(["org:sys_domains:read"]));
    let billing = permission(&mut scene.app, "org:sys_billing:read");
    let body = json!({"name": "The \"guest\"", "key": "org:visitor", "permissions": [billing]});
    scene.app.patch(&format!("{PATH}/{role}"), &body).ok();
    let path = format!("{}?role=org:visitor", scene.members());
    let listed = scene.app.get(&path).ok().json();
    assert_eq!(listed["total_count"], 1);
    let mut expected = made;
    expected["role"] = json!("org:visitor");
    expected["role_name"] = json!("The \"guest\"");
    expected["permissions"] = json!(["org:sys_billing:read"]);
    assert_eq!(listed["data"], json!([expected]));
    let both = format!(
        "{}?role=org:visitor&role=org:admin&role=org:guest",
        scene.members()
    );
    assert_eq!(scene.app.get(&both).ok().json()["total_count"], 2);
}

#[test]
fn a_renamed_permission_is_renamed_for_members_and_a_deleted_one_gone() {
    let mut scene = Scene::new();
    let body = json!({"name": "Read invoices", "key": "org:invoices:read"});
    let id = scene.app.post("/organization_permissions", &body).ok().id();
    make(&mut scene.app, "org:clerk", &["org:invoices:read"]);
    let made = scene.add("jane@example.com", "org:clerk");
    assert_eq!(made["permissions"], json!(["org:invoices:read"]));
    let user = made["public_user_data"]["user_id"].as_str().expect("an id");
    let list = format!("{}?user_id={user}", scene.members());
    let path = format!("/organization_permissions/{id}");
    scene
        .app
        .patch(&path, &json!({"key": "org:bills:read"}))
        .ok();
    let now = scene.app.get(&list).ok().json();
    assert_eq!(now["data"][0]["permissions"], json!(["org:bills:read"]));
    scene.app.delete(&path).ok();
    let now = scene.app.get(&list).ok().json();
    assert_eq!(now["data"][0]["permissions"], json!([]));
}

#[test]
fn a_role_must_be_in_the_organization_s_set() {
    let mut scene = Scene::new();
    let body = json!({"name": "Guest", "key": "org:guest"});
    scene.app.post(PATH, &body).ok();
    let refused = "422 form_param_value_invalid(role)";
    let user = scene.app.user("jane@example.com");
    let body = json!({"user_id": user, "role": "org:guest"});
    assert_eq!(scene.app.post(&scene.members(), &body).errors(), refused);
    assert_eq!(
        scene.invite("joe@example.com", "org:guest").errors(),
        refused
    );
    let path = format!("{}/{}", scene.members(), scene.admin);
    let body = json!({"role": "org:guest"});
    assert_eq!(scene.app.patch(&path, &body).errors(), refused);
    let body = json!({"role": "org:nothing"});
    assert_eq!(
        scene.app.patch(&path, &body).errors(),
        "404 resource_not_found(role)"
    );
}

#[test]
fn who_may_manage_counts_and_not_what_the_role_is_called() {
    let mut scene = Scene::new();
    let minimum = [
        "org:sys_memberships:manage",
        "org:sys_memberships:read",
        "org:sys_profile:delete",
    ];
    let boss = make(&mut scene.app, "org:boss", &minimum);
    let path = format!("{}/{}", scene.members(), scene.admin);
    let needed = "400 organization_minimum_permissions_needed";
    assert_eq!(scene.app.delete(&path).errors(), needed);
    scene.app.patch(&path, &json!({"role": "org:boss"})).ok();
    assert_eq!(scene.app.delete(&path).errors(), needed);
    assert!(!scene.is_unmanaged());
    // Without one of the three the boss is nobody special any more.
    let deletes = permission(&mut scene.app, "org:sys_profile:delete");
    let given = format!("{PATH}/{boss}/permissions/{deletes}");
    scene.app.delete(&given).ok();
    assert!(scene.is_unmanaged());
    scene.app.send("POST", &given, &[], None).ok();
    assert!(!scene.is_unmanaged());
    assert_eq!(scene.app.delete(&path).errors(), needed);
    scene.app.delete(&given).ok();
    scene.app.delete(&path).ok();
}

#[test]
fn inviting_needs_the_permission_of_the_moment() {
    let mut scene = Scene::new();
    let role = make(&mut scene.app, "org:host", &[]);
    let host = scene.add("host@example.com", "org:host");
    let path = format!("/organizations/{}/invitations", scene.organization);
    let body = json!({"email_address": "joe@example.com", "role": "org:member",
                      "inviter_user_id": host["public_user_data"]["user_id"]});
    let refused = scene.app.post(&path, &body);
    assert_eq!(refused.errors(), "403 missing_organization_permission");
    let manages = permission(&mut scene.app, "org:sys_memberships:manage");
    let given = format!("{PATH}/{role}/permissions/{manages}");
    scene.app.send("POST", &given, &[], None).ok();
    scene.app.post(&path, &body).ok();
}

#[test]
fn a_role_of_members_or_of_the_invited_cannot_be_deleted() {
    let mut scene = Scene::new();
    let role = make(&mut scene.app, "org:guest", &[]);
    let path = format!("{PATH}/{role}");
    let invited = scene.invite("joe@example.com", "org:guest").ok().json();
    assert_eq!(invited["role"], "org:guest");
    let refused = scene.app.delete(&path);
    assert_eq!(
        refused.errors(),
        "422 organization_role_exists_in_invitations"
    );
    scene.app.patch(&path, &json!({"name": "Visitor"})).ok();
    let one = format!(
        "/organizations/{}/invitations/{}",
        scene.organization,
        invited["id"].as_str().expect("an id")
    );
    assert_eq!(scene.app.get(&one).ok().json()["role_name"], "Visitor");
    let jane = scene.add("jane@example.com", "org:guest");
    let refused = scene.app.delete(&path);
    assert_eq!(refused.errors(), "422 organization_role_assigned_members");
    scene.app.post(&format!("{one}/revoke"), &json!({})).ok();
    let user = jane["public_user_data"]["user_id"].as_str().expect("an id");
    scene
        .app
        .delete(&format!("{}/{user}", scene.members()))
        .ok();
    scene.app.delete(&path).ok();
}

#[test]
fn a_creator_gets_the_role_of_creators() {
    let mut scene = Scene::new();
    let minimum = [
        "org:sys_memberships:manage",
        "org:sys_memberships:read",
        "org:sys_profile:delete",
    ];
    make(&mut scene.app, "org:boss", &minimum);
    let body = json!({"creator_role_key": "org:boss"});
    scene.app.patch("/role_sets/role_set:default", &body).ok();
    let body = json!({"name": "Beta", "created_by": scene.admin});
    let organization = scene.app.post("/organizations", &body).ok().id();
    let path = format!("/organizations/{organization}/memberships");
    let listed = scene.app.get(&path).ok().json();
    assert_eq!(listed["data"][0]["role"], "org:boss");
    let admin = id_of(&mut scene.app, PATH, "org:admin");
    let refused = scene.app.delete(&format!("{PATH}/{admin}"));
    assert_eq!(refused.errors(), "422 organization_role_assigned_members");
}

//! Events of what organizations and the instance are made of: domains, roles, permissions, the waitlist.

use serde_json::{Value, json};

use super::Scene;

#[test]
fn domains_come_change_and_go() {
    let mut scene = Scene::new();
    let (organization, _) = scene.organization();
    let path = format!("/organizations/{organization}/domains");
    let made = scene.app.post(&path, &json!({"name": "acme.test"})).ok();
    assert_eq!(scene.told("organizationDomain.created"), made.json());
    let one = format!("{path}/{}", made.id());
    let change = json!({"enrollment_mode": "automatic_invitation"});
    let changed = scene.app.patch(&one, &change).ok();
    assert_eq!(scene.told("organizationDomain.updated"), changed.json());
    let verify = format!("{one}/verify_ownership");
    let verified = scene.app.post(&verify, &Value::Null).ok();
    assert_eq!(scene.told("organizationDomain.updated"), verified.json());
    let gone = scene.app.delete(&one).ok();
    assert_eq!(scene.told("organizationDomain.deleted"), gone.json());
    // They go with their organization too.
    let made = scene.app.post(&path, &json!({"name": "acme.test"})).ok();
    scene.told("organizationDomain.created");
    let organization = format!("/organizations/{organization}");
    scene.app.delete(&organization).ok();
    let mut told = Vec::new();
    while told.last() != Some(&json!("organization.deleted")) {
        let event = scene.receiver.next().json();
        if event["type"] == "organizationDomain.deleted" {
            assert_eq!(event["data"]["id"], made.id());
        }
        told.push(event["type"].clone());
    }
    assert!(
        told.contains(&json!("organizationDomain.deleted")),
        "{told:?}"
    );
}

#[test]
fn roles_and_permissions_come_change_and_go() {
    let mut scene = Scene::new();
    let body = json!({"name": "Read", "key": "org:docs:read"});
    let permission = scene.app.post("/organization_permissions", &body).ok();
    assert_eq!(scene.told("permission.created"), permission.json());
    let body = json!({"name": "Editor", "key": "org:editor"});
    let role = scene.app.post("/organization_roles", &body).ok();
    assert_eq!(scene.told("role.created"), role.json());
    let path = format!("/organization_roles/{}", role.id());
    let held = format!("{path}/permissions/{}", permission.id());
    let changed = scene.app.post(&held, &Value::Null).ok();
    assert_eq!(scene.told("role.updated"), changed.json());
    // What a role may do is part of it.
    let one = format!("/organization_permissions/{}", permission.id());
    let changed = scene.app.patch(&one, &json!({"name": "Look"})).ok();
    assert_eq!(scene.told("permission.updated"), changed.json());
    let told = scene.told("role.updated");
    assert_eq!(told["permissions"][0]["name"], "Look");
    scene.app.delete(&one).ok();
    assert_eq!(scene.told("permission.deleted")["id"], permission.id());
    assert_eq!(scene.told("role.updated")["permissions"], json!([]));
    let changed = scene.app.patch(&path, &json!({"name": "Author"})).ok();
    assert_eq!(scene.told("role.updated"), changed.json());
    scene.app.delete(&path).ok();
    let told = scene.told("role.deleted");
    assert_eq!(
        (&told["id"], &told["name"]),
        (&role.json()["id"], &json!("Author"))
    );
}

#[test]
fn those_who_wait_are_told_of_until_they_have_come() {
    let mut scene = Scene::new();
    let mut wait = |email: &str| {
        let body = json!({"email_address": email, "notify": false});
        let made = scene.app.post("/waitlist_entries", &body).ok();
        assert_eq!(scene.told("waitlistEntry.created"), made.json());
        format!("/waitlist_entries/{}", made.id())
    };
    let (one, two) = (wait("a@example.com"), wait("b@example.com"));
    let rejected = scene.app.post(&format!("{one}/reject"), &Value::Null).ok();
    assert_eq!(scene.told("waitlistEntry.updated"), rejected.json());
    let invited = scene.app.post(&format!("{two}/invite"), &Value::Null).ok();
    assert_eq!(scene.told("email.created")["slug"], "waitlist_invitation");
    assert_eq!(scene.told("waitlistEntry.updated"), invited.json());
    let url = invited.json()["invitation"]["url"].clone();
    let url = url.as_str().expect("a link");
    let ticket = url.split_once('=').expect("a ticket").1;
    let accept = format!("/tickets/{ticket}/accept");
    scene.app.control("POST", &accept, None).ok();
    scene.told("user.created");
    let told = scene.told("waitlistEntry.updated");
    assert_eq!(told["status"], "completed");
}

//! `GET` one invitation of an organization, and revoking it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Scene;

#[test]
fn an_invitation_is_found_only_in_its_organization() {
    let mut scene = Scene::new();
    let [id] = scene.invited(["a@example.com"]);
    let other = scene
        .app
        .post("/organizations", &json!({"name": "Other"}))
        .ok()
        .id();
    for path in [
        format!("{}/orginv_x", scene.path),
        format!("/organizations/org_x/invitations/{id}"),
        format!("/organizations/{other}/invitations/{id}"),
    ] {
        assert_eq!(scene.app.get(&path).errors(), "404 resource_not_found");
        let revoke = format!("{path}/revoke");
        assert_eq!(
            scene.app.post(&revoke, &Value::Null).errors(),
            "404 resource_not_found"
        );
    }
}

#[test]
fn a_revoked_invitation_says_so_and_has_no_link() {
    let mut scene = Scene::new();
    let body = json!({"email_address": "a@example.com", "role": "org:member", "inviter_user_id": scene.admin});
    let made = scene.app.post(&scene.path, &body).ok();
    let one = format!("{}/{}", scene.path, made.id());
    let revoke = format!("{one}/revoke");
    let requester = json!({"requesting_user_id": scene.admin});
    let revoked = scene.app.post(&revoke, &requester).ok().json();
    let mut expected = made.json();
    expected["status"] = json!("revoked");
    expected["url"] = Value::Null;
    expected["updated_at"] = revoked["updated_at"].clone();
    assert_eq!(revoked, expected);
    assert_eq!(scene.app.get(&one).ok().json(), expected);
    assert_eq!(
        scene.app.post(&revoke, &json!({})).errors(),
        "404 organization_invitation_not_pending"
    );
}

#[test]
fn who_asks_for_a_revocation_must_be_a_member_who_may() {
    let mut scene = Scene::new();
    let [id] = scene.invited(["a@example.com"]);
    let stranger = scene.app.user("stranger@example.com");
    let member = scene.member("member@example.com");
    let path = format!("{}/{id}/revoke", scene.path);
    for (user, errors) in [
        (stranger, "403 not_a_member_in_organization"),
        (member, "403 missing_organization_permission"),
    ] {
        let body = json!({"requesting_user_id": user});
        assert_eq!(scene.app.post(&path, &body).errors(), errors);
    }
    scene.app.send("POST", &path, &[], None).ok();
}

#[test]
fn an_invitation_expires_by_itself() {
    let mut scene = Scene::new();
    let [id] = scene.invited(["a@example.com"]);
    let one = format!("{}/{id}", scene.path);
    let mut expected = scene.app.get(&one).ok().json();
    scene.clock.advance(Duration::from_secs(30 * 24 * 60 * 60));
    expected["status"] = json!("expired");
    expected["url"] = Value::Null;
    assert_eq!(scene.app.get(&one).ok().json(), expected);
    assert_eq!(
        scene
            .app
            .post(&format!("{one}/revoke"), &json!({}))
            .errors(),
        "404 organization_invitation_not_pending"
    );
    let listed = scene.app.get(&format!("{}?status=expired", scene.path));
    assert_eq!(listed.ok().json()["data"], json!([expected]));
}

#[test]
fn the_inviter_is_shown_as_they_are_now() {
    let mut scene = Scene::new();
    let body = json!({"email_address": "a@example.com", "role": "org:member", "inviter_user_id": scene.admin});
    let one = format!(
        "{}/{}",
        scene.path,
        scene.app.post(&scene.path, &body).ok().id()
    );
    let user = format!("/users/{}", scene.admin);
    scene.app.patch(&user, &json!({"first_name": "Ada"})).ok();
    assert_eq!(
        scene.app.get(&one).json()["public_inviter_data"]["first_name"],
        "Ada"
    );
    scene.app.delete(&user).ok();
    let invitation = scene.app.get(&one).ok().json();
    assert_eq!(invitation["inviter_id"], scene.admin);
    assert_eq!(invitation["public_inviter_data"], Value::Null);
}

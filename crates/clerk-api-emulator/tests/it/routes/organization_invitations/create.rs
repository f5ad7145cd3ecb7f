//! `POST /organizations/{organization_id}/invitations` and its bulk form.

use std::time::Duration;

use serde_json::{Value, json};

use super::Scene;

#[test]
fn an_invitation_is_answered_whole() {
    let mut scene = Scene::new();
    let body = json!({"email_address": "Jane@Example.com", "role": "org:admin", "inviter_user_id": scene.admin,
                      "public_metadata": {"public_inviter_data": null}, "private_metadata": {"z": 1, "a": [1.50]},
                      "redirect_url": "https://example.com", "expires_in_days": 365, "notify": false, "new": 1});
    let made = scene.app.post(&scene.path, &body).ok();
    insta::assert_snapshot!(made.pretty());
    let one = format!("{}/{}", scene.path, made.id());
    assert_eq!(scene.app.get(&one).ok().json(), made.json());
}

#[test]
fn an_invitation_needs_no_inviter() {
    let mut scene = Scene::new();
    let body =
        json!({"email_address": "jane@example.com", "role": "org:member", "inviter_user_id": null});
    insta::assert_snapshot!(scene.app.post(&scene.path, &body).ok().pretty());
}

#[test]
fn bodies_are_checked() {
    let mut scene = Scene::new();
    let cases = [
        (
            json!({}),
            "422 form_param_missing(email_address) form_param_missing(role)",
        ),
        (
            json!({"email_address": "nowhere", "role": null}),
            "422 form_param_format_invalid(email_address) form_param_nil(role)",
        ),
        (
            json!({"email_address": "a@example.com", "role": "org:member", "expires_in_days": 366, "redirect_url": "x"}),
            "422 form_param_value_invalid(expires_in_days) form_param_format_invalid(redirect_url)",
        ),
        (
            json!({"email_address": "a@example.com", "role": "admin"}),
            "404 resource_not_found(role)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(
            scene.app.post(&scene.path, &body).errors(),
            errors,
            "{body}"
        );
    }
    let body = json!({"email_address": "a@example.com", "role": "org:member"});
    let unknown = scene.app.post("/organizations/org_x/invitations", &body);
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn an_inviter_must_be_a_member_who_may_invite() {
    let mut scene = Scene::new();
    let stranger = scene.app.user("stranger@example.com");
    let member = scene.member("member@example.com");
    let cases = [
        ("user_x".to_owned(), "404 resource_not_found"),
        (stranger, "403 not_a_member_in_organization"),
        (member, "403 missing_organization_permission"),
    ];
    for (inviter, errors) in cases {
        let body = json!({"email_address": "a@example.com", "role": "org:member", "inviter_user_id": inviter});
        let refused = scene.app.post(&scene.path, &body);
        assert_eq!(refused.errors(), errors);
        if errors.contains("permission") {
            assert_eq!(
                refused.json()["errors"][0]["meta"]["permissions"],
                json!(["org:sys_memberships:manage"])
            );
        }
    }
}

#[test]
fn nobody_is_invited_twice_or_as_a_member() {
    let mut scene = Scene::new();
    scene.invited(["a@example.com"]);
    let body = |email: &str| json!({"email_address": email, "role": "org:member"});
    let twice = scene.app.post(&scene.path, &body("A@example.com"));
    assert_eq!(twice.errors(), "400 organization_invitation_not_unique");
    assert_eq!(
        twice.json()["errors"][0]["meta"]["email_addresses"],
        json!(["a@example.com"])
    );
    let member = scene.app.post(&scene.path, &body("Admin@example.com"));
    assert_eq!(member.errors(), "400 already_a_member_in_organization");
    // Another organization is another matter, and so is an invitation that has expired.
    let other = scene
        .app
        .post("/organizations", &json!({"name": "Other"}))
        .ok()
        .id();
    let path = format!("/organizations/{other}/invitations");
    scene.app.post(&path, &body("a@example.com")).ok();
    scene.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    scene.app.post(&scene.path, &body("a@example.com")).ok();
}

#[test]
fn pending_invitations_take_room() {
    let mut scene = Scene::new();
    let path = format!("/organizations/{}", scene.organization);
    scene
        .app
        .patch(&path, &json!({"max_allowed_memberships": 3}))
        .ok();
    let [first, _] = scene.invited(["a@example.com", "b@example.com"]);
    let third = json!({"email_address": "c@example.com", "role": "org:member"});
    assert_eq!(
        scene.app.post(&scene.path, &third).errors(),
        "403 organization_membership_quota_exceeded"
    );
    scene.revoke(&first);
    scene.app.post(&scene.path, &third).ok();
    scene.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    let bulk = ["d@example.com", "e@example.com", "f@example.com"]
        .map(|email| json!({"email_address": email, "role": "org:member"}));
    let path = format!("{}/bulk", scene.path);
    assert_eq!(
        scene.app.post(&path, &json!(bulk)).errors(),
        "403 organization_membership_quota_exceeded"
    );
    scene.app.post(&path, &json!(bulk[..2])).ok();
}

#[test]
fn a_bulk_is_answered_in_an_envelope() {
    let mut scene = Scene::new();
    let items: Vec<Value> = (0..10)
        .map(|n| json!({"email_address": format!("u{n}@example.com"), "role": "org:member", "inviter_user_id": scene.admin}))
        .collect();
    let made = scene
        .app
        .post(&format!("{}/bulk", scene.path), &json!(items))
        .ok();
    assert_eq!(made.json()["total_count"], 10);
    assert_eq!(made.json()["data"][9]["email_address"], "u9@example.com");
    let listed = scene
        .app
        .get(&format!("{}?order_by=created_at", scene.path));
    assert_eq!(listed.json(), made.json());
}

#[test]
fn a_bulk_with_a_bad_item_stores_nothing() {
    let mut scene = Scene::new();
    let item = |email: &str| json!({"email_address": email, "role": "org:member"});
    let cases = [
        (
            json!(["a@example.com", "A@example.com"].map(item)),
            "400 organization_invitation_not_unique",
        ),
        (
            json!(["a@example.com", "admin@example.com"].map(item)),
            "400 already_a_member_in_organization",
        ),
        (
            json!([item("a@example.com"), {"email_address": "b@example.com", "role": "owner"}]),
            "404 resource_not_found(role)",
        ),
        (
            json!(vec![item("a@example.com"); 11]),
            "400 bulk_size_exceeded",
        ),
        (json!([]), "400 request_body_invalid"),
    ];
    let path = format!("{}/bulk", scene.path);
    for (body, errors) in cases {
        assert_eq!(scene.app.post(&path, &body).errors(), errors, "{body}");
    }
    let unknown = scene.app.post(
        "/organizations/org_x/invitations/bulk",
        &json!([item("a@example.com")]),
    );
    assert_eq!(unknown.errors(), "404 resource_not_found");
    assert_eq!(scene.app.get(&scene.path).json()["total_count"], 0);
}

//! Making, changing and deleting.

use serde_json::json;

use super::{Scene, organization};

#[test]
fn a_domain_is_answered_whole_and_verified_by_default() {
    let mut scene = Scene::new();
    let body = json!({"name": "Example.COM", "enrollment_mode": "automatic_suggestion"});
    let made = scene.post(&body).ok();
    insta::assert_snapshot!(made.pretty());
    let path = scene.path.clone();
    let listed = scene.app.get(&path).ok().json();
    assert_eq!(listed, json!({"data": [made.json()], "total_count": 1}));
}

#[test]
fn an_unverified_domain_becomes_verified_and_back() {
    let mut scene = Scene::new();
    let body = json!({"name": "example.com", "verified": false});
    let made = scene.post(&body).ok().json();
    assert_eq!(made["affiliation_verification"], json!(null));
    assert_eq!(made["enrollment_mode"], "manual_invitation");
    let path = format!("{}/{}", scene.path, made["id"].as_str().expect("an id"));
    let body = json!({"verified": true, "enrollment_mode": "enterprise_sso"});
    let changed = scene.app.patch(&path, &body).ok().json();
    assert_eq!(changed["verification"]["status"], "verified");
    assert_eq!(changed["verification"], changed["affiliation_verification"]);
    assert_eq!(changed["enrollment_mode"], "enterprise_sso");
    let nothing = json!({"verified": null, "enrollment_mode": null});
    let same = scene.app.patch(&path, &nothing).ok().json();
    assert_eq!(same["verification"]["status"], "verified");
    assert_eq!(same["enrollment_mode"], "enterprise_sso");
    let changed = scene
        .app
        .patch(&path, &json!({"verified": false}))
        .ok()
        .json();
    assert_eq!(changed["verification"], json!(null));
}

#[test]
fn ownership_is_verified_once() {
    let mut scene = Scene::new();
    let id = scene.add("example.com");
    let path = format!("{}/{id}/verify_ownership", scene.path);
    let verified = scene.app.send("POST", &path, &[], None).ok();
    let proof = verified.json()["ownership_verification"].clone();
    assert_eq!(proof["status"], "verified");
    assert_eq!(proof["strategy"], "manual_override");
    assert!(proof["verified_at"].is_number());
    let again = scene.app.send("POST", &path, &[], None).ok();
    assert_eq!(again.text, verified.text);
}

#[test]
fn what_cannot_be_a_domain_is_refused() {
    let mut scene = Scene::new();
    scene.add("example.com");
    let cases = [
        (json!({}), "422 form_param_missing(name)"),
        (
            json!({"name": "example", "enrollment_mode": "any", "x": 1}),
            "422 form_param_format_invalid(name) form_param_value_invalid(enrollment_mode) form_param_unknown(x)",
        ),
        (
            json!({"name": "Gmail.com"}),
            "422 organization_domain_common(name)",
        ),
        (
            json!({"name": "yopmail.com"}),
            "422 organization_domain_blocked(name)",
        ),
        (
            json!({"name": "EXAMPLE.com."}),
            "422 organization_domain_already_exists(name)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(scene.post(&body).errors(), errors, "{body}");
    }
    let unknown = scene
        .app
        .post("/organizations/org_x/domains", &json!({"name": "a.com"}));
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn a_verified_domain_belongs_to_one_organization() {
    let mut scene = Scene::new();
    let other = organization(&mut scene.app, "Beta");
    let others = format!("/organizations/{other}/domains");
    let body = json!({"name": "example.com", "verified": false});
    let theirs = scene.app.post(&others, &body).ok().id();
    let ours = scene.add("example.com");
    let body = json!({"verified": true});
    let refused = scene.app.patch(&format!("{others}/{theirs}"), &body);
    assert_eq!(
        refused.errors(),
        "422 organization_domain_already_exists(verified)"
    );
    let third = organization(&mut scene.app, "Gamma");
    let third = format!("/organizations/{third}/domains");
    let body = json!({"name": "example.com", "verified": false});
    let refused = scene.app.post(&third, &body);
    assert_eq!(
        refused.errors(),
        "422 organization_domain_already_exists(name)"
    );
    scene.app.delete(&format!("{}/{ours}", scene.path)).ok();
    scene
        .app
        .patch(&format!("{others}/{theirs}"), &json!({"verified": true}))
        .ok();
}

#[test]
fn a_domain_is_deleted_alone_or_with_its_organization() {
    let mut scene = Scene::new();
    let id = scene.add("example.com");
    let path = format!("{}/{id}", scene.path);
    let other = organization(&mut scene.app, "Beta");
    let elsewhere = format!("/organizations/{other}/domains/{id}");
    assert_eq!(
        scene.app.delete(&elsewhere).errors(),
        "404 resource_not_found"
    );
    let gone = scene.app.delete(&path).ok().json();
    let expected = json!({"object": "organization_domain", "id": id, "deleted": true});
    assert_eq!(gone, expected);
    for answer in [
        scene.app.delete(&path),
        scene.app.patch(&path, &json!({})),
        scene
            .app
            .send("POST", &format!("{path}/verify_ownership"), &[], None),
    ] {
        assert_eq!(answer.errors(), "404 resource_not_found");
    }
    scene.add("example.com");
    let organization = format!("/organizations/{}", scene.organization);
    scene.app.delete(&organization).ok();
    let all = scene.app.get("/organization_domains").ok().json();
    assert_eq!(all, json!({"data": [], "total_count": 0}));
}

#[test]
fn there_is_room_for_ten() {
    let mut scene = Scene::new();
    for n in 0..10 {
        scene.add(&format!("n{n}.example.com"));
    }
    let over = scene.post(&json!({"name": "over.example.com"}));
    assert_eq!(over.errors(), "403 organization_domain_quota_exceeded");
}

#[test]
fn the_settings_decide_whether_there_are_domains_and_on_their_modes() {
    let mut scene = Scene::new();
    let settings = "/instance/organization_settings";
    let modes = json!({"domains_enrollment_modes": ["manual_invitation"]});
    scene.app.patch(settings, &modes).ok();
    let mode = "automatic_invitation";
    let refused = scene.post(&json!({"name": "a.example", "enrollment_mode": mode}));
    let code = "403 organization_domain_enrollment_mode_not_enabled";
    assert_eq!(refused.errors(), code);
    let id = scene.add("a.example");
    let path = format!("{}/{id}", scene.path);
    let refused = scene.app.patch(&path, &json!({"enrollment_mode": mode}));
    assert_eq!(refused.errors(), code);
    scene
        .app
        .patch(&path, &json!({"enrollment_mode": "enterprise_sso"}))
        .ok();
    scene
        .app
        .patch(settings, &json!({"domains_enabled": false}))
        .ok();
    let refused = scene.post(&json!({"name": "b.example"}));
    assert_eq!(refused.errors(), "403 organization_domains_not_enabled");
    scene.app.delete(&path).ok();
    scene.app.patch(settings, &json!({"enabled": false})).ok();
    let refused = scene.app.get("/organization_domains");
    assert_eq!(refused.errors(), "403 organization_not_enabled_in_instance");
}

//! `POST /organizations/{organization_id}/memberships`.

use serde_json::json;

use super::members::Team;
use crate::client::App;

#[test]
fn a_new_member_is_answered_whole() {
    let mut app = App::start();
    let team = Team::of(&mut app, 1);
    let user = app
        .post(
            "/users",
            &json!({"email_address": ["jane@example.com"], "first_name": "Jane", "banned": true}),
        )
        .ok()
        .id();
    let body = json!({"user_id": user, "role": "org:member", "public_metadata": {"created_at": 0},
                      "private_metadata": {"x": ",\"created_at\":"}});
    let made = app.post(&team.path(), &body).ok();
    insta::assert_snapshot!(made.pretty());
    let listed = app
        .get(&format!("{}?user_id={user}", team.path()))
        .ok()
        .json();
    assert_eq!(listed["data"], json!([made.json()]));
}

#[test]
fn an_admin_has_every_permission() {
    let mut app = App::start();
    let team = Team::of(&mut app, 1);
    let user = app.user("jane@example.com");
    let body = json!({"user_id": user, "role": "org:admin", "public_metadata": null, "private_metadata": null});
    let made = app.post(&team.path(), &body).ok().json();
    assert_eq!(made["role_name"], "Admin");
    assert_eq!(made["permissions"].as_array().expect("a list").len(), 9);
}

#[test]
fn what_cannot_be_added_is_refused() {
    let mut app = App::start();
    let team = Team::of(&mut app, 1);
    let user = app.user("jane@example.com");
    let cases = [
        (
            json!({}),
            "422 form_param_missing(user_id) form_param_missing(role)",
        ),
        (
            json!({"user_id": user, "role": "org:member", "public_metadata": [], "admin": true}),
            "422 form_param_type_invalid(public_metadata) form_param_unknown(admin)",
        ),
        (
            json!({"user_id": user, "role": "admin"}),
            "404 resource_not_found(role)",
        ),
        (
            json!({"user_id": "user_x", "role": "org:member"}),
            "404 resource_not_found",
        ),
        (
            json!({"user_id": team.users[0], "role": "org:member"}),
            "400 already_a_member_in_organization",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(&team.path(), &body).errors(), errors, "{body}");
    }
    let body = json!({"user_id": user, "role": "org:member"});
    let answer = app.post("/organizations/org_x/memberships", &body);
    assert_eq!(answer.errors(), "404 resource_not_found");
    assert_eq!(app.get(&team.path()).json()["total_count"], 1);
}

#[test]
fn a_full_organization_takes_nobody_until_its_limit_is_raised() {
    let mut app = App::start();
    let team = Team::of(&mut app, 5);
    let user = app.user("jane@example.com");
    let body = json!({"user_id": user, "role": "org:member"});
    let full = app.post(&team.path(), &body);
    assert_eq!(
        full.errors(),
        "403 organization_membership_quota_exceeded",
        "five is the limit of a new instance"
    );
    let path = format!("/organizations/{}", team.organization);
    app.patch(&path, &json!({"max_allowed_memberships": 0}))
        .ok();
    app.post(&team.path(), &body).ok();
}

#[test]
fn pending_invitations_take_room_until_they_are_revoked() {
    let mut app = App::start();
    let team = Team::of(&mut app, 1);
    let path = format!("/organizations/{}", team.organization);
    app.patch(&path, &json!({"max_allowed_memberships": 2}))
        .ok();
    let invitation = json!({"email_address": "joe@example.com", "role": "org:member"});
    let invited = app.post(&format!("{path}/invitations"), &invitation).ok();
    let counted = app.get(&format!("{path}?include_members_count=true")).ok();
    assert_eq!(counted.json()["pending_invitations_count"], 1);
    let body = json!({"user_id": app.user("jane@example.com"), "role": "org:member"});
    let full = app.post(&team.path(), &body);
    assert_eq!(full.errors(), "403 organization_membership_quota_exceeded");
    let revoke = format!("{path}/invitations/{}/revoke", invited.id());
    app.post(&revoke, &json!({})).ok();
    app.post(&team.path(), &body).ok();
    let counted = app.get(&format!("{path}?include_members_count=true")).ok();
    assert_eq!(counted.json()["pending_invitations_count"], 0);
}

//! `GET`, `PATCH` and `DELETE /organizations/{organization_id}`.

use serde_json::json;

use crate::client::App;

#[test]
fn an_unknown_organization_is_not_found() {
    let mut app = App::start();
    let answer = app.get("/organizations/org_x");
    assert_eq!(answer.errors(), "404 resource_not_found");
    assert_eq!(
        answer.json()["errors"][0]["long_message"],
        "Given organization not found."
    );
    for id in ["acme", "org_%2F..%2F", "-"] {
        let answer = app.get(&format!("/organizations/{id}"));
        assert_eq!(answer.errors(), "404 resource_not_found", "{id}");
    }
    let path = "/organizations/org_x";
    assert_eq!(
        app.patch(path, &json!({})).errors(),
        "404 resource_not_found"
    );
    assert_eq!(app.delete(path).errors(), "404 resource_not_found");
}

#[test]
fn a_slug_finds_an_organization_but_changes_none() {
    let mut app = App::start();
    let id = app
        .post("/organizations", &json!({"name": "Acme", "slug": "acme-1"}))
        .ok()
        .id();
    assert_eq!(app.get("/organizations/acme-1").ok().id(), id);
    let changed = app.patch("/organizations/acme-1", &json!({"name": "B"}));
    assert_eq!(changed.errors(), "404 resource_not_found");
    assert_eq!(
        app.delete("/organizations/acme-1").errors(),
        "404 resource_not_found"
    );
    assert_eq!(
        app.get("/organizations/acme-1/memberships").errors(),
        "404 resource_not_found"
    );
}

#[test]
fn counts_are_there_when_asked_for() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let full = app
        .post(
            "/organizations",
            &json!({"name": "Full", "created_by": user}),
        )
        .ok()
        .id();
    let empty = app
        .post("/organizations", &json!({"name": "Empty"}))
        .ok()
        .id();
    let plain = app.get(&format!("/organizations/{full}")).ok().json();
    assert!(plain.get("members_count").is_none());
    let asked = app
        .get(&format!("/organizations/{full}?include_members_count=true"))
        .ok()
        .json();
    assert_eq!(
        (&asked["members_count"], &asked["pending_invitations_count"]),
        (&json!(1), &json!(0))
    );
    assert!(
        asked
            .get("missing_member_with_elevated_permissions")
            .is_none()
    );
    for (id, missing) in [(full, false), (empty, true)] {
        let path =
            format!("/organizations/{id}?include_missing_member_with_elevated_permissions=true");
        let asked = app.get(&path).ok().json();
        assert_eq!(asked["missing_member_with_elevated_permissions"], missing);
        assert!(asked.get("members_count").is_none());
    }
    let bad = app.get("/organizations/acme?include_members_count=yes");
    assert_eq!(
        bad.errors(),
        "422 form_param_value_invalid(include_members_count)"
    );
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let mut app = App::start();
    let body = json!({"name": "Acme", "slug": "acme", "public_metadata": {"kept": 1}});
    let made = app.post("/organizations", &body).ok();
    let path = format!("/organizations/{}", made.id());
    let body = json!({"name": "Zeta", "slug": "zeta", "max_allowed_memberships": 0, "admin_delete_enabled": false,
                      "created_at": "2020-01-01T00:00:00Z"});
    let changed = app.patch(&path, &body).ok().json();
    let mut expected = made.json();
    for field in [
        "name",
        "slug",
        "max_allowed_memberships",
        "admin_delete_enabled",
    ] {
        expected[field] = body[field].clone();
    }
    expected["created_at"] = json!(1_577_836_800_000_i64);
    expected["updated_at"] = changed["updated_at"].clone();
    expected["image_url"] = changed["image_url"].clone();
    assert_eq!(changed, expected);
    assert!(changed["updated_at"].as_i64() > made.json()["updated_at"].as_i64());
    assert_ne!(
        changed["image_url"],
        made.json()["image_url"],
        "the placeholder shows the initial"
    );
    let nulls = json!({"name": null, "slug": null, "max_allowed_memberships": null, "admin_delete_enabled": null});
    let mut same = app.patch(&path, &nulls).ok().json();
    same["updated_at"] = changed["updated_at"].clone();
    assert_eq!(same, changed, "null changes nothing");
    assert_eq!(app.get("/organizations/zeta").ok().id(), made.id());
    assert_eq!(
        app.get("/organizations/acme").errors(),
        "404 resource_not_found"
    );
}

#[test]
fn an_update_is_checked_like_a_creation() {
    let mut app = App::start();
    app.post("/organizations", &json!({"name": "A", "slug": "taken"}))
        .ok();
    let mine = app
        .post("/organizations", &json!({"name": "B", "slug": "mine"}))
        .ok()
        .id();
    let path = format!("/organizations/{mine}");
    let cases = [
        (json!({"slug": "taken"}), "422 form_identifier_exists(slug)"),
        (
            json!({"slug": "", "name": "<p>"}),
            "422 form_param_value_invalid(name) form_param_format_invalid(slug)",
        ),
        (
            json!({"max_allowed_memberships": -1}),
            "422 form_param_value_invalid(max_allowed_memberships)",
        ),
        (
            json!({"created_by": "user_1"}),
            "422 form_param_unknown(created_by)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.patch(&path, &body).errors(), errors, "{body}");
    }
    // Its own slug is not taken.
    app.patch(&path, &json!({"slug": "mine"})).ok();
}

#[test]
fn metadata_is_refused_by_the_newest_version_and_replaced_by_older_ones() {
    let mut app = App::start();
    let body = json!({"name": "A", "public_metadata": {"a": 1}, "private_metadata": {"p": 1}});
    let path = format!(
        "/organizations/{}",
        app.post("/organizations", &body).ok().id()
    );
    let change = json!({"public_metadata": {"c": 3}});
    assert_eq!(
        app.patch(&path, &change).errors(),
        "422 form_param_deprecated(public_metadata)"
    );
    let old = [("clerk-api-version", "2025-11-10")];
    let changed = app
        .send("PATCH", &path, &old, Some(change.to_string().as_bytes()))
        .ok()
        .json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (&json!({"c": 3}), &json!({"p": 1}))
    );
}

#[test]
fn a_deleted_organization_takes_everything_along() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let body = json!({"name": "Acme", "slug": "acme", "created_by": user});
    let id = app.post("/organizations", &body).ok().id();
    let other = json!({"name": "Other", "created_by": user});
    let other = app.post("/organizations", &other).ok().id();
    let path = format!("/organizations/{id}");
    for email in ["a@example.com", "b@example.com"] {
        let invitation = json!({"email_address": email, "role": "org:member"});
        app.post(&format!("{path}/invitations"), &invitation).ok();
    }
    let gone = app.send("DELETE", &path, &[], Some(b"null")).ok();
    assert_eq!(
        gone.json(),
        json!({"object": "organization", "id": id, "slug": "acme", "deleted": true})
    );
    assert_eq!(app.delete(&path).errors(), "404 resource_not_found");
    assert_eq!(app.get("/organizations").ok().ids().join(","), other);
    assert_eq!(
        app.get("/organizations?query=acme").json()["total_count"],
        0
    );
    assert_eq!(
        app.get("/organization_memberships").json()["total_count"],
        1
    );
    for query in ["", "?status=pending", "?query=example"] {
        let left = app.get(&format!("/organization_invitations{query}"));
        assert_eq!(left.ok().json()["total_count"], 0, "{query}");
    }
    let left = app
        .get(&format!("/users/{user}/organization_memberships"))
        .ok()
        .json();
    assert_eq!(left["total_count"], 1);
    assert_eq!(left["data"][0]["organization"]["id"], other);
    // The slug is free again.
    app.post("/organizations", &body).ok();
}

//! The lists of invitations to organizations: of one, of all, of a user.

use serde_json::json;

use super::Scene;

#[test]
fn the_list_of_an_organization_is_filtered_and_ordered() {
    let mut scene = Scene::new();
    let [a, c, b] = scene.invited(["a+1@example.com", "c@example.com", "b@example.com"]);
    scene.revoke(&c);
    let cases = [
        ("", vec![&b, &c, &a]),
        ("status=pending", vec![&b, &a]),
        ("status=revoked", vec![&c]),
        ("status=accepted", vec![]),
        ("email_address=A%2B1@example.com", vec![&a]),
        ("email_address=a", vec![]),
        ("email_address=c@example.com&status=pending", vec![]),
        ("order_by=created_at", vec![&a, &c, &b]),
        ("order_by=email_address", vec![&a, &b, &c]),
        ("order_by=-email_address&status=pending", vec![&b, &a]),
    ];
    for (query, expected) in cases {
        let found = scene.app.get(&format!("{}?{query}", scene.path)).ok();
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(found.ids(), expected, "{query}");
        assert_eq!(found.json()["total_count"], expected.len(), "{query}");
    }
    let page = scene
        .app
        .get(&format!("{}?limit=1&offset=1", scene.path))
        .ok();
    assert_eq!(
        (page.ids(), &page.json()["total_count"]),
        (vec![c], &json!(3))
    );
    for query in ["status=lost", "order_by=expires_at", "limit=501"] {
        let refused = scene.app.get(&format!("{}?{query}", scene.path)).errors();
        assert!(
            refused.starts_with("422 form_param_value_invalid("),
            "{refused}"
        );
    }
    assert_eq!(
        scene.app.get("/organizations/org_x/invitations").errors(),
        "404 resource_not_found"
    );
}

#[test]
fn the_old_list_of_pending_ones_knows_only_pages() {
    let mut scene = Scene::new();
    let [a, b, c] = scene.invited(["a@example.com", "b@example.com", "c@example.com"]);
    scene.revoke(&b);
    let path = format!("{}/pending", scene.path);
    let found = scene.app.get(&path).ok();
    assert_eq!(found.ids(), [c, a.clone()]);
    let page = scene.app.get(&format!("{path}?limit=1&offset=1")).ok();
    assert_eq!(
        (page.ids(), &page.json()["total_count"]),
        (vec![a], &json!(2))
    );
    assert_eq!(
        scene
            .app
            .get("/organizations/org_x/invitations/pending")
            .errors(),
        "404 resource_not_found"
    );
}

#[test]
fn the_list_of_all_names_the_organizations() {
    let mut scene = Scene::new();
    let [a, b] = scene.invited(["jane@example.com", "bo@other.org"]);
    let other = scene
        .app
        .post("/organizations", &json!({"name": "Other"}))
        .ok()
        .id();
    let body = json!({"email_address": "jane@example.com", "role": "org:admin"});
    let path = format!("/organizations/{other}/invitations");
    let c = scene.app.post(&path, &body).ok().id();
    scene.revoke(&b);
    insta::assert_snapshot!(
        scene
            .app
            .get("/organization_invitations?limit=1")
            .ok()
            .pretty()
    );
    let cases = [
        ("", vec![&c, &b, &a]),
        ("order_by=email_address&status=pending", vec![&a, &c]),
        ("status=revoked", vec![&b]),
        ("query=JANE@", vec![&c, &a]),
        ("query=jane&status=revoked", vec![]),
        ("query=b", vec![&b]),
        ("query=orginv", vec![]),
    ];
    for (query, expected) in cases {
        let found = scene
            .app
            .get(&format!("/organization_invitations?{query}"))
            .ok();
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(found.ids(), expected, "{query}");
        assert_eq!(found.json()["total_count"], expected.len(), "{query}");
    }
}

#[test]
fn the_list_of_a_user_is_of_their_proven_addresses() {
    let mut scene = Scene::new();
    let [a, _, c] = scene.invited([
        "jane@example.com",
        "jane.reserved@example.com",
        "jane@other.org",
    ]);
    scene.revoke(&c);
    let body = json!({"email_address": ["jane@example.com", "jane.reserved@example.com", "Jane@other.org"],
                      "email_address_identification_status": ["verified", "reserved", "verified"]});
    let user = scene.app.post("/users", &body).ok().id();
    let path = format!("/users/{user}/organization_invitations");
    let found = scene.app.get(&path).ok();
    assert_eq!(found.ids(), [c, a.clone()]);
    assert_eq!(
        found.json()["data"][0]["public_organization_data"]["id"],
        scene.organization
    );
    let pending = scene
        .app
        .get(&format!("{path}?status=pending&limit=1"))
        .ok();
    assert_eq!(
        (pending.ids(), &pending.json()["total_count"]),
        (vec![a], &json!(1))
    );
    let nameless = scene
        .app
        .post("/users", &json!({"username": "nameless"}))
        .ok()
        .id();
    let none = scene
        .app
        .get(&format!("/users/{nameless}/organization_invitations"));
    assert_eq!(none.ok().json(), json!({"data": [], "total_count": 0}));
    assert_eq!(
        scene
            .app
            .get("/users/user_x/organization_invitations")
            .errors(),
        "404 resource_not_found"
    );
}

#[test]
fn an_organization_takes_its_invitations_with_it() {
    let mut scene = Scene::new();
    scene.invited(["jane@example.com"]);
    scene
        .app
        .delete(&format!("/organizations/{}", scene.organization))
        .ok();
    for query in ["", "?query=jane", "?status=pending"] {
        let found = scene
            .app
            .get(&format!("/organization_invitations{query}"))
            .ok();
        assert_eq!(found.json(), json!({"data": [], "total_count": 0}));
    }
}

#[test]
fn the_status_may_be_repeated_as_official_clients_do() {
    let mut scene = Scene::unrecorded();
    let [a, b, c] = scene.invited(["jane@example.com", "b@example.com", "c@example.com"]);
    scene.revoke(&b);
    let user = scene.app.user("jane@example.com");
    let query = "status=pending&status=revoked&status=pending";
    let cases = [
        (scene.path.clone(), vec![&c, &b, &a]),
        ("/organization_invitations".to_owned(), vec![&c, &b, &a]),
        (format!("/users/{user}/organization_invitations"), vec![&a]),
        // What is deprecated does not know it.
        (format!("{}/pending", scene.path), vec![&c, &a]),
    ];
    for (path, expected) in cases {
        let found = scene.app.get(&format!("{path}?{query}")).ok();
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(found.ids(), expected, "{path}");
        assert_eq!(found.json()["total_count"], expected.len(), "{path}");
    }
}

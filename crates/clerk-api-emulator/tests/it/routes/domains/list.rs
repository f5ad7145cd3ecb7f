//! Both lists.

use serde_json::json;

use super::{Scene, organization};
use crate::client::App;

/// Four domains of two organizations.
struct Four {
    scene: Scene,
    other: String,
}

impl Four {
    fn new() -> Self {
        let mut scene = Scene::new();
        let other = organization(&mut scene.app, "Beta");
        let others = format!("/organizations/{other}/domains");
        for (path, name, mode, verified) in [
            (
                scene.path.clone(),
                "a.example.com",
                "manual_invitation",
                true,
            ),
            (
                scene.path.clone(),
                "b.example.com",
                "automatic_invitation",
                false,
            ),
            (
                others.clone(),
                "c.example.org",
                "automatic_suggestion",
                true,
            ),
            (others, "d.example.org", "enterprise_sso", true),
        ] {
            let body = json!({"name": name, "enrollment_mode": mode, "verified": verified});
            scene.app.post(&path, &body).ok();
        }
        Self { scene, other }
    }

    /// The first letters of the domains that are listed, and the total.
    fn listed(&mut self, path: &str) -> (String, u64) {
        let json = self.scene.app.get(path).ok().json();
        let data = json["data"].as_array().expect("a list");
        let letters = data
            .iter()
            .map(|one| &one["name"].as_str().expect("a name")[..1]);
        (
            letters.collect(),
            json["total_count"].as_u64().expect("a number"),
        )
    }
}

#[test]
fn the_list_of_all_is_filtered() {
    let mut four = Four::new();
    let cases = [
        (String::new(), "dcba"),
        (format!("?organization_id={}", four.other), "dc"),
        ("?organization_id=org_x".to_owned(), ""),
        ("?verified=true".to_owned(), "dca"),
        ("?verified=false".to_owned(), "b"),
        (
            "?enrollment_mode=manual_invitation,enterprise_sso".to_owned(),
            "da",
        ),
        (
            "?enrollment_mode=-manual_invitation,-enterprise_sso".to_owned(),
            "cb",
        ),
        (
            "?enrollment_mode=enterprise_sso,-enterprise_sso".to_owned(),
            "",
        ),
        ("?query=EXAMPLE.org".to_owned(), "dc"),
        (format!("?query={}", four.other), "dc"),
        ("?query=org_x".to_owned(), ""),
        (
            "?domains=A.example.com&domains=c.example.org&domains=example.com".to_owned(),
            "ca",
        ),
        (
            "?verified=true&query=example.com&enrollment_mode=-enterprise_sso".to_owned(),
            "a",
        ),
    ];
    for (query, letters) in cases {
        let total = letters.len() as u64;
        let found = four.listed(&format!("/organization_domains{query}"));
        assert_eq!(found, (letters.to_owned(), total), "{query}");
    }
}

#[test]
fn the_list_of_all_is_ordered_and_paged() {
    let mut four = Four::new();
    for (query, letters) in [
        ("order_by=name", "abcd"),
        ("order_by=-name&limit=2", "dc"),
        ("order_by=created_at&offset=3", "d"),
        ("limit=1&offset=1", "c"),
        ("offset=9", ""),
    ] {
        let found = four.listed(&format!("/organization_domains?{query}"));
        assert_eq!(found, (letters.to_owned(), 4), "{query}");
    }
}

#[test]
fn the_list_of_an_organization_is_filtered_and_paged() {
    let mut four = Four::new();
    let path = four.scene.path.clone();
    for (query, letters, total) in [
        ("", "ba", 2),
        ("?verified=false", "b", 1),
        ("?enrollment_mode=-manual_invitation", "b", 1),
        ("?enrollment_mode=enterprise_sso", "", 0),
        ("?limit=1&offset=1", "a", 2),
    ] {
        let found = four.listed(&format!("{path}{query}"));
        assert_eq!(found, (letters.to_owned(), total), "{query}");
    }
    let unknown = four.scene.app.get("/organizations/org_x/domains");
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn bad_filters_are_refused() {
    let mut app = App::unrecorded();
    for (query, param) in [
        ("query=", "query"),
        ("query=%20", "query"),
        ("enrollment_mode=any", "enrollment_mode"),
        ("enrollment_mode=manual_invitation,-any", "enrollment_mode"),
        ("verified=maybe", "verified"),
        ("order_by=verified", "order_by"),
    ] {
        let answer = app.get(&format!("/organization_domains?{query}"));
        let errors = format!("422 form_param_value_invalid({param})");
        assert_eq!(answer.errors(), errors, "{query}");
    }
}

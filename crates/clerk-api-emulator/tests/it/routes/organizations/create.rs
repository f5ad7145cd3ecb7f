//! `POST /organizations`.

use serde_json::{Value, json};

use crate::client::{App, config};
use clerk_api_emulator::Database;

#[test]
fn an_organization_with_everything_is_answered_whole() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let body = json!({
        "name": "Größe & Söhne", "slug": "groesse-1", "created_by": user, "max_allowed_memberships": 0,
        "public_metadata": {"tier": 0}, "private_metadata": {"camelKey": {"x_y": ""}},
        "created_at": "2024-01-02T03:04:05.678Z",
    });
    let made = app.post("/organizations", &body).ok();
    insta::assert_snapshot!(made.pretty());
    let read = app.get(&format!("/organizations/{}", made.id())).ok();
    assert_eq!(read.text, made.text);
}

#[test]
fn an_organization_with_only_a_name_is_answered_whole() {
    let mut app = App::start();
    let made = app
        .post("/organizations", &json!({"name": "Acme Inc."}))
        .ok();
    insta::assert_snapshot!(made.pretty());
}

#[test]
fn the_creator_becomes_the_first_admin() {
    let mut app = App::start();
    let user = app.user("jane@example.com");
    let id = app
        .post(
            "/organizations",
            &json!({"name": "Acme", "created_by": user}),
        )
        .ok()
        .id();
    let members = app
        .get(&format!("/organizations/{id}/memberships"))
        .ok()
        .json();
    assert_eq!(members["total_count"], 1);
    let member = &members["data"][0];
    assert_eq!(
        (&member["role"], &member["public_user_data"]["user_id"]),
        (&json!("org:admin"), &json!(user))
    );
    let nobody = app.post(
        "/organizations",
        &json!({"name": "Acme", "created_by": "user_none"}),
    );
    assert_eq!(nobody.errors(), "400 organization_creator_not_found");
    assert_eq!(app.get("/organizations").json()["total_count"], 1);
}

#[test]
fn slugs_are_made_from_names_and_unique() {
    let mut app = App::start();
    let mut slug = |body: Value| app.post("/organizations", &body).ok().json()["slug"].clone();
    assert_eq!(slug(json!({"name": "Acme Inc."})), "acme-inc");
    assert_eq!(
        slug(json!({"name": "ACME, Inc", "slug": null})),
        "acme-inc-1767225600"
    );
    assert_eq!(slug(json!({"name": "acme inc"})), "acme-inc-1767225600-2");
    assert_eq!(slug(json!({"name": "日本"})), "org");
    let taken = app.post("/organizations", &json!({"name": "B", "slug": "acme-inc"}));
    assert_eq!(taken.errors(), "422 form_identifier_exists(slug)");
}

#[test]
fn an_instance_without_slugs_has_none() {
    let mut config = config(Database::Memory);
    config.slugs_enabled = false;
    let mut app = App::with(config);
    let made = app.post("/organizations", &json!({"name": "Acme"})).ok();
    assert_eq!(made.json()["slug"], Value::Null);
    let refused = app.post("/organizations", &json!({"name": "B", "slug": "b"}));
    assert_eq!(refused.errors(), "403 organization_slugs_disabled");
    let path = format!("/organizations/{}", made.id());
    let refused = app.patch(&path, &json!({"slug": "b"}));
    assert_eq!(refused.errors(), "403 organization_slugs_disabled");
    // Two organizations without a slug do not have the same one.
    app.post("/organizations", &json!({"name": "Acme"})).ok();
}

#[test]
fn the_instance_gives_the_limit_of_members() {
    let mut config = config(Database::Memory);
    config.max_allowed_memberships = 7;
    let mut app = App::with(config);
    let made = app
        .post(
            "/organizations",
            &json!({"name": "A", "max_allowed_memberships": null}),
        )
        .ok();
    assert_eq!(made.json()["max_allowed_memberships"], 7);
}

#[test]
fn what_is_wrong_with_a_body_is_named() {
    let mut app = App::start();
    let cases = [
        (json!({}), "422 form_param_missing(name)"),
        (json!({"name": null}), "422 form_param_nil(name)"),
        (json!({"name": 7}), "422 form_param_type_invalid(name)"),
        (
            json!({"name": ""}),
            "422 form_param_min_length_exceeded(name)",
        ),
        (
            json!({"name": "x".repeat(257)}),
            "422 form_param_max_length_exceeded(name)",
        ),
        (
            json!({"name": "<b>Acme</b>"}),
            "422 form_param_value_invalid(name)",
        ),
        (
            json!({"name": "see https://acme.com"}),
            "422 form_param_value_invalid(name)",
        ),
        (
            json!({"name": "A", "slug": "Not A Slug"}),
            "422 form_param_format_invalid(slug)",
        ),
        (
            json!({"name": "A", "slug": "x".repeat(65)}),
            "422 form_param_max_length_exceeded(slug)",
        ),
        (
            json!({"name": "A", "max_allowed_memberships": -1, "private_metadata": "x"}),
            "422 form_param_value_invalid(max_allowed_memberships) form_param_type_invalid(private_metadata)",
        ),
        (
            json!({"name": "A", "role_set_key": "role_set:none"}),
            "422 form_resource_not_found(role_set_key)",
        ),
        (
            json!({"name": "A", "created_at": "yesterday"}),
            "422 form_param_invalid_time(created_at)",
        ),
        (
            json!({"name": "A", "owner": "x"}),
            "422 form_param_unknown(owner)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/organizations", &body).errors(), errors, "{body}");
    }
    app.post("/organizations", &json!({"name": "ö".repeat(256)}))
        .ok();
}

//! `/organization_permissions`.

use serde_json::json;

use crate::client::App;

const PATH: &str = "/organization_permissions";

#[test]
fn a_new_instance_permits_what_every_instance_does() {
    let mut app = App::start();
    let listed = app.get(&format!("{PATH}?order_by=key&limit=20")).ok();
    let keys: Vec<String> = listed.json()["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            assert_eq!(one["type"], "system");
            one["key"].as_str().expect("a key").to_owned()
        })
        .collect();
    assert_eq!(
        keys,
        [
            "org:sys_billing:manage",
            "org:sys_billing:read",
            "org:sys_domains:manage",
            "org:sys_domains:read",
            "org:sys_entconns:manage",
            "org:sys_memberships:manage",
            "org:sys_memberships:read",
            "org:sys_profile:delete",
            "org:sys_profile:manage",
        ]
    );
    assert_eq!(listed.json()["total_count"], 9);
}

#[test]
fn a_permission_is_made_changed_and_deleted() {
    let mut app = App::start();
    let body =
        json!({"name": "Read invoices", "key": "org:invoices:read", "description": "See them."});
    let made = app.post(PATH, &body).ok();
    insta::assert_snapshot!(made.pretty());
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(app.get(&path).ok().text, made.text);
    let changed = app
        .patch(
            &path,
            &json!({"key": "org:invoices:list", "description": ""}),
        )
        .ok()
        .json();
    assert_eq!(changed["key"], "org:invoices:list");
    assert_eq!(changed["name"], "Read invoices");
    assert_eq!(changed["description"], "");
    let gone = app.delete(&path).ok().json();
    let expected = json!({"object": "permission", "id": made.id(), "deleted": true});
    assert_eq!(gone, expected);
    assert_eq!(app.get(&path).errors(), "404 resource_not_found");
}

#[test]
fn lists_are_filtered_ordered_and_paged() {
    let mut app = App::start();
    let id = app
        .post(PATH, &json!({"name": "Größe", "key": "org:size:read"}))
        .ok()
        .id();
    for query in ["query=größe", "query=org:size", &format!("query={id}")] {
        let query = query.replace('ö', "%C3%B6").replace('ß', "%C3%9F");
        assert_eq!(
            app.get(&format!("{PATH}?{query}")).ok().ids(),
            [&*id],
            "{query}"
        );
    }
    let newest = app.get(&format!("{PATH}?limit=1")).ok();
    assert_eq!(newest.ids(), [&*id]);
    assert_eq!(newest.json()["total_count"], 10);
    let last = app
        .get(&format!("{PATH}?order_by=-created_at&limit=1&offset=9"))
        .ok();
    assert_eq!(last.json()["data"][0]["key"], "org:sys_profile:manage");
    let bad = app.get(&format!("{PATH}?order_by=type"));
    assert_eq!(bad.errors(), "422 form_param_value_invalid(order_by)");
}

#[test]
fn what_cannot_be_a_permission_is_refused() {
    let mut app = App::start();
    app.post(PATH, &json!({"name": "A", "key": "org:a:b"})).ok();
    let cases = [
        (
            json!({}),
            "422 form_param_missing(name) form_param_missing(key)",
        ),
        (
            json!({"name": " ", "key": "a:b"}),
            "422 form_param_min_length_exceeded(name) form_param_format_invalid(key)",
        ),
        (
            json!({"name": "A", "key": "org:sys_profile:print"}),
            "422 form_param_value_invalid(key)",
        ),
        (
            json!({"name": "A", "key": "org:a:b"}),
            "422 form_already_exists(key)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(PATH, &body).errors(), errors, "{body}");
    }
}

#[test]
fn permissions_of_every_instance_stay_as_they_are() {
    let mut app = App::start();
    let id = app
        .get(&format!("{PATH}?query=sys_billing:read"))
        .ok()
        .ids();
    let path = format!("{PATH}/{}", id[0]);
    let code = "403 organization_system_permission_not_modifiable";
    assert_eq!(app.patch(&path, &json!({"name": "X"})).errors(), code);
    assert_eq!(app.delete(&path).errors(), code);
    let unknown = format!("{PATH}/perm_x");
    for answer in [
        app.get(&unknown),
        app.patch(&unknown, &json!({})),
        app.delete(&unknown),
    ] {
        assert_eq!(answer.errors(), "404 resource_not_found");
    }
}

#[test]
fn there_is_room_for_fifty() {
    let mut app = App::start();
    for n in 0..50 {
        let body = json!({"name": "N", "key": format!("org:n{n}:x")});
        app.post(PATH, &body).ok();
    }
    let over = app.post(PATH, &json!({"name": "N", "key": "org:over:x"}));
    assert_eq!(
        over.errors(),
        "403 organization_instance_permissions_quota_exceeded"
    );
}

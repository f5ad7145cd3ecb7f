//! Making, listing, changing and deleting.

use serde_json::json;

use super::{PATH, id_of, keys, permission};
use crate::client::App;

#[test]
fn a_new_instance_has_admins_and_members() {
    let mut app = App::start();
    let listed = app.get(&format!("{PATH}?order_by=key")).ok().json();
    assert_eq!(listed["total_count"], 2);
    let [admin, member] = [&listed["data"][0], &listed["data"][1]];
    assert_eq!(
        (&admin["key"], &admin["name"]),
        (&json!("org:admin"), &json!("Admin"))
    );
    assert_eq!(
        (&member["key"], &member["name"]),
        (&json!("org:member"), &json!("Member"))
    );
    assert_eq!(admin["is_creator_eligible"], true);
    assert_eq!(member["is_creator_eligible"], false);
    assert_eq!(keys(admin).len(), 9);
    assert_eq!(
        keys(member),
        ["org:sys_memberships:read", "org:sys_billing:read"]
    );
}

#[test]
fn a_role_with_everything_is_answered_whole() {
    let mut app = App::start();
    let reads = permission(&mut app, "org:sys_memberships:read");
    let body = json!({"name": "Team lead", "key": "org:team_lead", "description": "Leads.",
                      "permissions": [reads], "include_in_initial_role_set": true});
    let made = app.post(PATH, &body).ok();
    insta::assert_snapshot!(made.pretty());
    let path = format!("{PATH}/{}", made.id());
    assert_eq!(app.get(&path).ok().text, made.text);
    let set = app.get("/role_sets/role_set:default").ok().json();
    assert_eq!(set["roles"][2]["key"], "org:team_lead");
}

#[test]
fn a_role_with_only_a_name_and_a_key_is_in_no_set() {
    let mut app = App::start();
    let made = app
        .post(PATH, &json!({"name": "Guest", "key": "org:guest"}))
        .ok()
        .json();
    assert_eq!(made["description"], json!(null));
    assert_eq!(made["permissions"], json!([]));
    let set = app.get("/role_sets/role_set:default").ok().json();
    assert_eq!(set["roles"].as_array().expect("a list").len(), 2);
}

#[test]
fn what_cannot_be_a_role_is_refused() {
    let mut app = App::start();
    let reads = permission(&mut app, "org:sys_memberships:read");
    let cases = [
        (
            json!({"admin": true}),
            "422 form_param_missing(name) form_param_missing(key) form_param_unknown(admin)",
        ),
        (
            json!({"name": "A", "key": "admin"}),
            "422 form_param_format_invalid(key)",
        ),
        (
            json!({"name": "A", "key": "org:admin"}),
            "422 form_already_exists(key)",
        ),
        (
            json!({"name": "A", "key": "org:a", "permissions": [reads, reads]}),
            "422 form_param_duplicate(permissions)",
        ),
        (
            json!({"name": "A", "key": "org:a", "permissions": ["perm_x"]}),
            "404 resource_not_found(permissions)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post(PATH, &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get(PATH).ok().json()["total_count"], 2);
}

#[test]
fn lists_are_filtered_ordered_and_paged() {
    let mut app = App::start();
    let guest = app
        .post(PATH, &json!({"name": "Guest of honor", "key": "org:guest"}))
        .ok()
        .id();
    for query in ["query=HONOR", "query=org:gue", &format!("query={guest}")] {
        assert_eq!(
            app.get(&format!("{PATH}?{query}")).ok().ids(),
            [&*guest],
            "{query}"
        );
    }
    let answer = app.get(&format!("{PATH}?query=nobody")).ok().json();
    assert_eq!(answer, json!({"data": [], "total_count": 0}));
    let answer = app
        .get(&format!("{PATH}?order_by=-name&limit=1&offset=1"))
        .ok()
        .json();
    assert_eq!(answer["data"][0]["name"], "Guest of honor");
    assert_eq!(answer["total_count"], 3);
}

#[test]
fn a_change_leaves_what_it_does_not_name() {
    let mut app = App::start();
    let reads = permission(&mut app, "org:sys_memberships:read");
    let body = json!({"name": "Guest", "key": "org:guest", "description": "A guest.", "permissions": [reads]});
    let path = format!("{PATH}/{}", app.post(PATH, &body).ok().id());
    let nothing = json!({"name": null, "key": null, "description": null, "permissions": null});
    for body in [json!({}), nothing] {
        let same = app.patch(&path, &body).ok().json();
        assert_eq!(same["description"], "A guest.");
        assert_eq!(keys(&same), ["org:sys_memberships:read"]);
    }
    let domains = permission(&mut app, "org:sys_domains:read");
    let body = json!({"name": "Visitor", "key": "org:visitor", "description": "", "permissions": [domains]});
    let changed = app.patch(&path, &body).ok().json();
    assert_eq!(changed["name"], "Visitor");
    assert_eq!(changed["key"], "org:visitor");
    assert_eq!(changed["description"], json!(null));
    assert_eq!(keys(&changed), ["org:sys_domains:read"]);
    let cases = [
        (json!({"key": "org:admin"}), "422 form_already_exists(key)"),
        (
            json!({"permissions": ["perm_x"]}),
            "404 resource_not_found(permissions)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.patch(&path, &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get(&path).ok().json(), changed);
}

#[test]
fn a_role_that_nobody_needs_is_deleted() {
    let mut app = App::start();
    let body = json!({"name": "Guest", "key": "org:guest", "include_in_initial_role_set": true});
    let id = app.post(PATH, &body).ok().id();
    let path = format!("{PATH}/{id}");
    let gone = app.delete(&path).ok().json();
    assert_eq!(gone, json!({"object": "role", "id": id, "deleted": true}));
    for answer in [
        app.get(&path),
        app.patch(&path, &json!({})),
        app.delete(&path),
    ] {
        assert_eq!(answer.errors(), "404 resource_not_found");
    }
    let set = app.get("/role_sets/role_set:default").ok().json();
    assert_eq!(set["roles"].as_array().expect("a list").len(), 2);
}

#[test]
fn the_roles_that_a_set_gives_cannot_be_deleted() {
    let mut app = App::start();
    for (key, code) in [
        ("org:admin", "422 organization_role_default_creator_role"),
        ("org:member", "422 organization_role_domain_default_role"),
    ] {
        let id = id_of(&mut app, PATH, key);
        assert_eq!(app.delete(&format!("{PATH}/{id}")).errors(), code);
    }
}

#[test]
fn there_is_room_for_ten_beside_the_first_two() {
    let mut app = App::start();
    for n in 0..10 {
        let body = json!({"name": "N", "key": format!("org:n{n}")});
        app.post(PATH, &body).ok();
    }
    let over = app.post(PATH, &json!({"name": "N", "key": "org:over"}));
    assert_eq!(
        over.errors(),
        "403 organization_instance_roles_quota_exceeded"
    );
}

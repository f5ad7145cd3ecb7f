//! `PATCH` and `PUT /users/{user_id}/metadata`.

use serde_json::{Value, json};

use crate::client::App;

fn user(app: &mut App) -> String {
    let body = json!({"email_address": ["a@example.com"],
                      "public_metadata": {"a": {"x": 1, "y": 2}, "b": [1, 2]}, "private_metadata": {"p": 1}});
    format!("/users/{}/metadata", app.post("/users", &body).ok().id())
}

#[test]
fn patch_merges_deeply_and_null_removes() {
    let mut app = App::start();
    let path = user(&mut app);
    let change = json!({"public_metadata": {"a": {"x": null, "z": 3}, "b": [3], "c": {}}, "unsafe_metadata": {"u": 1}});
    let user = app.patch(&path, &change).ok().json();
    assert_eq!(
        user["public_metadata"],
        json!({"a": {"y": 2, "z": 3}, "b": [3], "c": {}})
    );
    assert_eq!(user["private_metadata"], json!({"p": 1}));
    assert_eq!(user["unsafe_metadata"], json!({"u": 1}));
    let same = app
        .patch(&path, &json!({"public_metadata": {}}))
        .ok()
        .json();
    assert_eq!(same["public_metadata"], user["public_metadata"]);
}

#[test]
fn put_replaces_what_is_given_and_stores_null() {
    let mut app = App::unrecorded();
    let path = user(&mut app);
    let user = app
        .put(&path, &json!({"public_metadata": {"n": 1}}))
        .ok()
        .json();
    assert_eq!(
        (&user["public_metadata"], &user["private_metadata"]),
        (&json!({"n": 1}), &json!({"p": 1}))
    );
    let user = app
        .put(
            &path,
            &json!({"public_metadata": {}, "private_metadata": null}),
        )
        .ok()
        .json();
    assert_eq!(
        (&user["public_metadata"], &user["private_metadata"]),
        (&json!({}), &Value::Null)
    );
    let user = app
        .patch(&path, &json!({"private_metadata": {"again": 1}}))
        .ok()
        .json();
    assert_eq!(user["private_metadata"], json!({"again": 1}));
}

#[test]
fn null_for_a_kind_that_is_not_meant_changes_nothing() {
    let mut app = App::unrecorded();
    let path = user(&mut app);
    let change =
        json!({"public_metadata": null, "private_metadata": {"q": 2}, "unsafe_metadata": null});
    let user = app.patch(&path, &change).ok().json();
    assert_eq!(
        (&user["public_metadata"], &user["private_metadata"]),
        (
            &json!({"a": {"x": 1, "y": 2}, "b": [1, 2]}),
            &json!({"p": 1, "q": 2})
        )
    );
}

#[test]
fn what_is_no_metadata_is_refused() {
    let mut app = App::start();
    let path = user(&mut app);
    let cases = [
        (
            json!({"public_metadata": "x"}),
            "422 form_param_type_invalid(public_metadata)",
        ),
        (
            json!({"first_name": "x"}),
            "422 form_param_unknown(first_name)",
        ),
        (
            json!({"public_metadata": {"k": "x".repeat(8185)}}),
            "422 form_param_exceeds_allowed_size(public_metadata)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.patch(&path, &body).errors(), errors);
    }
    assert_eq!(
        app.patch("/users/user_x/metadata", &json!({})).errors(),
        "404 resource_not_found"
    );
}

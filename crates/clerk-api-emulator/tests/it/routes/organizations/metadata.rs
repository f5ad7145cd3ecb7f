//! `PATCH` and `PUT /organizations/{organization_id}/metadata`.

use serde_json::json;

use crate::client::App;

fn organization(app: &mut App) -> String {
    let body = json!({"name": "Acme", "public_metadata": {"a": {"x": 1, "y": 2}, "b": [1]}, "private_metadata": {"p": 1}});
    format!(
        "/organizations/{}/metadata",
        app.post("/organizations", &body).ok().id()
    )
}

#[test]
fn patch_merges_deeply_and_null_removes() {
    let mut app = App::start();
    let path = organization(&mut app);
    let change = json!({"public_metadata": {"a": {"x": null, "z": 3}, "c": {}}, "private_metadata": {"p": null}});
    let changed = app.patch(&path, &change).ok().json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (
            &json!({"a": {"y": 2, "z": 3}, "b": [1], "c": {}}),
            &json!({})
        )
    );
    let read = app.get(path.strip_suffix("/metadata").expect("a path"));
    assert_eq!(read.ok().json(), changed);
}

#[test]
fn put_replaces_what_is_given_and_nothing_else() {
    let mut app = App::start();
    let path = organization(&mut app);
    let changed = app
        .put(&path, &json!({"public_metadata": {"n": 1}}))
        .ok()
        .json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (&json!({"n": 1}), &json!({"p": 1}))
    );
    let changed = app.put(&path, &json!({"public_metadata": {}})).ok().json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (&json!({}), &json!({"p": 1}))
    );
}

#[test]
fn null_for_a_kind_that_is_not_meant_changes_nothing() {
    let mut app = App::unrecorded();
    let path = organization(&mut app);
    let change = json!({"public_metadata": null, "private_metadata": {"q": 2}});
    let changed = app.patch(&path, &change).ok().json();
    assert_eq!(
        (&changed["public_metadata"], &changed["private_metadata"]),
        (
            &json!({"a": {"x": 1, "y": 2}, "b": [1]}),
            &json!({"p": 1, "q": 2})
        )
    );
}

#[test]
fn what_is_no_metadata_is_refused() {
    let mut app = App::start();
    let path = organization(&mut app);
    let cases = [
        (
            json!({"unsafe_metadata": {}}),
            "422 form_param_unknown(unsafe_metadata)",
        ),
        (
            json!({"private_metadata": {"k": "x".repeat(8185)}}),
            "422 form_param_exceeds_allowed_size(private_metadata)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.patch(&path, &body).errors(), errors);
    }
    for method in ["PATCH", "PUT"] {
        let answer = app.send(method, "/organizations/org_x/metadata", &[], Some(b"{}"));
        assert_eq!(answer.errors(), "404 resource_not_found", "{method}");
    }
}

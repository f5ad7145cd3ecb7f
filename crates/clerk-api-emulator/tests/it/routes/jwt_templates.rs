//! `/jwt_templates`.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn a_template_is_answered_whole() {
    let mut app = App::start();
    let body = br#"{"name":"shop","claims":{"z":"{{user.id}}","a":[1.0,12345678901234567890123]}}"#;
    let made = app.send("POST", "/jwt_templates", &[], Some(body)).ok();
    insta::assert_snapshot!(made.pretty());
    assert!(
        made.text
            .contains(r#"{"z":"{{user.id}}","a":[1.0,12345678901234567890123]}"#)
    );
    let path = format!("/jwt_templates/{}", made.id());
    assert_eq!(app.get(&path).ok().text, made.text);
    assert_eq!(app.get("/jwt_templates").ok().json(), json!([made.json()]));
    let page = app.get("/jwt_templates?paginated=true").ok().json();
    assert_eq!(page, json!({"data": [made.json()], "total_count": 1}));
    let gone = json!({"object": "jwt_template", "id": made.id(), "deleted": true});
    assert_eq!(app.delete(&path).ok().json(), gone);
    for answer in [app.get(&path), app.delete(&path)] {
        assert_eq!(answer.errors(), "404 resource_not_found");
    }
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    let mut app = App::start();
    let body = json!({"name": "one", "claims": {"a": 1}, "lifetime": 300, "allowed_clock_skew": 0});
    let made = app.post("/jwt_templates", &body).ok();
    let path = format!("/jwt_templates/{}", made.id());
    let mut expected = made.json();
    let body = json!({"name": "two", "claims": {}});
    let changed = app.patch(&path, &body).ok().json();
    expected["name"] = json!("two");
    expected["claims"] = json!({});
    expected["updated_at"] = changed["updated_at"].clone();
    assert_eq!(changed, expected);
    let body = json!({"name": "two", "claims": {}, "lifetime": null, "allowed_clock_skew": null});
    let changed = app.patch(&path, &body).ok().json();
    assert_eq!(
        (&changed["lifetime"], &changed["allowed_clock_skew"]),
        (&json!(60), &json!(5))
    );
    let unknown = app.patch("/jwt_templates/jtmpl_x", &body);
    assert_eq!(unknown.errors(), "404 resource_not_found");
}

#[test]
fn names_are_unique() {
    let mut app = App::start();
    let body = |name: &str| json!({"name": name, "claims": {}});
    let one = app.post("/jwt_templates", &body("one")).ok().id();
    app.post("/jwt_templates", &body("two")).ok();
    let taken = app.post("/jwt_templates", &body("one"));
    assert_eq!(taken.errors(), "422 form_already_exists(name)");
    let path = format!("/jwt_templates/{one}");
    let taken = app.patch(&path, &body("two"));
    assert_eq!(taken.errors(), "422 form_already_exists(name)");
    app.patch(&path, &body("one")).ok();
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    let with = |name: &str, value: Value| {
        let mut body = json!({"name": "shop", "claims": {}});
        body[name] = value;
        body
    };
    let key = |fields: Value| {
        let mut body = json!({"name": "shop", "claims": {}, "custom_signing_key": true});
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    };
    let cases = [
        (
            json!({}),
            "422 form_param_missing(name) form_param_missing(claims)",
        ),
        (with("claims", Value::Null), "422 form_param_nil(claims)"),
        (
            with("claims", json!([])),
            "422 form_param_type_invalid(claims)",
        ),
        (
            with("name", json!("a/b")),
            "422 form_param_format_invalid(name)",
        ),
        (
            with("name", json!("a".repeat(65))),
            "422 form_param_max_length_exceeded(name)",
        ),
        (
            with("lifetime", json!(29)),
            "422 form_param_value_invalid(lifetime)",
        ),
        (
            with("allowed_clock_skew", json!(301)),
            "422 form_param_value_invalid(allowed_clock_skew)",
        ),
        (
            with("claims", json!({"sub": "me"})),
            "400 jwt_template_reserved_claim(claims)",
        ),
        (
            with("claims", json!({"sid": "{{session.id}}"})),
            "400 jwt_template_reserved_claim(claims)",
        ),
        (
            with("signing_key", json!("secret")),
            "422 form_conditional_param_disallowed(signing_key)",
        ),
        (
            with("signing_algorithm", json!("HS256")),
            "422 form_conditional_param_disallowed(signing_algorithm)",
        ),
        (
            key(json!({})),
            "422 form_conditional_param_missing(signing_algorithm)",
        ),
        (
            key(json!({"signing_algorithm": "HS256"})),
            "422 form_conditional_param_missing(signing_key)",
        ),
        (
            key(json!({"signing_algorithm": "ES256", "signing_key": "x"})),
            "422 form_param_value_invalid(signing_algorithm)",
        ),
        (
            key(json!({"signing_algorithm": "RS256", "signing_key": "x"})),
            "422 form_param_format_invalid(signing_key)",
        ),
    ];
    for (body, errors) in cases {
        assert_eq!(app.post("/jwt_templates", &body).errors(), errors, "{body}");
    }
    assert_eq!(app.get("/jwt_templates").ok().json(), json!([]));
}

#[test]
fn a_signing_key_stays_until_it_is_given_up() {
    let mut app = App::start();
    let body = json!({"name": "shop", "claims": {}, "custom_signing_key": true,
                      "signing_algorithm": "HS256", "signing_key": "CANARY"});
    let made = app.post("/jwt_templates", &body).ok();
    assert!(!made.text.contains("CANARY"));
    let path = format!("/jwt_templates/{}", made.id());
    let body = json!({"name": "shop", "claims": {"a": 1}});
    let kept = app.patch(&path, &body).ok().json();
    assert_eq!(
        (&kept["custom_signing_key"], &kept["signing_algorithm"]),
        (&json!(true), &json!("HS256"))
    );
    let body = json!({"name": "shop", "claims": {}, "custom_signing_key": false});
    let left = app.patch(&path, &body).ok().json();
    assert_eq!(
        (&left["custom_signing_key"], &left["signing_algorithm"]),
        (&json!(false), &json!("RS256"))
    );
    let body = json!({"name": "shop", "claims": {}, "custom_signing_key": true, "signing_algorithm": "HS256"});
    assert_eq!(
        app.patch(&path, &body).errors(),
        "422 form_conditional_param_missing(signing_key)",
        "the key is forgotten"
    );
}

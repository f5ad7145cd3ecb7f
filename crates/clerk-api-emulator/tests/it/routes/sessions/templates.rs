//! `POST /sessions/{session_id}/tokens/{template_name}`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

use super::{jwt, part, session, verified};
use crate::client::App;

/// Makes a template and returns a token from it.
fn from(app: &mut App, session: &str, template: &Value) -> String {
    app.post("/jwt_templates", template).ok();
    let name = template["name"].as_str().expect("a name");
    let path = format!("/sessions/{session}/tokens/{name}");
    jwt(&app.post(&path, &json!({})).ok().json())
}

#[test]
fn the_claims_are_those_of_the_template_and_of_every_token() {
    let mut app = App::start();
    let body = json!({"first_name": "Maria", "email_address": ["maria@example.com"],
                      "public_metadata": {"profile": {"interests": ["reading"]}}});
    let user = app.post("/users", &body).ok().id();
    let id = session(&mut app, &user);
    let template = json!({"name": "shop", "lifetime": 300, "allowed_clock_skew": 20, "claims": {
        "aud": "https://example.com", "name": "{{user.first_name}} {{user.last_name || 'Doe'}}",
        "email": "{{user.primary_email_address}}", "verified": "{{user.email_verified}}",
        "likes": "{{user.public_metadata.profile.interests}}", "org": "{{org.id}}", "sid2": "{{session.id}}"}});
    let token = from(&mut app, &id, &template);
    let set = app.get("/jwks").ok().json();
    let mut claims = verified(&set, &token).expect("signed");
    assert_eq!(part(&token, 0)["cat"], "cl_B7d4PD222AAA");
    let issuer = format!("http://{}", app.host());
    let expected = json!({
        "aud": "https://example.com", "name": "Maria Doe", "email": "maria@example.com", "verified": true,
        "likes": ["reading"], "org": null, "sid2": id,
        "exp": 1_767_225_900, "iat": 1_767_225_600, "iss": issuer, "jti": claims["jti"].take(),
        "nbf": 1_767_225_580, "sub": user,
    });
    claims["jti"] = expected["jti"].clone();
    assert_eq!(claims, expected);
    let path = format!("/sessions/{id}/tokens/shop");
    let longer = app.post(&path, &json!({"expires_in_seconds": 900})).ok();
    assert_eq!(part(&jwt(&longer.json()), 1)["exp"], 1_767_226_500);
}

#[test]
fn the_organization_and_the_membership_can_be_named() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let body = json!({"name": "Team", "slug": "team", "created_by": user, "public_metadata": {"plan": "pro"}});
    let team = app.post("/organizations", &body).ok().id();
    let body = json!({"user_id": user, "active_organization_id": team});
    let id = app.post("/sessions", &body).ok().id();
    let template = json!({"name": "team", "claims": {
        "id": "{{org.id}}", "slug": "{{org.slug}}", "role": "{{org.role}}", "plan": "{{org.public_metadata.plan}}",
        "own": "{{org_membership.role}}", "all": "{{user.organizations}}",
        "may": "{{org_membership.permissions}}"}});
    let mut claims = part(&from(&mut app, &id, &template), 1);
    let may = claims["may"].take();
    assert!(
        may.as_array()
            .is_some_and(|may| may.contains(&json!("org:sys_profile:manage")))
    );
    let expected = [
        ("id", json!(team)),
        ("slug", json!("team")),
        ("role", json!("org:admin")),
        ("plan", json!("pro")),
        ("own", json!("org:admin")),
        ("all", json!({team: "org:admin"})),
    ];
    for (name, value) in expected {
        assert_eq!(claims[name], value, "{name}");
    }
}

#[test]
fn a_template_may_sign_with_its_own_key() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    let secret = "a secret that both sides know";
    let template = json!({"name": "shared", "claims": {}, "custom_signing_key": true,
                          "signing_algorithm": "HS256", "signing_key": secret});
    let token = from(&mut app, &id, &template);
    assert_eq!(part(&token, 0)["alg"], "HS256");
    assert_eq!(part(&token, 0).get("kid"), None);
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = URL_SAFE_NO_PAD.decode(signature).expect("base64");
    hmac::verify(&key, signed.as_bytes(), &tag).expect("signed");
    assert_eq!(part(&token, 1)["sub"], json!(user));
}

#[test]
fn session_and_template_must_exist() {
    let mut app = App::start();
    let user = app.user("a@example.com");
    let id = session(&mut app, &user);
    app.post("/jwt_templates", &json!({"name": "shop", "claims": {}}))
        .ok();
    let revoked = session(&mut app, &user);
    app.post(&format!("/sessions/{revoked}/revoke"), &Value::Null)
        .ok();
    let cases = [
        (format!("{id}/tokens/other"), "404 resource_not_found"),
        ("sess_x/tokens/shop".to_owned(), "404 resource_not_found"),
        (
            format!("{revoked}/tokens/shop"),
            "401 authentication_invalid",
        ),
    ];
    for (path, errors) in cases {
        let answer = app.post(&format!("/sessions/{path}"), &json!({}));
        assert_eq!(answer.errors(), errors, "{path}");
    }
    let path = format!("/sessions/{id}/tokens/shop");
    let answer = app.post(&path, &json!({"expires_in_seconds": 1}));
    assert_eq!(
        answer.errors(),
        "422 form_param_value_invalid(expires_in_seconds)"
    );
}

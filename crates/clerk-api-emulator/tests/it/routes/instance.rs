//! `/instance` and the groups of settings that act on nothing here.

mod organization_settings;

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn the_instance_is_a_development_one() {
    let mut app = App::start();
    insta::assert_snapshot!(app.get("/instance").ok().pretty());
}

#[test]
fn an_update_answers_nothing_and_keeps_the_origins() {
    let mut app = App::start();
    let body = json!({
        "test_mode": true, "hibp": false, "support_email": "help@example.com", "clerk_js_version": "5",
        "development_origin": "http://localhost:3000", "allowed_origins": ["chrome-extension://abc"],
        "url_based_session_syncing": null, "preferred_sign_in_strategy_when_password_required": "otp",
    });
    let answer = app.patch("/instance", &body);
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert!(answer.header("clerk-api-version").is_some());
    let origins = |app: &mut App| app.get("/instance").ok().json()["allowed_origins"].clone();
    assert_eq!(origins(&mut app), json!(["chrome-extension://abc"]));
    assert_eq!(
        app.patch("/instance", &json!({"hibp": true})).status,
        204,
        "what is not named stays"
    );
    assert_eq!(origins(&mut app), json!(["chrome-extension://abc"]));
    assert_eq!(
        app.patch("/instance", &json!({"allowed_origins": []}))
            .status,
        204
    );
    assert_eq!(origins(&mut app), json!([]));
}

#[test]
fn bodies_are_checked() {
    let mut app = App::start();
    for (path, body, errors) in [
        (
            "/instance",
            json!({"allowed_origins": ["example.com"], "support_email": "x"}),
            "422 form_param_format_invalid(support_email) form_param_format_invalid(allowed_origins)",
        ),
        (
            "/instance",
            json!({"preferred_sign_in_strategy_when_password_required": "magic", "domain": "x"}),
            "422 form_param_value_invalid(preferred_sign_in_strategy_when_password_required) form_param_unknown(domain)",
        ),
        (
            "/instance/restrictions",
            json!({"allowlist": "yes"}),
            "422 form_param_type_invalid(allowlist)",
        ),
        (
            "/instance/protect",
            json!({"checks_bypassed": true}),
            "422 form_param_unknown(checks_bypassed)",
        ),
        (
            "/instance/communication",
            json!({"blocked_country_codes": ["de", "FR", "FR"]}),
            "422 form_param_format_invalid(blocked_country_codes) form_param_duplicate(blocked_country_codes)",
        ),
        (
            "/instance/oauth_application_settings",
            json!({"default_scopes": ["email", "email"]}),
            "422 form_param_duplicate(default_scopes)",
        ),
    ] {
        assert_eq!(app.patch(path, &body).errors(), errors, "{body}");
    }
}

/// Changes a group of settings and compares the whole response, now and when it is read.
fn changes(path: &str, before: &Value, change: &Value, after: &Value) {
    let mut app = App::start();
    assert_eq!(&app.get(path).ok().json(), before);
    assert_eq!(&app.patch(path, change).ok().json(), after);
    assert_eq!(&app.patch(path, &json!({})).ok().json(), after);
    assert_eq!(&app.get(path).ok().json(), after);
}

#[test]
fn restrictions_are_all_off_until_they_are_set() {
    let mut app = App::start();
    let off = json!({"object": "instance_restrictions", "allowlist": false, "blocklist": false,
                     "allowlist_blocklist_disabled_on_sign_in": false, "block_email_subaddresses": false,
                     "block_disposable_email_domains": false});
    let path = "/instance/restrictions";
    assert_eq!(
        app.patch(path, &json!({"allowlist": null})).ok().json(),
        off
    );
    let mut on = off;
    on["blocklist"] = json!(true);
    let change = json!({"blocklist": true});
    assert_eq!(app.patch(path, &change).ok().json(), on);
    assert_eq!(app.patch(path, &json!({})).ok().json(), on);
}

#[test]
fn protect_is_kept() {
    changes(
        "/instance/protect",
        &json!({"object": "instance_protect", "rules_enabled": false, "specter_enabled": false,
                "checks_bypassed": false}),
        &json!({"rules_enabled": true, "specter_enabled": null}),
        &json!({"object": "instance_protect", "rules_enabled": true, "specter_enabled": false,
                "checks_bypassed": false}),
    );
}

#[test]
fn blocked_countries_are_replaced_whole_and_unknown_ones_dropped() {
    changes(
        "/instance/communication",
        &json!({"object": "instance_communication", "blocked_country_codes": []}),
        &json!({"blocked_country_codes": ["DE", "XX", "CH"]}),
        &json!({"object": "instance_communication", "blocked_country_codes": ["DE", "CH"]}),
    );
}

#[test]
fn oauth_settings_are_kept_and_null_brings_the_usual_scopes_back() {
    let object = |registration: bool, scopes: Value| {
        json!({"object": "oauth_application_settings", "dynamic_oauth_client_registration": registration,
               "default_scopes": scopes, "oauth_jwt_access_tokens": false,
               "client_id_metadata_documents_advertised": false,
               "client_id_metadata_documents_only_allow_pre_registered_clients": false,
               "client_id_metadata_documents_block_implicitly_allowed_clients": false})
    };
    let usual = json!(["profile", "email"]);
    let path = "/instance/oauth_application_settings";
    changes(
        path,
        &object(false, usual.clone()),
        &json!({"dynamic_oauth_client_registration": true, "default_scopes": []}),
        &object(true, json!([])),
    );
    let mut app = App::start();
    let none = json!({"default_scopes": ["openid"]});
    app.patch(path, &none).ok();
    let reset = app.patch(path, &json!({"default_scopes": null})).ok();
    assert_eq!(reset.json(), object(false, usual));
}

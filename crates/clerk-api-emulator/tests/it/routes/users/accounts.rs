//! Wallets, passkeys, external accounts and their tokens, trusted devices.

use serde_json::{Value, json};

use crate::client::App;

#[test]
fn a_deleted_wallet_is_gone_and_the_next_one_becomes_primary() {
    let mut app = App::start();
    let made = app
        .post("/users", &json!({"web3_wallet": ["0xa", "0xb"]}))
        .ok();
    let path = format!("/users/{}", made.id());
    let wallet = |place: usize| made.json()["web3_wallets"][place]["id"].clone();
    let delete = |place: usize| {
        format!(
            "{path}/web3_wallets/{}",
            wallet(place).as_str().expect("an id")
        )
    };
    let gone = app.delete(&delete(0)).ok();
    assert_eq!(
        gone.json(),
        json!({"object": "web3_wallet", "id": wallet(0), "deleted": true})
    );
    let left = app.get(&path).json();
    assert_eq!(left["primary_web3_wallet_id"], wallet(1));
    assert_eq!(left["web3_wallets"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.delete(&delete(0)).errors(), "404 resource_not_found");
    assert_eq!(app.get("/users?web3_wallet=0xa").json(), json!([]));
    app.post("/users", &json!({"web3_wallet": ["0xa"]})).ok();

    app.delete(&delete(1)).ok();
    let left = app.get(&path).json();
    assert_eq!(left["primary_web3_wallet_id"], Value::Null);
}

#[test]
fn nobody_has_what_other_systems_would_give() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    for user in [&*id, "user_x"] {
        for thing in [
            "web3_wallets/idn_x",
            "passkeys/idn_x",
            "external_accounts/eac_x",
            "trusted_devices/trd_x",
        ] {
            let answer = app.delete(&format!("/users/{user}/{thing}"));
            assert_eq!(answer.errors(), "404 resource_not_found", "{thing}");
        }
    }
}

#[test]
fn lists_of_tokens_and_devices_are_empty() {
    let mut app = App::start();
    let id = app.user("a@example.com");
    let tokens = format!("/users/{id}/oauth_access_tokens/oauth_google");
    assert_eq!(app.get(&tokens).ok().text, "[]");
    let nothing = r#"{"data":[],"total_count":0}"#;
    let enveloped = app.get(&format!("{tokens}?paginated=true&limit=5")).ok();
    assert_eq!(enveloped.text, nothing);
    assert_eq!(
        app.get(&format!("{tokens}?limit=0")).errors(),
        "422 form_param_value_invalid(limit)"
    );
    let devices = app.get(&format!("/users/{id}/trusted_devices")).ok();
    assert_eq!(devices.text, nothing);
    for list in ["oauth_access_tokens/oauth_google", "trusted_devices"] {
        let answer = app.get(&format!("/users/user_x/{list}"));
        assert_eq!(answer.errors(), "404 resource_not_found", "{list}");
    }
}

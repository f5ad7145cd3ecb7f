//! `/sessions` and below.

mod create;
mod ends;
mod list;
mod refresh;
mod templates;
mod tokens;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::client::App;

/// Begins a session of a user and returns its id.
fn session(app: &mut App, user: &str) -> String {
    app.post("/sessions", &json!({"user_id": user})).ok().id()
}

/// Returns a token of a session.
fn token(app: &mut App, session: &str) -> String {
    let path = format!("/sessions/{session}/tokens");
    jwt(&app.post(&path, &json!({})).ok().json())
}

fn jwt(answer: &Value) -> String {
    answer["jwt"].as_str().expect("a token").to_owned()
}

/// Reads a part of a token, 0 its header and 1 its claims.
fn part(token: &str, number: usize) -> Value {
    let text = token.split('.').nth(number).expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Returns the claims of a token if a key of the set has signed it. This is another implementation than the server's.
pub(super) fn verified(set: &Value, token: &str) -> Option<Value> {
    let kid = part(token, 0)["kid"].clone();
    let keys = set["keys"].as_array().expect("keys");
    let key = keys.iter().find(|key| key["kid"] == kid)?;
    let bytes = |value: &Value| {
        let text = value.as_str().expect("text");
        URL_SAFE_NO_PAD.decode(text).expect("base64")
    };
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let public = RsaPublicKeyComponents {
        n: bytes(&key["n"]),
        e: bytes(&key["e"]),
    };
    let signature = bytes(&json!(signature));
    public
        .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
        .ok()?;
    Some(part(token, 1))
}

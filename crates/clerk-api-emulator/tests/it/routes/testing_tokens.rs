//! `POST /testing_tokens`.

use serde_json::Value;

use crate::client::App;

#[test]
fn a_token_holds_for_an_hour() {
    let mut app = App::start();
    let made = app.post("/testing_tokens", &Value::Null).ok().json();
    assert_eq!(made["object"], "testing_token");
    assert_eq!(made["expires_at"], 1_767_229_200, "in seconds");
    let token = made["token"].as_str().expect("a token");
    let secret = token.strip_prefix("1767225600-").expect("the time");
    assert_eq!(secret.len(), 64);
    let other = app.post("/testing_tokens", &Value::Null).ok().json();
    assert_ne!(other["token"], made["token"]);
}

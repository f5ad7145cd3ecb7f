//! `GET /jwks`, also with several processes and over restarts.

use clerk_api_emulator::Database;
use serde_json::json;

use super::sessions::verified;
use crate::client::{App, config};

#[test]
fn the_key_is_published_as_the_specification_says() {
    let mut app = App::start();
    let mut set = app.get("/jwks").ok().json();
    assert_eq!(app.get("/jwks").ok().json(), set, "it is made once");
    let key = &mut set["keys"][0];
    let modulus = key["n"].as_str().expect("a modulus").len();
    assert_eq!(modulus, 342, "256 bytes");
    assert!(key["kid"].as_str().expect("a name").starts_with("ins_"));
    key["n"] = json!("…");
    insta::assert_snapshot!(serde_json::to_string(&set).expect("JSON"), @r#"{"keys":[{"use":"sig","kty":"RSA","kid":"ins_37dGalnvVFqFdKvRZgYuIooCRGR","alg":"RS256","n":"…","e":"AQAB"}]}"#);
}

#[test]
fn the_secret_key_is_needed() {
    let mut app = App::start();
    let answer = app.send("GET", "/jwks", &[("authorization", "")], None);
    assert_eq!(answer.errors(), "401 authorization_header_format_invalid");
}

#[test]
fn verifiers_without_the_secret_key_find_it_where_they_look() {
    let mut app = App::start();
    let set = app.get("/jwks").ok().text;
    let bare = [("authorization", "")];
    let read = |app: &mut App, method: &str, headers: &[(&str, &str)]| {
        app.root(method, "/.well-known/jwks.json", headers)
    };
    assert_eq!(read(&mut app, "GET", &bare).ok().text, set);
    // Other addresses of this computer are not this server.
    let foreign = [("authorization", ""), ("host", "evil.test")];
    assert_eq!(read(&mut app, "GET", &foreign).status, 421);
    assert_eq!(read(&mut app, "POST", &bare).status, 404);
}

#[test]
fn processes_agree_on_the_key_and_a_restart_keeps_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || App::with(config(Database::File(folder.path().join("local.db"))));
    let (mut one, mut two) = (open(), open());
    let user = one.user("a@example.com");
    let session = two.post("/sessions", &json!({"user_id": user})).ok().id();
    let tokens = format!("/sessions/{session}/tokens");
    let token = two.post(&tokens, &json!({})).ok().json();
    let set = one.get("/jwks").ok().json();
    verified(&set, token["jwt"].as_str().expect("a token")).expect("signed");
    one.stop();
    two.stop();
    assert_eq!(open().get("/jwks").ok().json(), set);
}

//! Where the key comes from, and what the settings say.

use std::os::unix::fs::PermissionsExt as _;

use crate::env::{CANARY, Env};
use crate::server::{Answer, Server};

const OTHER: &str = "sk_test_OTHERotherOTHER00";

fn server() -> Server {
    Server::start(vec![Answer::json(200, "", "[]")])
}

fn key_file(env: &Env, name: &str, key: &str, mode: u32) -> String {
    let path = env.file(name, format!("{key}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path.display().to_string()
}

#[test]
fn no_key_is_a_failure_that_says_what_to_do() {
    let error = Env::new().run(["users", "list"]).error(4);
    assert_eq!(error["code"], "key_missing");
    assert!(
        error["hint"].as_str().unwrap().contains("--local"),
        "{error}"
    );
}

#[test]
fn reliability_7_1_the_key_comes_from_a_private_file_or_standard_input() {
    let server = server();
    let env = Env::at(&server.url).without("CLERK_SECRET_KEY");
    let file = key_file(&env, "key", OTHER, 0o600);
    assert_eq!(env.run(["--key-file", &file, "users", "list"]).code, 0);
    assert_eq!(
        env.run_with(["--key-file", "-", "users", "list"], OTHER)
            .code,
        0
    );
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.contains(OTHER))
    );
    let open = key_file(&env, "open", OTHER, 0o644);
    let error = env.run(["--key-file", &open, "users", "list"]).error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("can be read by others"),
        "{error}"
    );
    env.run([
        "--key-file",
        &env.home().display().to_string(),
        "users",
        "list",
    ])
    .error(2);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn reliability_7_1_two_different_keys_are_refused() {
    let server = server();
    let env = Env::at(&server.url);
    let other = key_file(&env, "other", OTHER, 0o600);
    let same = key_file(&env, "same", CANARY, 0o600);
    let error = env.run(["--key-file", &other, "users", "list"]).error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("two different keys"),
        "{error}"
    );
    assert!(server.requests().is_empty());
    assert_eq!(env.run(["--key-file", &same, "users", "list"]).code, 0);
}

#[test]
fn reliability_7_2_what_is_not_a_key_is_not_sent() {
    let server = server();
    for key in [
        "sk_test_abcdefghij\nX-Evil: 1",
        "sk_test_abcdefghij\r\n\r\n",
        "pk_test_abcdefghij",
        "sk_test_short",
        "sk_test_abc def ghij",
    ] {
        let ran = Env::at(&server.url)
            .set("CLERK_SECRET_KEY", key)
            .run(["users", "list"]);
        let error = ran.error(4);
        assert_eq!(error["code"], "key_malformed", "{key:?}");
        assert!(!ran.stderr.contains("abc"), "{}", ran.stderr);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_profile_names_key_url_and_environment() {
    let server = server();
    let env = Env::new();
    let file = key_file(&env, "staging.key", OTHER, 0o600);
    let env = env.config(&format!("[profiles.staging]\nkey_file = \"{file}\"\napi_url = \"{}\"\nenv = \"test\"\noutput = \"ids\"\n", server.url));
    assert_eq!(env.run(["--profile", "staging", "users", "list"]).code, 0);
    assert!(server.requests()[0].contains(OTHER));
    let error = env.run(["--profile", "prod", "users", "list"]).error(2);
    assert!(
        error["hint"].as_str().unwrap().contains("staging"),
        "{error}"
    );
}

#[test]
fn doctor_names_each_value_and_its_source_but_never_the_key() {
    let server = server();
    let env = Env::at(&server.url)
        .set("CLERK_API_CONFIRM", "always")
        .config("output = \"yaml\"\nhosts = [\"clerk.example.com\"]");
    let ran = env.run(["doctor", "--output", "json"]);
    let report = ran.json();
    let settings = &report["settings"];
    assert_eq!(settings["api_url"]["source"], "environment CLERK_API_URL");
    assert_eq!(settings["output"]["source"], "flag --output");
    assert_eq!(settings["confirm"]["value"], "always");
    assert_eq!(
        settings["confirm"]["source"],
        "environment CLERK_API_CONFIRM"
    );
    assert_eq!(settings["read_only"]["source"], "default");
    assert_eq!(report["key"]["source"], "environment CLERK_SECRET_KEY");
    assert_eq!(report["key"]["fingerprint"].as_str().unwrap().len(), 8);
    assert_eq!(report["api"]["answers"], true);
    assert!(!ran.stdout.contains("CANARY"));
}

#[test]
fn a_misspelled_setting_is_refused_with_its_line() {
    let env = Env::at("http://127.0.0.1:1").config("output = \"json\"\nread_olny = true\n");
    let error = env.run(["users", "list"]).error(2);
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("line 2") && message.contains("read_olny"),
        "{message}"
    );
}

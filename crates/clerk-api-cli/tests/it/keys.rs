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

fn key_file_of(env: &Env, name: &str, content: &[u8]) -> String {
    let path = env.file(name, content);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
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
fn reliability_8_5_a_key_file_may_come_from_any_editor() {
    let server = server();
    let env = Env::at(&server.url).without("CLERK_SECRET_KEY");
    for (name, content) in [
        ("mark", format!("\u{feff}{OTHER}")),
        ("windows", format!("\u{feff}{OTHER}\r\n")),
        ("bare", OTHER.to_owned()),
    ] {
        let file = key_file_of(&env, name, content.as_bytes());
        assert_eq!(
            env.run(["--key-file", &file, "users", "list"]).code,
            0,
            "{name}"
        );
        let piped = env.run_with(["--key-file", "-", "users", "list"], &content);
        assert_eq!(piped.code, 0, "{name}");
    }
    assert!(server.requests().iter().all(|sent| sent.contains(OTHER)));
    let utf_16: Vec<u8> = format!("\u{feff}{OTHER}\r\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let file = key_file_of(&env, "utf-16", &utf_16);
    let error = env.run(["--key-file", &file, "users", "list"]).error(4);
    assert!(
        error["message"].as_str().unwrap().contains("UTF-16"),
        "{error}"
    );
}

#[test]
fn what_stands_around_a_key_is_named() {
    let server = server();
    for (text, says) in [
        ("\"sk_test_CANARYcanaryCANARY00\"", "quotes"),
        ("'sk_test_CANARYcanaryCANARY00'", "quotes"),
        (
            "export CLERK_SECRET_KEY=sk_test_CANARYcanaryCANARY00",
            "begins with a name and =",
        ),
        (
            "CLERK_SECRET_KEY=\"sk_test_CANARYcanaryCANARY00\"",
            "begins with a name and =",
        ),
        (" sk_test_CANARYcanaryCANARY00", "a space"),
        ("sk_test_CANARYcanaryCANARY00 ", "a space"),
        (
            "Bearer sk_test_CANARYcanaryCANARY00",
            "something before sk_",
        ),
        ("pk_test_CANARYcanaryCANARY00", "publishable key"),
        ("sk_test_••••••••••••", "masked"),
    ] {
        let env = Env::at(&server.url).set("CLERK_SECRET_KEY", text);
        let by_variable = env.run(["users", "list"]);
        let file = key_file(&env, "key", text, 0o600);
        let by_file = env
            .without("CLERK_SECRET_KEY")
            .run(["users", "list", "--key-file", &file]);
        for ran in [by_variable, by_file] {
            let error = ran.error(4);
            assert_eq!(error["code"], "key_malformed");
            assert!(
                error["message"].as_str().unwrap().contains(says),
                "{text}: {error}"
            );
            assert!(!ran.stderr.to_lowercase().contains("canary"), "{ran:?}");
        }
    }
    assert!(server.requests().is_empty());
}

/// A profile whose key command is this, for the server.
fn with_key_command(server: &Server, command: &str) -> Env {
    let env = Env::new();
    env.file(
        "print.sh",
        format!(
            "echo asking for a finger >&2\necho ran >> \"$HOME/ran\"\nprintf '%s\\n' '{OTHER}'\n"
        ),
    );
    env.config(&format!(
        "profile = \"vault\"\n[profiles.vault]\napi_url = \"{}\"\nkey_command = {command}\n",
        server.url
    ))
}

#[test]
fn reliability_7_1_a_profile_can_name_a_command_that_prints_the_key() {
    let server = server();
    for command in [
        r#""sh print.sh""#,
        r#"["sh", "print.sh"]"#,
        r#""sh -c 'sh \"print.sh\"'""#,
    ] {
        let env = with_key_command(&server, command);
        let ran = env.run(["users", "list"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains("asking for a finger"), "{ran:?}");
        let report = env.run(["doctor", "--offline"]).json();
        assert_eq!(report["key"]["source"], "key_command of profile vault");
        assert_eq!(report["settings"]["key_command"]["value"], "sh");
        assert!(!report.to_string().contains("OTHER"));
    }
    let sent = server.requests();
    assert!(sent.len() == 3 && sent.iter().all(|request| request.contains(OTHER)));
}

#[test]
fn reliability_7_1_no_shell_reads_a_key_command_unless_one_is_written() {
    let server = server();
    let env = with_key_command(&server, r#""echo $HOME; sh print.sh > key""#);
    let error = env.run(["users", "list"]).error(4);
    assert_eq!(error["code"], "key_malformed", "{error}");
    assert!(!env.home().join("key").exists() && !env.home().join("ran").exists());
}

#[test]
fn reliability_7_1_a_key_command_does_not_run_where_something_else_gives_the_key() {
    let server = server();
    let env = with_key_command(&server, r#""sh print.sh""#).set("CLERK_SECRET_KEY", CANARY);
    assert_eq!(env.run(["users", "list"]).code, 0);
    assert!(server.requests()[0].contains(CANARY));
    assert!(!env.home().join("ran").exists());
}

#[test]
fn a_key_command_that_gives_no_key_says_so_and_shows_nothing_of_it() {
    let server = server();
    for (command, says) in [
        (r#""false""#, "failed (false: exit status: 1)"),
        (
            r#"["no-such-program", "CANARYsecret"]"#,
            "cannot be run: no-such-program",
        ),
        (
            r#""yes CANARYsecret""#,
            "printed more than one line with a key",
        ),
        (r#"["sh", "-c", "exit 3"]"#, "exit status: 3"),
    ] {
        let ran = with_key_command(&server, command).run(["users", "list"]);
        let error = ran.error(4);
        assert_eq!(error["code"], "key_command_failed", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains(says) && message.contains("profile vault"),
            "{message}"
        );
        assert!(!ran.stderr.contains("CANARYsecret"), "{ran:?}");
    }
    for (command, says) in [
        (r#"""#.repeat(2).as_str(), "is empty"),
        (r#""sh 'print.sh""#, "a quote in it does not end"),
        (
            "\"sh print.sh\"\nkey_file = \"key\"",
            "has a key_file and a key_command",
        ),
    ] {
        let error = with_key_command(&server, command)
            .run(["users", "list"])
            .error(2);
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
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

//! The rate governor behind commands: its settings, its file, and waits that are too long.

use crate::env::Env;

/// A local Clerk whose limits are taken for real ones.
fn limited(limits: &str) -> Env {
    Env::new().set("CLERK_API_LOCAL", "1").config(limits)
}

fn invite(env: &Env, address: &str) -> crate::env::Ran {
    env.run(["application-invitations", "create", "--email", address])
}

#[test]
fn reliability_3_2_a_share_out_of_bounds_is_refused_with_its_source() {
    let env = Env::new().set("CLERK_API_LOCAL", "1");
    for wrong in ["0.01", "0.95", "half", "-1"] {
        let ran = env.run(["users", "list", &format!("--share={wrong}")]);
        let error = ran.error(2);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("--share"), "{message}");
        assert!(message.contains("from 0.05 to 0.90"), "{message}");
        assert_eq!(error["sent"], "no");
    }
    let env = env.set("CLERK_API_SHARE", "1.5");
    let message = env.run(["users", "list"]).error(2)["message"].to_string();
    assert!(message.contains("CLERK_API_SHARE"), "{message}");
    let ran = env.run(["users", "list", "--share", "0.3"]);
    assert_eq!(ran.code, 0, "the flag goes before: {ran:?}");
    let env = Env::new().config("share = 2");
    let message = env.run(["users", "list"]).error(2)["message"].to_string();
    assert!(message.contains("configuration file"), "{message}");
}

#[test]
fn wrong_limits_are_named() {
    for (config, said) in [
        ("limits = 'some'", "auto, live, test, none"),
        ("[limits]\ninstance_per_second = 9", "instance_per_second"),
        ("[limits]\ninstance_per_10s = 0", "nonzero"),
        ("limits = 3", "auto, live, test, none"),
    ] {
        let ran = Env::new().config(config).run(["users", "list"]);
        let message = ran.error(2)["message"].to_string();
        assert!(message.contains(said), "{message}");
    }
}

#[test]
fn reliability_3_3_a_wait_of_an_hour_ends_a_single_command_before_it_sends() {
    let env = limited("[limits]\ninvitations_per_hour = 1");
    assert_eq!(invite(&env, "ada@example.com").code, 0);
    let error = invite(&env, "bob@example.com").error(75);
    assert_eq!(error["sent"], "no");
    let wait = error["retry_after_s"].as_f64().unwrap();
    assert!(wait > 3_500.0 && wait < 3_700.0, "{error}");
    // The hour is in the file, not in the process; other limits do not suffer.
    assert_eq!(env.run(["users", "list"]).code, 0);
}

#[cfg(unix)]
#[test]
fn reliability_3_6_the_file_is_private_and_only_there_where_limits_are_known() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = |env: &Env| env.home().join(".local/state/clerk-api/governor");
    let env = limited("limits = 'test'");
    assert_eq!(env.run(["users", "list"]).code, 0);
    let files = std::fs::read_dir(folder(&env)).unwrap();
    let files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let mode = std::fs::metadata(folder(&env))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    let unknown = limited("");
    assert_eq!(unknown.run(["users", "list"]).code, 0);
    assert!(!folder(&unknown).exists());
}

#[test]
fn reliability_3_6_a_file_that_cannot_be_used_is_a_warning() {
    let env = limited("limits = 'test'");
    env.file(
        ".local/state/clerk-api/governor",
        "a file where a folder should be",
    );
    let ran = env.run(["users", "list"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let warnings = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with("warning:"));
    assert_eq!(warnings.count(), 1, "{ran:?}");
    let quiet = env.run(["users", "list", "--quiet"]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn doctor_shows_share_and_limits_with_their_source() {
    let env = limited("share = 0.25").set("CLERK_API_SHARE", "0.2");
    let report = env.run(["doctor", "--offline"]).json();
    let settings = &report["settings"];
    assert_eq!(settings["share"]["value"], 0.2);
    assert_eq!(settings["share"]["source"], "environment CLERK_API_SHARE");
    assert_eq!(settings["limits"]["value"], "auto");
}

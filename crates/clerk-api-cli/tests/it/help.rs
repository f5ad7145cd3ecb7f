//! Help, completions, manual pages.

use crate::env::Env;

#[test]
fn every_command_has_help_and_no_flag_is_there_twice() {
    let env = Env::new();
    let man = env.home().join("man");
    // Building every page builds the whole tree, whose own checks find clashing flags in a debug build.
    let pages = env.run(["man", "--dir", &man.display().to_string()]).json();
    assert!(pages["pages"].as_u64().unwrap() > 60, "{pages}");
    assert!(man.join("clerk-api-users-update-metadata.1").exists());
    let page = env.run(["man", "users", "list"]);
    assert!(page.stdout.contains("starting\\-after"), "{}", page.stdout);
}

#[test]
fn completion_scripts_are_small_and_ask_the_program() {
    let env = Env::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let ran = env.run(["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(
            ran.stdout.len() < 2000,
            "{shell}: {} bytes",
            ran.stdout.len()
        );
        assert!(
            ran.stdout.contains("_CLERK_API_COMPLETE"),
            "{shell}: {}",
            ran.stdout
        );
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let env = Env::new().config("this is not a configuration");
    assert_eq!(
        env.run(["--version"]).stdout,
        concat!("clerk-api ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for arguments in [
        vec!["--help"],
        vec!["users", "--help"],
        vec!["users", "update", "--help"],
        vec!["help", "orgs", "create"],
    ] {
        let ran = env.run(&arguments);
        assert_eq!(ran.code, 0, "{arguments:?}");
        assert!(
            ran.stderr.is_empty() && ran.stdout.contains("Usage:"),
            "{ran:?}"
        );
    }
}

#[test]
fn flags_have_their_short_and_their_full_name() {
    let ran = Env::new().run(["users", "update-metadata", "-h"]);
    assert!(ran.stdout.contains("--public <JSON>"), "{}", ran.stdout);
    assert!(ran.stdout.contains("--public-metadata"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("Example:\n  clerk-api users update-metadata user_"),
        "{}",
        ran.stdout
    );
}

#[test]
fn short_help_is_about_this_command_and_long_help_about_everything() {
    let env = Env::new();
    let short = env.run(["users", "list", "-h"]).stdout;
    let long = env.run(["users", "list", "--help"]).stdout;
    for flag in ["--show-secrets", "--key-file", "--dry-run <", "Connection:"] {
        assert!(!short.contains(flag), "{flag}: {short}");
    }
    assert!(
        short.contains("Global options: --output, --fields"),
        "{short}"
    );
    assert_eq!(
        short.matches("\n  clerk-api users list").count(),
        1,
        "{short}"
    );
    for text in ["--show-secrets", "--key-file", "Connection:", "Examples:"] {
        assert!(long.contains(text), "{text}: {long}");
    }
    assert!(env.run(["users", "get", "-h"]).stdout.lines().count() < 20);
}

#[test]
fn another_word_for_a_command_or_flag_leads_to_it() {
    let env = Env::new();
    let ran = env.run(["users", "organizations", "ada@example.com"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr
            .contains("did you mean `clerk-api users memberships`"),
        "{}",
        ran.stderr
    );
    let ran = env.run(["users", "list", "--mail", "ada@example.com"]);
    assert!(
        ran.stderr.contains("did you mean --email;"),
        "{}",
        ran.stderr
    );
    let ran = env.run(["users", "lst"]);
    assert!(ran.stderr.contains("'list'"), "{}", ran.stderr);
}

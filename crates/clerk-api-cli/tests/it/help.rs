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
            .contains("Examples:\n  clerk-api users update-metadata user_"),
        "{}",
        ran.stdout
    );
}

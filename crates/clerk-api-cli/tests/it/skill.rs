//! The skill and the README: every command in a `sh` block runs, in the order of the text, on one fresh local Clerk.

use std::path::PathBuf;

use crate::env::Env;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The lines of all `sh` blocks of a file, as one script.
fn script(name: &str) -> String {
    let text = std::fs::read_to_string(root().join(name)).unwrap();
    let mut lines = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => lines.push(line),
            _ => {}
        }
    }
    assert!(!lines.is_empty(), "{name} holds no commands");
    lines.join("\n")
}

#[track_caller]
fn run_all(names: &[&str]) {
    let env = Env::new().set("CLERK_API_LOCAL", "1");
    let scripts: Vec<String> = names.iter().map(|name| script(name)).collect();
    let ran = env.shell(&format!("set -eu\n{}", scripts.join("\n")));
    assert_eq!(ran.code, 0, "{names:?}\n{}\n{}", ran.stdout, ran.stderr);
}

#[test]
fn every_command_of_the_skill_runs() {
    run_all(&[
        "skills/clerk-api/SKILL.md",
        "skills/clerk-api/references/errors.md",
        "skills/clerk-api/references/commands.md",
    ]);
}

#[test]
fn every_command_about_output_runs() {
    run_all(&["skills/clerk-api/references/output.md"]);
}

#[test]
fn the_skill_lists_every_command() {
    let text =
        std::fs::read_to_string(root().join("skills/clerk-api/references/commands.md")).unwrap();
    for op in clerk_api::ops::all() {
        let action = op.meta.action().replace('_', "-");
        let named = text
            .split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .any(|word| word == action);
        assert!(named, "{} is not in commands.md", op.meta.name);
    }
}

#[test]
fn every_command_of_the_page_on_testing_runs() {
    let env = Env::new();
    // Test runners that do what counts here: they ask the instance that the environment names.
    for runner in ["npm", "npx", "pytest"] {
        let path = env.file(
            &format!("bin/{runner}"),
            "#!/bin/sh\nset -e\ntest -n \"$NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY\"\nclerk-api users count --jq .total_count >> \"$HOME/ran\"\n",
        );
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(path, mode).unwrap();
    }
    let script = script("docs/testing.md");
    let ran = env.shell(&format!("set -eu\nPATH=\"$HOME/bin:$PATH\"\n{script}"));
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let asked = std::fs::read_to_string(env.home().join("ran")).unwrap();
    let called = ["npm test", "npx vitest", "-- pytest"].map(|call| script.matches(call).count());
    assert_eq!(asked.lines().count(), called.iter().sum::<usize>());
}

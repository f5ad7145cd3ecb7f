//! The skill and the README: every command in a `sh` block runs, in the order of the text, on one fresh local Clerk.

use std::path::PathBuf;

use crate::clerk::clerk;
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
    ]);
}

#[test]
fn every_command_for_setting_up_agents_runs() {
    let env = Env::new().set("CLERK_API_LOCAL", "1");
    std::fs::create_dir(env.home().join(".codex")).unwrap();
    let ran = env.shell(&format!("set -eu\n{}", script("docs/skill.md")));
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
}

#[test]
fn every_command_of_the_page_on_scripts_runs() {
    run_all(&["docs/scripts.md"]);
}

#[test]
fn every_command_about_output_runs() {
    run_all(&["skills/clerk-api/references/output.md"]);
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

/// A command, after others that lead to its error.
struct Case {
    code: &'static str,
    param: Option<&'static str>,
    line: &'static str,
}

/// What ends with each error that the skill names, in the order of one local Clerk's life.
#[rustfmt::skip]
const CASES: &[Case] = &[
    case("resource_not_found", "users get user_2abc"),
    case_of("resource_not_found", "role", "organizations add-member acme --user-id kay@example.com --role admin"),
    case("form_data_missing", "users create --first-name Ada"),
    case("form_identifier_exists", "users create --email kay@example.com"),
    case_of("form_identifier_exists", "slug", "organizations create --name Other --slug acme"),
    case("already_a_member_in_organization", "organizations add-member acme --user-id ada@example.com --role org:member"),
    case("organization_minimum_permissions_needed", "organizations remove-member acme --user-id ada@example.com --yes"),
    case("organization_invitation_not_unique", "invitations create acme --email grace@example.com --role org:member"),
    case("duplicate_record", "application-invitations create --email grace@example.com"),
    case("organization_membership_quota_exceeded", "organizations add-member acme --user-id kay@example.com --role org:member"),
    case("organization_invitation_not_pending", "invitations revoke acme --invitation-id $(clerk-api invitations revoke acme --invitation-id $(clerk-api invitations list acme --output ids) --output ids)"),
    case("organization_slugs_disabled", "organizations create --name Third --slug third$(clerk-api instance update-organization-settings --slug-disabled --quiet >&2)"),
];

const fn case(code: &'static str, line: &'static str) -> Case {
    let param = None;
    Case { code, param, line }
}

const fn case_of(code: &'static str, param: &'static str, line: &'static str) -> Case {
    let param = Some(param);
    Case { code, param, line }
}

/// The codes of the skill's table, each with its parameter. Codes of the program itself are tested where they come from.
fn named_errors() -> Vec<(String, Option<String>)> {
    let table = include_str!("../../../../skills/clerk-api/references/errors.md");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.skip(1).map(|line| line.split('|').nth(1).unwrap());
    let named = cells.map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned));
    named
        .map(|mut names| (names.next().unwrap(), names.next()))
        .collect()
}

/// Runs a line that fails, and says which error of the API it was.
#[track_caller]
fn provoked(env: &Env, line: &str) -> (String, Option<String>) {
    let ran = env.shell(&format!("clerk-api {line}"));
    assert_ne!(ran.code, 0, "{line}: {ran:?}");
    let error = ran.error(ran.code);
    let param = error["errors"][0]["meta"]["param_name"].as_str();
    let code = error["clerk_code"].as_str().unwrap_or_default();
    (code.to_owned(), param.map(str::to_owned))
}

#[test]
fn every_error_that_the_skill_names_comes() {
    let (server, env) = clerk(&[]);
    for line in [
        "users create --email ada@example.com",
        "users create --email kay@example.com",
        "organizations create --name Acme --slug acme --created-by ada@example.com --max-allowed-memberships 2",
        "invitations create acme --email grace@example.com --role org:member",
        "application-invitations create --email grace@example.com",
    ] {
        env.shell(&format!("clerk-api {line}")).json();
    }
    let mut seen = Vec::new();
    for case in CASES {
        let (code, param) = provoked(&env, case.line);
        assert_eq!(code, case.code, "{}", case.line);
        seen.push((code, param.filter(|_| case.param.is_some())));
        assert_eq!(
            seen.last().unwrap().1.as_deref(),
            case.param,
            "{}",
            case.line
        );
    }
    let other = Env::at(server.url()).set("CLERK_SECRET_KEY", "sk_test_0000000000000000");
    seen.push(provoked(&other, "users list"));
    let (_busy, env) = clerk(&[r#"{"on":"GET /users","status":429,"retry_after":"60"}"#]);
    seen.push(provoked(&env, "users list"));
    let mut named = named_errors();
    named.sort();
    seen.sort();
    assert_eq!(named, seen);
}

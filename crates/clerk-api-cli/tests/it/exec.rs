//! `local exec`: what the command sees, how it ends, what stays.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::env::{BINARY, Env};

/// Runs a line of shell inside.
fn exec(env: &Env, flags: &[&str], script: &str) -> crate::env::Ran {
    let mut arguments = vec!["local", "exec"];
    arguments.extend(flags);
    arguments.extend(["--", "sh", "-c", script]);
    env.run(arguments)
}

#[test]
fn the_command_finds_a_new_instance_that_vanishes_with_it() {
    let env = Env::new()
        .set("CLERK_API_LOCAL", "1")
        .set("CLERK_JWT_KEY", "another instance's")
        .set("CLERK_API_PROFILE", "prod");
    let create = "clerk-api users create --email ada@example.com --skip-password-requirement >/dev/null && \
                  clerk-api users count --jq .total_count && \
                  echo $CLERK_LOCAL_DATABASE ${CLERK_API_LOCAL-gone} ${CLERK_JWT_KEY-gone} ${CLERK_API_PROFILE-gone}";
    for _ in 0..2 {
        // The profile does not exist: it must be gone inside, and `exec` itself needs none.
        let ran = env.shell(&format!(
            "unset CLERK_API_PROFILE; clerk-api local exec -- sh -c '{create}'"
        ));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
        let (count, rest) = ran.stdout.split_once('\n').unwrap();
        assert_eq!(count, "1");
        let (database, gone) = rest.trim().split_once(' ').unwrap();
        assert_eq!(gone, "gone gone gone");
        assert!(!std::path::Path::new(database).parent().unwrap().exists());
    }
    assert!(!env.home().join(".local").exists(), "nothing was left");
}

#[test]
fn every_sdk_is_told_where_the_instance_is() {
    let env = Env::new().set("NO_PROXY", "corp.example");
    let ran = exec(&env, &[], "env | sort");
    let all: Vec<(&str, &str)> = ran
        .stdout
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let of = |name: &str| {
        let found = all.iter().find(|(other, _)| *other == name);
        found
            .unwrap_or_else(|| panic!("no {name}: {ran:?}"))
            .1
            .to_owned()
    };
    let url = of("CLERK_API_URL");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(of("CLERK_BACKEND_API_URL"), url);
    assert_eq!(of("CLERK_LOCAL_URL"), url);
    assert!(of("CLERK_SECRET_KEY").starts_with("sk_test_"));
    assert!(of("CLERK_LOCAL_CONTROL_TOKEN").starts_with("lct_"));
    for prefix in ["", "NEXT_PUBLIC_", "VITE_", "NUXT_PUBLIC_"] {
        let key = of(&format!("{prefix}CLERK_PUBLISHABLE_KEY"));
        assert_eq!(key, "pk_test_Y2xlcmsubG9jYWxob3N0JA==");
        assert_eq!(of(&format!("{prefix}CLERK_TELEMETRY_DISABLED")), "1");
    }
    assert_eq!(of("NO_PROXY"), "corp.example,127.0.0.1,localhost,::1");
}

#[test]
fn the_exit_code_is_the_commands() {
    let env = Env::new();
    for (script, code) in [
        ("exit 0", 0),
        ("exit 3", 3),
        ("exit 255", 255),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ] {
        assert_eq!(exec(&env, &[], script).code, code, "{script}");
    }
}

#[test]
fn a_command_that_cannot_run_is_an_error_of_its_own() {
    let env = Env::new();
    let error = env
        .run(["local", "exec", "--", "no-such-command-here"])
        .error(127);
    assert_eq!(error["code"], "command_not_found");
    let plain = env.file("plain.txt", "not a program");
    let error = env
        .run(["local", "exec", "--", plain.to_str().unwrap()])
        .error(126);
    assert_eq!(error["code"], "command_not_run");
    env.run(["local", "exec"]).error(2);
}

#[test]
fn input_output_and_rights_of_files_are_the_commands_own() {
    let env = Env::new();
    let ran = env.run_with(
        [
            "local",
            "exec",
            "--",
            "sh",
            "-c",
            "umask 0022; clerk-api local exec -- sh -c 'cat; echo said >&2; touch made'",
        ],
        "typed",
    );
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "typed", "said\n")
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &env.home().join("made").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn signals_reach_the_command_and_the_server_outlives_it() {
    let env = Env::new();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let script = "trap 'clerk-api users count --jq .total_count; exit 9' INT TERM HUP; echo ready; \
                      while :; do sleep 0.01; done";
        let mut child = env
            .command(BINARY)
            .args(["local", "exec", "--", "sh", "-c", script])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready");
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), "0", "{signal:?}");
        assert_eq!(child.wait().unwrap().code(), Some(9), "{signal:?}");
    }
}

#[test]
fn a_named_instance_stays_and_commands_inside_mean_the_one_around_them() {
    let env = Env::new();
    let inside = "clerk-api local status --jq '.users, .running.url' && echo $CLERK_LOCAL_URL && \
                  clerk-api local reset --yes >/dev/null && clerk-api users count --jq .total_count";
    let ran = exec(&env, &["--seed-users", "4"], inside);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[0], "4", "{ran:?}");
    assert_eq!(lines[1].trim_matches('"'), lines[2]);
    assert_eq!(lines[3], "0");
    exec(
        &env,
        &[
            "--local=team",
            "--seed-users",
            "3",
            "--seed-organizations",
            "1",
        ],
        "true",
    );
    let status = env.run(["local", "status", "--local=team"]).json();
    assert_eq!(
        (&status["users"], &status["organizations"]),
        (&3.into(), &1.into())
    );
    assert!(status["running"].is_null());
}

#[test]
fn a_usual_profile_does_not_contradict_the_instance() {
    let env = Env::new().config(
        "profile = \"prod\"\n[profiles.prod]\nkey_file = \"/nowhere/key\"\nenv = \"live\"\n",
    );
    let ran = exec(&env, &[], "clerk-api users count --jq .total_count");
    assert_eq!((ran.code, ran.stdout.trim()), (0, "0"), "{ran:?}");
}

#[test]
fn with_clock_and_ids_two_runs_answer_the_same_bytes() {
    // The links of invitations name the port, which is another one in each run.
    let env = Env::new();
    let script = r#"
      ask() { curl -sS -i -H "Authorization: Bearer $CLERK_SECRET_KEY" -H "Content-Type: application/json" "$@" | sed "s#$CLERK_API_URL#URL#g"; echo; }
      ask "$CLERK_API_URL/v1/users" -d '{"email_address":["ada@example.com"],"password":"correct horse battery"}'
      ask "$CLERK_API_URL/v1/organizations" -d '{"name":"Analytical Engines"}'
      ask "$CLERK_API_URL/v1/invitations" -d '{"email_address":"grace@example.com"}'
      ask "$CLERK_API_URL/v1/users?limit=5"
      ask "$CLERK_API_URL/v1/users/user_none"
      clerk-api users list
    "#;
    let flags = |clock| ["--clock", clock, "--ids", "7", "--seed-users", "3"];
    let first = exec(&env, &flags("2026-01-01T00:00:00Z"), script);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.stdout.contains("x-clerk-trace-id: "), "{first:?}");
    assert!(
        first.stdout.contains("Thu, 01 Jan 2026 00:00:00 GMT"),
        "{first:?}"
    );
    let second = exec(&env, &flags("2026-01-01T00:00:00Z"), script);
    assert_eq!(first.stdout, second.stdout);
    let other = exec(&env, &flags("2026-01-02"), script);
    assert_ne!(first.stdout, other.stdout);
    env.run(["local", "exec", "--clock", "soon", "--", "true"])
        .error(2);
}

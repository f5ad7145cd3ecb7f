//! `audit`, with the real binary against a real local Clerk.

use std::path::Path;

use serde_json::Value;

use crate::clerk::clerk;
use crate::env::{Env, Ran};

fn line(env: &Env, line: &str) -> Ran {
    env.run(line.split(' '))
}

/// Two organizations: one with an admin and an invited admin, one without members.
fn people(env: &Env) {
    for name in ["ada", "bo"] {
        line(
            env,
            &format!("users create --email {name}@acme.com --skip-password-requirement"),
        )
        .json();
    }
    line(env, "onboard --name Acme --slug acme --created-by ada@acme.com --admin ada@acme.com,eve@acme.co").json();
    line(env, "organizations create --name Empty --slug empty").json();
}

fn found(document: &Value) -> Vec<String> {
    let rows = document["findings"].as_array().unwrap().iter();
    rows.map(|row| row["says"].as_str().unwrap().to_owned())
        .collect()
}

const FOUND: [&str; 5] = [
    "ada@acme.com can manage acme, and has no second factor",
    "eve@acme.co is invited to acme, where no member and no verified domain has acme.co",
    "eve@acme.co is invited to acme as org:admin",
    "empty has no members",
    "bo@acme.com is in no organization",
];

#[test]
fn an_instance_is_read_and_what_is_wrong_is_reported() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    let report = line(&env, "audit").json();
    assert_eq!(found(&report), FOUND);
    assert_eq!(report["source"]["counts"]["users"], 2);
    assert_eq!(report["source"]["consistent"], true);
    assert_eq!(report["summary"]["by_severity"]["high"], 1);
    assert_eq!(report["summary"]["known"], Value::Null);
    let picked = |fields: &str| env.run(["audit", "--fields", fields]).json();
    let summary = picked("summary.findings");
    assert_eq!(summary["summary"]["findings"], FOUND.len());
    assert_eq!(summary.as_object().unwrap().len(), 1);
    let both = picked("summary.findings, findings.rule");
    assert_eq!(both["findings"].as_array().unwrap().len(), FOUND.len());
    // What was read is kept for questions.
    env.run(["audit", "sql", "SELECT nothing FROM users"])
        .error(2);
    let rows = env.run([
        "audit",
        "sql",
        "SELECT slug, members_count FROM organizations ORDER BY slug",
    ]);
    assert_eq!(
        rows.json(),
        serde_json::json!([{"slug": "acme", "members_count": 1}, {"slug": "empty", "members_count": 0}])
    );
    assert!(rows.stderr.contains("this was read at"), "{rows:?}");
    // A rule as it is printed, with a comment in front, is a statement too.
    let rule = line(&env, "audit rules organization-without-members --print");
    let rows = env.run_with(["audit", "sql", "-"], &rule.stdout);
    assert_eq!(rows.json()[0]["organization"], "empty");
    let acme = line(&env, "audit --org acme").json();
    assert_eq!(found(&acme), FOUND[..3]);
    line(&env, "audit --org nowhere").error(2);
}

#[test]
fn severities_that_fail_suppressions_and_baselines() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    line(&env, "export --to all.sqlite").json();
    let audit = "audit --from all.sqlite";
    let ran = line(&env, &format!("{audit} --fail-on medium"));
    let error = ran.error(3);
    assert_eq!(
        error["message"],
        "found what is medium or worse: 3 findings"
    );
    assert_eq!(error["code"], "findings");
    assert!(
        ran.stdout.contains("\"findings\""),
        "the report comes all the same"
    );
    line(&env, &format!("{audit} --fail-on critical")).json();

    let first = line(&env, audit);
    env.file("last.json", &first.stdout);
    let user = first.json()["findings"][0]["about"]["user_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let suppress = format!(
        "[[suppress]]\nrule = \"admin-without-second-factor\"\nid = \"{user}\"\nreason = \"known\"\nuntil = "
    );
    env.file("audit.toml", format!("{suppress}2099-01-01\n"));
    line(&env, &format!("{audit} --config audit.toml --fail-on high")).json();
    env.file("old.toml", format!("{suppress}2020-01-01\n"));
    let ran = line(&env, &format!("{audit} --config old.toml --fail-on high"));
    ran.error(3);
    assert!(
        ran.stderr.contains("was over on 2020-01-01: 1 finding"),
        "{ran:?}"
    );

    for baseline in ["last.json", "all.sqlite"] {
        let report = line(
            &env,
            &format!("{audit} --baseline {baseline} --fail-on info"),
        )
        .json();
        assert_eq!(report["summary"]["findings"], 0);
        assert_eq!(report["summary"]["known"], 5);
    }
    let error = line(&env, "audit --from last.json").error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("cannot read last.json as an export"),
        "{error}"
    );
    let error = line(&env, "audit --from all.sqlite rules").error(2);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("write it after it"),
        "{error}"
    );
}

#[test]
fn every_form_of_a_report_and_files_for_their_owner_only() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    line(&env, "export --to all.sqlite").json();
    for (form, begin) in [
        ("json", "{\"object\":\"audit\""),
        ("ndjson", "{\"rule\":"),
        ("table", "SEVERITY"),
        ("csv", "\"severity\",\"rule\","),
        ("yaml", "object: "),
        ("markdown", "# Audit\n"),
        ("sarif", "{\"$schema\":"),
        ("junit", "<?xml version=\"1.0\""),
        ("html", "<!DOCTYPE html><html lang=\"en\">"),
    ] {
        let audit = format!("audit --from all.sqlite -o {form}");
        let ran = line(&env, &audit);
        assert!(
            ran.code == 0 && ran.stdout.starts_with(begin),
            "{form}: {ran:?}"
        );
        let ran = line(&env, &format!("{audit} --to out.{form}"));
        assert!(ran.code == 0 && ran.stdout.is_empty(), "{form}: {ran:?}");
        let path = env.home().join(format!("out.{form}"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(begin), "{form}: {text}");
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600);
        line(&env, &format!("{audit} --to out.{form}")).error(2);
        line(&env, &format!("{audit} --to out.{form} --force"));
    }
    line(&env, "audit -o pdf").error(2);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_form_in_front_of_audit_is_refused_with_its_place() {
    for form in ["html", "markdown", "sarif", "junit"] {
        let error = Env::new().run(["--output", form, "audit"]).error(2);
        let place = format!("`clerk-api audit --output {form}`");
        assert!(error["hint"].to_string().contains(&place), "{error}");
    }
    let error = Env::new().run(["users", "list", "-o", "html"]).error(2);
    assert!(
        error["hint"]
            .to_string()
            .contains("only `audit` writes html"),
        "{error}"
    );
    let error = Env::new().run(["users", "list", "-o", "xml"]).error(2);
    assert!(!error.to_string().contains("audit"), "{error}");
}

#[test]
fn snapshots_are_kept_and_compared() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    let first = line(&env, "audit snapshot").json();
    line(
        &env,
        "organizations add-member acme --user-id bo@acme.com --role org:admin",
    )
    .json();
    line(
        &env,
        "organizations update-member acme --user-id ada@acme.com --role org:member",
    )
    .json();
    let second = line(&env, "audit snapshot --keep 90d").json();
    assert_eq!(second["kept"].as_array().unwrap().len(), 2);
    assert_eq!(second["deleted"].as_array().unwrap().len(), 0);
    let file = |document: &Value| document["file"].as_str().unwrap().to_owned();
    #[cfg(unix)]
    assert_eq!(mode(Path::new(&file(&first))), 0o600);
    let (old, new) = (file(&first), file(&second));
    let changes = env.run(["audit", "diff", &old, &new]).json();
    let rows: Vec<String> = changes["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {}",
                row["change"], row["who"], row["before"], row["after"]
            )
            .replace('"', "")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "member_came bo@acme.com null org:admin",
            "member_role ada@acme.com org:admin org:member",
        ]
    );
    let table = env.run(["audit", "diff", &old, &new, "-o", "table"]);
    assert!(table.stdout.starts_with("CHANGE"), "{table:?}");
    line(&env, "audit snapshot --keep soon").error(2);
}

#[test]
fn a_tree_shows_who_is_where_and_what_is_wrong() {
    let (_clerk, env) = clerk(&[]);
    people(&env);
    let ran = line(&env, "audit tree -o table");
    let day = &ran.stdout[ran.stdout.find("org:admin, 2").unwrap() + 11..][..10];
    insta::assert_snapshot!(ran.stdout.replace(day, "[day]"), @"
    Acme (acme)  1 member, 1 admin, 1 invitation, 2 findings
    ├─ ada@acme.com  org:admin, never signed in
    ├─ eve@acme.co  invited as org:admin, [day]
    ├─ ! medium: eve@acme.co is invited to acme, where no member and no verified domain has acme.co
    └─ ! medium: eve@acme.co is invited to acme as org:admin

    Empty (empty)  0 members, 0 admins, 0 invitations, 1 finding
    └─ ! low: empty has no members
    ");
    let tree = line(&env, "audit tree --org acme").json();
    assert_eq!(tree[0]["members"][0]["role"], "org:admin");
    assert_eq!(tree[0]["findings"].as_array().unwrap().len(), 3);
}

#[test]
fn rules_and_tables_are_shown_without_a_key() {
    let env = Env::new();
    let rules = line(&env, "audit rules").json();
    assert!(rules.as_array().unwrap().len() >= 20);
    let rule = line(&env, "audit rules admin-dormant").json();
    assert_eq!(rule["numbers"][0]["value"], 45);
    assert!(rule["sql"].as_str().unwrap().contains(":cutoff"));
    let script = line(&env, "audit rules admin-dormant --print --dialect duckdb");
    assert!(script.stdout.contains("u.created_at < '2"), "{script:?}");
    line(&env, "audit rules nothing").error(2);
    let columns = line(&env, "audit schema").json();
    assert!(
        columns
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["table"] == "users" && row["column"] == "two_factor_enabled")
    );
}

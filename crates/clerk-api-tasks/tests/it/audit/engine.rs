//! Baselines, suppressions, one organization, rules of the user's own.

use std::collections::BTreeSet;
use std::io;

use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::report::json;
use clerk_api_tasks::audit::{Config, Options, Organization, Severity, check, fingerprints, rules};

use serde_json::Value;

use super::world::{READ_AT, World};

const LINES: &str = "
    org acme
    org other
    user ada two_factor_enabled=0
    user bo two_factor_enabled=0
    user cy
    member acme ada org:admin
    member acme cy org:admin
    member other bo org:admin
    member other cy org:admin
    invite early acme x@acme.com org:member created_at=-100d";

fn config(world: &World, text: &str) -> Config {
    let path = world.path("audit.toml");
    fs_err::write(&path, text).unwrap();
    Config::read(&path, &rules::built_in().unwrap()).unwrap()
}

#[test]
fn findings_become_text_in_their_order_until_nobody_takes_more() {
    let world = World::new();
    let mut lines = "org acme\n".to_owned();
    (0..3_000).for_each(|number| lines += &format!("user u{number}\n"));
    let database = world.open(&lines);
    let report = check(&database, &rules::built_in().unwrap(), &Options::default()).unwrap();
    let mut texts: Vec<Value> = Vec::new();
    json::each_text(&report, |text| -> io::Result<()> {
        texts.push(serde_json::from_str(text)?);
        Ok(())
    })
    .unwrap();
    assert!(texts.len() >= 3_000, "{}", texts.len());
    assert_eq!(json::document(&report)[json::FINDINGS], Value::Array(texts));

    let mut taken = 0;
    let ended = json::each_text(&report, |_| {
        taken += 1;
        match taken {
            3 => Err(io::Error::other("full")),
            _ => Ok(()),
        }
    });
    assert_eq!((taken, ended.unwrap_err().to_string()), (3, "full".into()));
}

#[test]
fn findings_suppressed_over_and_known_are_counted_apart() {
    let world = World::new();
    let database = world.open(LINES);
    let rules = rules::built_in().unwrap();
    let first = check(&database, &rules, &Options::default()).unwrap();
    assert_eq!(
        (first.findings(), first.suppressed(), first.known()),
        (3, 0, 0)
    );
    assert_eq!(
        (first.of(Severity::High), first.at_least(Severity::Low)),
        (2, 3)
    );

    let suppress = |id: &str, until: &str| {
        format!(
            "[[suppress]]\nrule = \"admin-without-second-factor\"\nid = \"{id}\"\nreason = \"a key in the safe\"\nuntil = {until}\n"
        )
    };
    let text = [
        suppress("ada", "2026-11-30"),
        suppress("bo", "2026-11-29"),
        suppress("nobody", "2027-01-01"),
    ];
    let options = Options {
        audited_at: READ_AT,
        config: config(&world, &text.join("\n")),
        ..Options::default()
    };
    let second = check(&database, &rules, &options).unwrap();
    assert_eq!(
        (second.findings(), second.suppressed(), second.known()),
        (2, 1, 0)
    );
    assert_eq!(second.expired.len(), 1, "bo's is over");
    assert_eq!(
        (second.expired[0].0.id.as_str(), second.expired[0].1),
        ("bo", 1)
    );
    assert_eq!(second.unused[0].id, "nobody");

    // What an earlier report had is known, whether as its JSON or as an export of that time.
    let text = json::document(&first).to_string();
    let of_report = json::baseline("last.json", text.as_bytes()).unwrap();
    let of_export = fingerprints(&database, &rules, &Config::default()).unwrap();
    assert_eq!(of_report, of_export);
    let options = Options {
        baseline: Some(of_report),
        ..Options::default()
    };
    let third = check(&database, &rules, &options).unwrap();
    assert_eq!((third.findings(), third.known()), (0, 3));
    // A report that was made with a baseline is one itself, with all that was known.
    let text = json::document(&third).to_string();
    assert_eq!(
        json::baseline("last.json", text.as_bytes()).unwrap(),
        of_export
    );
    assert!(json::baseline("x", b"{}").is_err());
}

#[test]
fn one_organization_is_looked_at_with_its_people() {
    let world = World::new();
    let database = world.open(LINES);
    let options = Options {
        organization: Some(Organization::find(&database, "acme").unwrap()),
        ..Options::default()
    };
    let report = check(&database, &rules::built_in().unwrap(), &options).unwrap();
    let found: BTreeSet<String> = report
        .worst_first()
        .into_iter()
        .flat_map(|rule| rule.findings.iter().map(|finding| rule.says(finding)))
        .collect();
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [
            "ada@acme.com can manage acme, and has no second factor",
            "the invitation of x@acme.com to acme is old"
        ]
    );
    assert!(Organization::find(&database, "nowhere").is_err());
}

#[test]
fn rules_of_a_folder_work_like_ours_and_can_replace_them() {
    let world = World::new();
    let database = world.open(LINES);
    let folder = world.path("rules");
    fs_err::create_dir(&folder).unwrap();
    let head = |id: &str, sql: &str| {
        format!(
            "-- id: {id}\n-- severity: critical\n-- title: Mine\n-- says: {{user_id}} is here\n-- why: It is.\n-- mend: clerk-api users get {{user_id}}\n-- about: user_id\n\n{sql}\n"
        )
    };
    let write = |name: &str, text: String| fs_err::write(folder.join(name), text).unwrap();
    write("mine.sql", head("mine", "SELECT id AS user_id FROM users"));
    write(
        "other.sql",
        head(
            "invitation-stale",
            "SELECT id AS user_id FROM users LIMIT 1",
        ),
    );
    let mut all = rules::built_in().unwrap();
    let count = all.len();
    rules::add_folder(&mut all, &folder).unwrap();
    assert_eq!(all.len(), count + 1);
    let report = check(&database, &all, &Options::default()).unwrap();
    assert_eq!(report.of(Severity::Critical), 4);

    write("other.sql", head("wrong", "SELECT id FROM users"));
    let mut all = Vec::new();
    rules::add_folder(&mut all, &folder).unwrap();
    let error = check(&database, &all, &Options::default()).unwrap_err();
    assert!(
        error
            .message
            .ends_with("other.sql: the statement has no column user_id, which the head names"),
        "{error}"
    );

    write(
        "other.sql",
        head("writes", "DELETE FROM users RETURNING id AS user_id"),
    );
    let mut all = Vec::new();
    rules::add_folder(&mut all, &folder).unwrap();
    let error = check(&database, &all, &Options::default()).unwrap_err();
    assert!(
        error
            .message
            .contains("the statement does more than read the tables"),
        "{error}"
    );
}

#[test]
fn what_is_no_export_is_refused() {
    let world = World::new();
    let path = world.path("other.sqlite");
    super::world::other_database(&path);
    let error = |path: &std::path::Path| Database::open(path).err().unwrap().message;
    assert!(error(&path).ends_with("is a database, and no export of this program"));
    fs_err::write(&path, "SELECT").unwrap();
    assert!(error(&path).contains("cannot read"), "{}", error(&path));
    assert!(error(&world.path("none")).contains("there is no file"));
}

#[test]
fn a_rule_whose_tables_were_not_exported_is_not_run() {
    let world = World::new();
    let database =
        world.open("org acme\nmeta consistent.organizations true\nmeta consistent.users true");
    let report = check(&database, &rules::built_in().unwrap(), &Options::default()).unwrap();
    assert_eq!(report.findings(), 0, "nobody knows whether it has members");
    let skipped = |id: &str| {
        report
            .skipped
            .iter()
            .find(|(rule, _)| rule == id)
            .map(|(_, table)| *table)
    };
    assert_eq!(skipped("organization-without-members"), Some("memberships"));
    assert_eq!(skipped("organization-near-limit"), None);
    assert_eq!(skipped("user-duplicate-address"), None);
    let known = fingerprints(&database, &rules::built_in().unwrap(), &Config::default()).unwrap();
    assert_eq!(known.len(), 0, "so it is in a baseline");
    let database =
        World::new().open("meta consistent.users true\nmeta since.users 2026-11-01T00:00:00.000Z");
    let report = check(&database, &rules::built_in().unwrap(), &Options::default()).unwrap();
    assert_eq!(report.rules.len(), 0, "some users only");
}

//! The rules that come with this program, and those in a folder of the user's own.

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

use super::head;
use super::rule::Rule;

/// The text of each rule, by its name.
macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("rules/", $name, ".sql")))),*]
    };
}

/// In the order of reports: organizations, admins, members, invitations, users.
const TEXTS: &[(&str, &str)] = texts![
    "organization-without-members",
    "organization-without-admin",
    "organization-missing-permissions",
    "organization-with-one-admin",
    "organization-near-limit",
    "organization-abandoned",
    "role-outside-role-set",
    "admin-dormant",
    "admin-without-second-factor",
    "admin-unverified-address",
    "admin-of-many",
    "member-banned-or-locked",
    "member-outside-domains",
    "invitation-stale",
    "invitation-to-member",
    "invitation-double",
    "invitation-foreign-domain",
    "invitation-as-admin",
    "application-invitation-stale",
    "user-without-organization",
    "user-never-signed-in",
    "user-duplicate-address",
    "user-duplicate-person",
    "user-disposable-domain",
];

/// The rules that come with this program.
///
/// # Errors
/// A head that is wrong, which a test excludes.
pub fn built_in() -> Outcome<Vec<Rule>> {
    TEXTS
        .iter()
        .map(|(name, text)| head::read(&format!("audit/rules/{name}.sql"), text))
        .collect()
}

/// The whole text of a rule that comes with this program.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    let found = TEXTS.iter().find(|(name, _)| *name == id);
    found.map(|(_, text)| *text)
}

/// Adds the rules of a folder: each file `*.sql` in it, by name. One that has the id of an earlier rule takes its place.
///
/// # Errors
/// A folder that cannot be read, and a rule that is wrong.
pub fn add_folder(rules: &mut Vec<Rule>, folder: &Path) -> Outcome<()> {
    let unreadable = |error: std::io::Error| {
        Problem::usage(format!("cannot read the rules in {}", folder.display()))
            .cause(error.to_string())
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "sql") {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        let message = format!("there is no rule in {}", folder.display());
        return Err(Problem::usage(message).hint("a rule is a file with the ending .sql"));
    }
    paths.sort();
    let mut own: Vec<Rule> = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(unreadable)?;
        let rule = head::read(&path.display().to_string(), &text)?;
        if let Some(other) = own.iter().find(|other| other.id == rule.id) {
            return Err(Problem::usage(format!(
                "{} and {} have the same id {}",
                other.file, rule.file, rule.id
            )));
        }
        own.push(rule);
    }
    rules.retain(|rule| !own.iter().any(|other| other.id == rule.id));
    rules.extend(own);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_whole_and_has_the_name_of_its_file() {
        let rules = built_in().unwrap();
        for (rule, (name, _)) in rules.iter().zip(TEXTS) {
            assert_eq!(&rule.id, name);
            assert!(rule.mend.source().starts_with("clerk-api "), "{name}");
            assert!(rule.why.ends_with('.'), "{name}");
            for line in rule.sql.lines() {
                assert!(line.len() <= 120, "{name}: {line}");
            }
        }
        let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/audit/rules")).unwrap();
        assert_eq!(files.count(), rules.len(), "every file is in the list");
    }

    #[test]
    fn rules_keep_to_what_sqlite_duckdb_and_spark_have_in_common() {
        let others = [
            "strftime",
            "julianday",
            "datetime(",
            "json_",
            "glob",
            "regexp",
            "ifnull",
            "group_concat",
            "iif(",
            "date(",
            "::",
            "= 1",
            "= 0",
            "interval",
        ];
        for rule in built_in().unwrap() {
            // An amount may be nothing; a boolean is a condition by itself.
            let sql = rule
                .sql
                .to_lowercase()
                .replace("end) = 0", "")
                .replace("end) = 1", "");
            for word in others {
                assert!(!sql.contains(word), "{}: {word}", rule.id);
            }
        }
    }
}

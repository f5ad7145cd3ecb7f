//! `audit rules`: which rules there are, one of them whole, or their SQL for another engine.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::{Config, Rule, Sentence, disposable};
use serde_json::{Value, json};

use super::args::{self, text};
use super::show_rows;
use crate::commands::jobs::place::now;
use crate::commands::jobs::report::show_document;
use crate::setup::context::Context;
use crate::show::exit::Exit;

const ID: &str = "audit.id";
const DIALECT: &str = "audit.dialect";
const PRINT: &str = "audit.print";

pub(super) fn command() -> Command {
    Command::new("rules")
        .about("List the rules, show one, or print their SQL")
        .after_help("Examples:\n  clerk-api audit rules --output table\n  clerk-api audit rules admin-dormant\n  clerk-api audit rules --print --dialect duckdb")
        .arg(Arg::new(ID).value_name("RULE").help("The id of a rule"))
        .arg(args::rules_folder())
        .arg(args::config())
        .arg(
            Arg::new(PRINT)
                .long("print")
                .action(ArgAction::SetTrue)
                .help("Print the SQL with its numbers and moments filled in"),
        )
        .arg(
            Arg::new(DIALECT)
                .long("dialect")
                .value_name("DIALECT")
                .value_parser(["sqlite", "duckdb", "spark"])
                .default_value("sqlite")
                .requires(PRINT)
                .help("The engine that the SQL is for"),
        )
}

pub(super) fn run(matches: &ArgMatches, context: &Context) -> Outcome<Exit> {
    let (mut rules, config) = args::chosen(matches)?;
    let wanted = text(matches, ID);
    if let Some(id) = wanted {
        rules.retain(|rule| rule.id == id);
        if rules.is_empty() {
            return Err(Problem::usage(format!("there is no rule {id:?}"))
                .hint("`clerk-api audit rules` lists them"));
        }
    }
    if matches.get_flag(PRINT) {
        let is_sqlite = text(matches, DIALECT) == Some("sqlite");
        context.ui.print(&script(&rules, &config, is_sqlite)?)?;
        return Ok(Exit::Done);
    }
    match (wanted, rules.first()) {
        (Some(_), Some(rule)) => {
            let mut document = row(rule, &config);
            document["sql"] = rule.sql.trim().into();
            show_document(context, &document)
        }
        _ => {
            let rows = rules.iter().map(|rule| row(rule, &config)).collect();
            show_rows(context, "audit.rules", rows)
        }
    }
}

fn row(rule: &Rule, config: &Config) -> Value {
    let used = config.numbers(rule);
    let numbers = rule.numbers.iter().map(|number| {
        json!({
            "name": number.name,
            "value": used.get(&number.name),
            "default": number.value,
            "doc": number.doc,
        })
    });
    json!({
        "id": rule.id,
        "severity": config.severity(rule).as_str(),
        "title": rule.title,
        "enabled": config.runs(rule),
        "says": Sentence::source(&rule.says),
        "why": rule.why,
        "mend": rule.mend.source(),
        "about": rule.about,
        "numbers": numbers.collect::<Vec<_>>(),
        "references": rule.references,
        "file": rule.file,
    })
}

/// The rules as one script. They are the same on every engine; what they read besides an export is made first.
fn script(rules: &[Rule], config: &Config, is_sqlite: bool) -> Outcome<String> {
    let mut text = String::new();
    if rules
        .iter()
        .any(|rule| rule.sql.contains(disposable::TABLE))
    {
        text.push_str(&disposable::as_view(is_sqlite));
        text.push('\n');
    }
    for rule in rules.iter().filter(|rule| config.runs(rule)) {
        let sql = rule.render(&config.numbers(rule), now())?;
        let (id, severity, title) = (&rule.id, config.severity(rule), &rule.title);
        // Writing to a String cannot fail.
        let _ = write!(text, "-- {id} ({severity}): {title}\n{};\n\n", sql.trim());
    }
    Ok(text.trim_end().to_owned() + "\n")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clerk_api_tasks::audit::rules::built_in;

    use super::*;
    use crate::args::tree;

    #[test]
    fn what_mends_a_finding_is_a_command_that_there_is() {
        for rule in built_in().unwrap() {
            let line = rule.mend.as_command(|column| match column {
                "role" => "org:admin".to_owned(),
                "organization_id" => "org_2abcDEF9ghiJKL0mnoPQR3stuVW".to_owned(),
                "invitation_id" => "orginv_2xyzABC1defGHI4jklMNO7pqrST".to_owned(),
                "application_invitation_id" => "inv_2xyzABC1defGHI4jklMNO7pqrST".to_owned(),
                _ => "user_2NNEqL2nrIRdJ194ndJqAHwEfxC".to_owned(),
            });
            let line = line.replace(" N", " 100");
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            if let Err(error) = tree::parse(&words) {
                panic!("{}: {line}: {error}", rule.id);
            }
        }
    }

    #[test]
    fn a_script_for_other_engines_brings_the_table_that_exports_lack() {
        let mut rules = built_in().unwrap();
        let whole = script(&rules, &Config::default(), false).unwrap();
        assert!(whole.starts_with("CREATE OR REPLACE TEMPORARY VIEW disposable_domains AS\n"));
        assert_eq!(whole.matches("\n-- ").count(), rules.len());
        assert!(!whole.contains(":days") && !whole.contains(":cutoff") && !whole.contains(":now"));
        rules.retain(|rule| rule.id == "admin-of-many");
        let one = script(&rules, &Config::default(), false).unwrap();
        assert!(
            one.starts_with(
                "-- admin-of-many (medium): One person manages many organizations\nSELECT "
            ),
            "{one}"
        );
        assert!(
            one.contains("HAVING COUNT(*) > 5) m\n") && one.ends_with("\nORDER BY u.id;\n"),
            "{one}"
        );
    }
}

//! `audit rules`: which rules there are, one of them whole, or their SQL for another engine.

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
        text.push_str(&format!(
            "-- {id} ({severity}): {title}\n{};\n\n",
            sql.trim()
        ));
    }
    Ok(text.trim_end().to_owned() + "\n")
}

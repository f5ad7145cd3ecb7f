//! The flags of `audit` and what is below it, and what they say.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, ValueHint};
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::audit::{Config, Rule, rules};

use crate::args::root::{FORMATS, REPORTS, flag};

pub(super) const FROM: &str = "audit.from";
pub(super) const ORG: &str = "audit.org";
pub(super) const FAIL_ON: &str = "audit.fail-on";
pub(super) const BASELINE: &str = "audit.baseline";
const RULES: &str = "audit.rules";
const CONFIG: &str = "audit.config";
pub(super) const TO: &str = "audit.to";
pub(super) const FORCE: &str = "audit.force";
pub(super) const ANCHOR: &str = "audit.sarif-anchor";

/// The flags of `audit` itself, which mean nothing in front of a command below it.
pub(super) const OWN: [&str; 9] = [
    FROM, ORG, FAIL_ON, BASELINE, RULES, CONFIG, TO, FORCE, ANCHOR,
];

fn valued(id: &'static str, name: &'static str) -> Arg {
    let long = id.strip_prefix("audit.").unwrap_or(id);
    Arg::new(id).long(long).value_name(name)
}

fn file(id: &'static str, name: &'static str) -> Arg {
    valued(id, name)
        .value_hint(ValueHint::FilePath)
        .value_parser(clap::value_parser!(PathBuf))
}

pub(super) fn from() -> Arg {
    file(FROM, "FILE").help("Look at this SQLite file of `export` instead of reading the instance")
}

pub(super) fn org() -> Arg {
    valued(ORG, "ORG").help("Look at one organization: id, slug or exact name")
}

pub(super) fn rules_folder() -> Arg {
    file(RULES, "FOLDER")
        .value_hint(ValueHint::DirPath)
        .help("Add your own rules: each file .sql in this folder")
}

pub(super) fn config() -> Arg {
    file(CONFIG, "FILE").help("Numbers, severities and suppressions (TOML)")
}

pub(super) fn of_report() -> [Arg; 6] {
    [
        valued(FAIL_ON, "SEVERITY")
            .value_parser(["info", "low", "medium", "high", "critical"])
            .help("End with exit code 3 if a finding is as bad as this, or worse"),
        file(BASELINE, "OLD")
            .help("Report only what is new since an earlier report (JSON) or export (SQLite)"),
        file(TO, "FILE").help("Write the report to this file"),
        Arg::new(FORCE)
            .long("force")
            .action(clap::ArgAction::SetTrue)
            .requires(TO)
            .help("Replace the file"),
        valued(ANCHOR, "FILE")
            .help("The file of the repository that SARIF results point at (default: --config, else the rule's file)"),
        Arg::new(flag::OUTPUT)
            .long("output")
            .short('o')
            .value_name("FORMAT")
            .value_parser(PossibleValuesParser::new(FORMATS.into_iter().chain(REPORTS)))
            .help("Form of the report (default: json)"),
    ]
}

pub(super) fn path<'m>(matches: &'m ArgMatches, id: &str) -> Option<&'m Path> {
    matches.get_one::<PathBuf>(id).map(PathBuf::as_path)
}

pub(super) fn text<'m>(matches: &'m ArgMatches, id: &str) -> Option<&'m str> {
    matches.get_one::<String>(id).map(String::as_str)
}

/// The rules that there are, and what the configuration says about them.
pub(super) fn chosen(matches: &ArgMatches) -> Outcome<(Vec<Rule>, Config)> {
    let mut rules = rules::built_in()?;
    if let Some(folder) = path(matches, RULES) {
        rules::add_folder(&mut rules, folder)?;
    }
    let config = match path(matches, CONFIG) {
        Some(file) => Config::read(file, &rules)?,
        None => Config::default(),
    };
    Ok((rules, config))
}

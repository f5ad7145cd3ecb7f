//! `audit diff`: what differs between two exports.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, ValueHint};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::database::Database;
use clerk_api_tasks::audit::diff;
use serde_json::Value;

use super::args::{self, ORG, path, text};
use super::{show_rows, shows_rows};
use crate::commands::jobs::report::show_document;
use crate::setup::context::Context;
use crate::show::exit::Exit;

const OLD: &str = "audit.old";
const NEW: &str = "audit.new";

pub(super) fn command() -> Command {
    let file = |id: &'static str, name: &'static str, help: &'static str| {
        Arg::new(id)
            .value_name(name)
            .required(true)
            .value_hint(ValueHint::FilePath)
            .value_parser(clap::value_parser!(PathBuf))
            .help(help)
    };
    Command::new("diff")
        .about("Show what differs between two exports: who came, went, has another role or other access")
        .after_help("Examples:\n  clerk-api audit diff october.sqlite november.sqlite --output table\n  clerk-api audit diff october.sqlite november.sqlite --org acme")
        .arg(file(OLD, "OLD", "The older export (SQLite)"))
        .arg(file(NEW, "NEW", "The newer export (SQLite)"))
        .arg(args::org())
}

pub(super) fn run(matches: &ArgMatches, context: &Context) -> Outcome<Exit> {
    let open = |id: &str| match path(matches, id) {
        Some(file) => Database::open(file),
        None => Err(Problem::usage("two exports are needed")),
    };
    let (old, new) = (open(OLD)?, open(NEW)?);
    let mut document = diff::document(&old, new, text(matches, ORG))?;
    if document["same_instance"] == false {
        context
            .ui
            .warn("the two exports are of different instances");
    }
    match document["changes"].take() {
        Value::Array(rows) if shows_rows(context) => show_rows(context, "audit.diff", rows),
        changes => {
            document["changes"] = changes;
            show_document(context, &document)
        }
    }
}

//! `local export`, `local import`, and the flags of other commands that do the same: an instance as a folder, and an instance
//! that is filled from an export of another one.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use serde_json::Value;

use super::{confirm, show_object};
use crate::local::{self, Instance};
use crate::setup::context::Context;
use crate::show::exit::Exit;

const IMPORT: &str = "import";
const EXPORT: &str = "export-on-exit";
const ANONYMIZE: &str = "anonymize";

pub(super) fn export_command() -> Command {
    Command::new("export")
        .about("Export a local instance to a folder")
        .long_about(
            "Export a local instance to a folder: a SQLite database and a manifest.json that describes it. \
             The export has password hashes and other secrets of users, but not the instance's own key",
        )
        .after_help("Examples:\n  clerk-api local export ./clerk-fixture")
        .arg(place("FOLDER", "A new or empty folder"))
        .arg(
            Arg::new("force")
                .long("force")
                .action(ArgAction::SetTrue)
                .help("Replace an earlier export"),
        )
}

pub(super) fn import_command() -> Command {
    Command::new("import")
        .about("Replace the content of a local instance with an export")
        .long_about(
            "Replace the content of a local instance with an export: a folder that `local export` wrote, or what `export` wrote of \
             any instance, as a SQLite file or as a folder of ndjson. Passwords, second factors, sessions and images are in no \
             such export. docs/local/restore.md says more",
        )
        .after_help(
            "Examples:\n  clerk-api local import ./clerk-fixture --local=team\n  clerk-api local import clerk.sqlite --anonymize --local=bug-123",
        )
        .arg(place("EXPORT", "A folder or a SQLite file"))
        .arg(
            Arg::new(ANONYMIZE)
                .long(ANONYMIZE)
                .action(ArgAction::SetTrue)
                .help("Replace names, addresses, numbers, ids and metadata for good"),
        )
}

fn place(name: &'static str, help: &'static str) -> Arg {
    Arg::new("folder")
        .value_name(name)
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .help(help)
}

/// The flags of commands that run a server.
pub(super) fn flags() -> [Arg; 2] {
    [
        (IMPORT, "Start with the instance that was exported there"),
        (
            EXPORT,
            "Export the instance to this folder at the end; replaces an earlier export",
        ),
    ]
    .map(|(name, help)| {
        Arg::new(name)
            .long(name)
            .value_name(if name == IMPORT { "EXPORT" } else { "FOLDER" })
            .value_parser(value_parser!(PathBuf))
            .help(help)
    })
}

fn path<'a>(matches: &'a ArgMatches, name: &str) -> Option<&'a PathBuf> {
    matches.get_one(name)
}

pub(super) fn run_export(
    context: &Context,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    if let Some(folder) = path(matches, "folder") {
        let report = local::export(instance, folder, matches.get_flag("force"))?;
        show_object(context, &report)?;
    }
    Ok(Exit::Done)
}

pub(super) fn run_import(
    context: &Context,
    name: &str,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let Some(from) = path(matches, "folder") else {
        return Ok(Exit::Done);
    };
    allow_import(context, name, instance)?;
    let report = import(context, instance, from, matches.get_flag(ANONYMIZE))?;
    show_object(context, &report)?;
    match left_out(&report) {
        0 => Ok(Exit::Done),
        number => {
            let message = format!("{number} objects of the export were left out");
            Err(Problem::new(ProblemKind::Partly, "rows_left_out", message)
                .hint("`left_out` says why; `clerk-api export` without kinds has all that an object refers to"))
        }
    }
}

/// Fills the instance from a folder that `local export` wrote, or from what `export` wrote.
fn import(context: &Context, instance: &Instance, from: &Path, anonymize: bool) -> Outcome<Value> {
    if local::is_copy(from) {
        if anonymize {
            let message = format!(
                "{} is a whole copy, which is not anonymized",
                from.display()
            );
            return Err(Problem::usage(message).hint(
                "import it without --anonymize, `clerk-api --local export --to copy.sqlite`, then import that file",
            ));
        }
        return local::import(instance, from);
    }
    let mut progress = |done, total| context.ui.progress(done, total);
    let report = local::restore(instance, from, anonymize, &mut progress);
    context.ui.progress_end();
    report
}

/// How many objects have no place in the instance.
fn left_out(report: &Value) -> u64 {
    let kinds = report["left_out"].as_object().into_iter().flatten();
    let reasons = kinds
        .filter_map(|(_, reasons)| reasons.as_object())
        .flatten();
    reasons.filter_map(|(_, number)| number.as_u64()).sum()
}

/// Does what the flags ask for before the server starts, and what must fail before it does.
pub(super) fn begin(
    context: &Context,
    name: &str,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<()> {
    if let Some(folder) = path(matches, EXPORT) {
        local::check_export(folder, true)?;
    }
    if let Some(folder) = path(matches, IMPORT) {
        allow_import(context, name, instance)?;
        let report = import(context, instance, folder, false)?;
        let number = left_out(&report);
        if number > 0 {
            context
                .ui
                .warn(&format!("{number} objects of the export were left out"));
        }
    }
    Ok(())
}

/// Does what the flags ask for after the server stopped.
pub(super) fn end(instance: &Instance, matches: &ArgMatches) -> Outcome<()> {
    if let Some(folder) = path(matches, EXPORT) {
        local::export(instance, folder, true)?;
    }
    Ok(())
}

fn allow_import(context: &Context, name: &str, instance: &Instance) -> Outcome<()> {
    if !local::holds_something(instance)? {
        return Ok(());
    }
    confirm(
        context,
        &format!("Replace everything in the local instance {name}?"),
        &format!("cannot import into the local instance {name}, which is not empty"),
    )
}

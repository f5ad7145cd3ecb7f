//! `local export`, `local import`, and the flags of other commands that do the same: an instance as a folder.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::Outcome;

use super::{confirm, show_object};
use crate::local::{self, Instance};
use crate::setup::context::Context;
use crate::show::exit::Exit;

const IMPORT: &str = "import";
const EXPORT: &str = "export-on-exit";

pub(super) fn export_command() -> Command {
    Command::new("export")
        .about("Export a local instance to a folder")
        .long_about(
            "Export a local instance to a folder: a SQLite database and a manifest.json that describes it. \
             The export has password hashes and other secrets of users, but not the instance's own key",
        )
        .after_help("Examples:\n  clerk-api local export ./clerk-fixture")
        .arg(folder("A new or empty folder"))
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
        .after_help("Examples:\n  clerk-api local import ./clerk-fixture --local=team")
        .arg(folder("A folder that `local export` wrote"))
}

fn folder(help: &'static str) -> Arg {
    Arg::new("folder")
        .value_name("FOLDER")
        .required(true)
        .value_parser(value_parser!(PathBuf))
        .help(help)
}

/// The flags of commands that run a server.
pub(super) fn flags() -> [Arg; 2] {
    [
        (IMPORT, "Start with the instance exported to this folder"),
        (
            EXPORT,
            "Export the instance to this folder at the end; replaces an earlier export",
        ),
    ]
    .map(|(name, help)| {
        Arg::new(name)
            .long(name)
            .value_name("FOLDER")
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
    if let Some(folder) = path(matches, "folder") {
        allow_import(context, name, instance)?;
        show_object(context, &local::import(instance, folder)?)?;
    }
    Ok(Exit::Done)
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
        local::import(instance, folder)?;
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

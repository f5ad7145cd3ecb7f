//! `local snapshot`: states of an instance to return to.

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};

use super::show_object;
use crate::local::{Ask, Instance, check_snapshot_name};
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    let name = || {
        Arg::new("name")
            .value_name("NAME")
            .required(true)
            .help("1 to 64 letters, digits, hyphens and underscores")
    };
    Command::new("snapshot")
        .about("Save the state of a local instance, and restore it")
        .after_help(
            "Examples:\n  clerk-api local snapshot save base\n  clerk-api local snapshot restore base",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            Command::new("save")
                .about("Save the current state under a name")
                .arg(name())
                .arg(
                    Arg::new("force")
                        .long("force")
                        .action(ArgAction::SetTrue)
                        .help("Replace a snapshot of this name"),
                ),
            Command::new("restore")
                .about("Restore a saved state; later changes are lost")
                .arg(name()),
            Command::new("list").about("List the saved states"),
            Command::new("delete")
                .about("Delete a saved state")
                .arg(name()),
        ])
}

pub(super) async fn run(
    context: &Context,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let Some((action, matches)) = matches.subcommand() else {
        return Err(Problem::usage(
            "a command is missing: save, restore, list or delete",
        ));
    };
    let name = || -> Outcome<&str> {
        let name = matches.get_one::<String>("name").map_or("", String::as_str);
        check_snapshot_name(name)?;
        Ok(name)
    };
    let ask = match action {
        "save" => Ask::Save {
            name: name()?,
            replace: matches.get_flag("force"),
        },
        "restore" => Ask::Restore(name()?),
        "delete" => Ask::Delete(name()?),
        _ => Ask::List,
    };
    let answer = ask.of(instance).await.map_err(|failure| {
        if failure.code == "snapshot_exists" {
            failure.hint("add --force to replace it")
        } else {
            failure
        }
    })?;
    show_object(context, &answer)?;
    Ok(Exit::Done)
}

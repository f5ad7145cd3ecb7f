//! The commands that are written by hand.

mod completions;
mod consent;
mod doctor;
mod jobs;
mod journal;
mod local;
mod man;
mod many;
mod operation;
mod output;
mod rows;

use clap::{ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};

use crate::setup::context::Context;
use crate::show::exit::Exit;
use crate::show::ui::Ui;

pub(crate) use operation::run as run_operation;

/// Their part of the command tree.
pub(crate) fn tree() -> [Command; 5] {
    [
        jobs::command(),
        local::command(),
        doctor::command(),
        completions::command(),
        man::command(),
    ]
}

/// Runs one of them, or gives nothing if it is none of them. Those that need neither settings nor network come first.
pub(crate) fn run_plain(name: &str, matches: &ArgMatches, ui: &Ui) -> Option<Outcome<Exit>> {
    match name {
        "completions" => Some(completions::run(matches, ui)),
        "man" => Some(man::run(matches, ui)),
        _ => None,
    }
}

/// Runs one that works with settings.
pub(crate) async fn run(name: &str, matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    // What cannot be shown is refused before anything is done.
    if context.flags.jq.is_some() || !context.flags.fields.is_empty() {
        drop(output::renderer(context, name)?);
    }
    match name {
        "local" => local::run(matches, context).await,
        "doctor" => doctor::run(matches, context).await,
        "jobs" => jobs::run(matches, context).await,
        _ => Err(Problem::usage(format!("there is no command {name}"))),
    }
}

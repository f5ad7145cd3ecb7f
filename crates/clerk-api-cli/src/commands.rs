//! The commands that are written by hand.

mod already;
mod api;
mod audit;
mod choose;
mod completions;
mod consent;
mod count;
mod describe;
mod doctor;
mod export;
mod exposed;
mod find;
mod guard;
mod import;
mod jobs;
mod journal;
mod local;
mod man;
mod mcp;
mod onboard;
mod operation;
mod output;
mod rows;
mod several;
mod sieve;
mod skill;
mod sync_members;

use std::pin::Pin;

use clap::{ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::Place;

use crate::args::job_flags::JobFlags;
use crate::setup::context::Context;
use crate::show::exit::Exit;
use crate::show::ui::Ui;

pub(crate) use operation::run as run_operation;

/// Their part of the command tree.
pub(crate) fn tree() -> [Command; 14] {
    let [find, show] = find::commands();
    [
        audit::command(),
        jobs::command(),
        onboard::command(),
        export::command(),
        local::command(),
        find,
        show,
        api::command(),
        describe::command(),
        mcp::command(),
        skill::command(),
        doctor::command(),
        completions::command(),
        man::command(),
    ]
}

/// The groups of operations with a command that is written by hand, and its name there.
const ADDED: [(&str, &str); 7] = [
    ("users", "import"),
    ("organizations", "import"),
    ("memberships", "import"),
    ("organizations", "sync-members"),
    ("organizations", "count"),
    ("memberships", "count"),
    ("invitations", "count"),
];

/// The commands that are written by hand in a group of operations.
pub(crate) fn added(group: &str) -> impl Iterator<Item = Command> {
    let own = ADDED.iter().filter(move |(other, _)| *other == group);
    own.filter_map(|(group, verb)| match *verb {
        "import" => Some(import::command(group)),
        "sync-members" => Some(sync_members::command()),
        "count" => count::command(group),
        _ => None,
    })
}

/// Whether a command of a group is written by hand.
pub(crate) fn is_added(group: &str, verb: &str) -> bool {
    ADDED.contains(&(group, verb))
}

/// Continues a job, whatever kind of work it is.
pub(crate) fn continue_job<'c>(
    context: &'c mut Context,
    place: Place,
    flags: JobFlags,
) -> Pin<Box<dyn Future<Output = Outcome<Exit>> + 'c>> {
    Box::pin(async move { jobs::resume::resume(context, place, &flags).await })
}

/// Runs a command that is written by hand in a group of operations.
pub(crate) async fn run_added(
    context: &mut Context,
    group: &str,
    verb: &str,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    match verb {
        "import" => import::run(context, group, matches).await,
        "sync-members" => sync_members::run(matches, context).await,
        "count" => count::run(context, group, matches).await,
        _ => Err(Problem::usage(format!(
            "there is no command {group} {verb}"
        ))),
    }
}

/// Runs a command that needs neither settings nor network; nothing if `name` is not one of them.
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
        "audit" => audit::run(matches, context).await,
        "local" => local::run(matches, context).await,
        "doctor" => doctor::run(matches, context).await,
        "export" => export::run(matches, context).await,
        "onboard" => onboard::run(matches, context).await,
        "api" => api::run(matches, context).await,
        "find" => find::find(matches, context).await,
        "show" => find::show(matches, context).await,
        "commands" => describe::run(matches, context),
        "jobs" => jobs::run(matches, context).await,
        "mcp" => mcp::run(matches, context).await,
        "skill" => skill::run(matches, context),
        _ => Err(Problem::usage(format!("there is no command {name}"))),
    }
}

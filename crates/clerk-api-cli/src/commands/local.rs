//! `local`: the local Clerk as a server for other programs, and what is in it. One file per command.

mod archive;
mod ask;
mod control;
mod exec;
mod flag;
mod open;
mod reset;
mod seed;
mod serve;
mod server;
mod snapshot;
mod status;
mod variables;
mod webhooks;

use clap::{ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};

use super::output::{renderer, show};
use crate::args::root::in_two_lengths;
use crate::local::Instance;
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(crate) fn command() -> Command {
    Command::new("local")
        .about("Run a local Clerk on this machine and control it")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .defer(|command| {
            let command = command.subcommands([
                serve::command(),
                open::command(),
                exec::command(),
                status::command(),
                reset::command(),
                snapshot::command(),
                archive::export_command(),
                archive::import_command(),
                seed::command(),
                webhooks::command(),
            ]);
            command
                .subcommands(control::commands())
                .mut_subcommands(in_two_lengths)
        })
}

pub(crate) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    if let Some(("exec", matches)) = matches.subcommand() {
        return exec::run(context, matches).await;
    }
    let name = context.local_name();
    let instance = Instance::named(&context.settings, &name)?;
    match matches.subcommand() {
        Some(("serve", matches)) => serve::run(context, &name, &instance, matches).await,
        Some(("open", matches)) => open::run(context, &instance, matches).await,
        Some(("status", _)) => status::run(context, &name, &instance).await,
        Some(("reset", _)) => reset::run(context, &name, &instance),
        Some(("snapshot", matches)) => snapshot::run(context, &instance, matches).await,
        Some(("export", matches)) => archive::run_export(context, &instance, matches),
        Some(("import", matches)) => archive::run_import(context, &name, &instance, matches),
        Some(("seed", matches)) => seed::run(context, &instance, matches),
        Some(("webhooks", matches)) => webhooks::run(context, &instance, matches).await,
        Some((other, matches)) => {
            let done = control::run(context, &instance, other, matches).await?;
            done.ok_or_else(missing)
        }
        None => Err(missing()),
    }
}

fn missing() -> Box<Problem> {
    Problem::usage("a command is missing: `clerk-api local --help` lists them")
}

/// Asks whether what is there may go.
fn confirm(context: &Context, question: &str, refusal: &str) -> Outcome<()> {
    if context.flags.yes {
        return Ok(());
    }
    if !context.can_ask() {
        return Err(Problem::refused(format!("{refusal}: not confirmed"))
            .hint("there is no terminal to ask on: add --yes"));
    }
    let answer = context
        .ui
        .ask(&format!("{question} [y/N]"))
        .unwrap_or_default();
    if matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(Problem::refused("not confirmed: nothing was changed"))
    }
}

fn show_object(context: &Context, value: &serde_json::Value) -> Outcome<()> {
    let mut renderer = renderer(context, "local")?;
    show(context, &mut renderer, value.to_string().as_bytes()).map(drop)
}

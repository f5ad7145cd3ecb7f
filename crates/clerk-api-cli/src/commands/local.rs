//! `local`: the local Clerk as a server for other programs, and what is in it. One file per command.

mod reset;
mod seed;
mod serve;
mod signals;
mod status;

use clap::{ArgMatches, Command};

use super::{renderer, show};
use crate::context::Context;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::local::Instance;

pub(crate) fn command() -> Command {
    Command::new("local")
        .about("A Clerk of your own on this machine: serve it, fill it, empty it")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .defer(|command| {
            command.subcommands([
                serve::command(),
                status::command(),
                reset::command(),
                seed::command(),
            ])
        })
}

pub(crate) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let name = context
        .settings
        .local
        .as_ref()
        .map_or_else(|| "default".to_owned(), |local| local.value.clone());
    let instance = Instance::named(&context.settings, &name)?;
    match matches.subcommand() {
        Some(("serve", matches)) => serve::run(context, &instance, matches).await,
        Some(("status", _)) => status::run(context, &name, &instance).await,
        Some(("reset", _)) => reset::run(context, &name, &instance),
        Some(("seed", matches)) => seed::run(context, &instance, matches),
        _ => Err(Failure::usage(
            "a command is missing: serve, status, reset or seed",
        )),
    }
}

fn show_object(context: &Context, value: &serde_json::Value) -> Outcome<()> {
    let mut renderer = renderer(context, "local")?;
    show(context, &mut renderer, value.to_string().as_bytes())
}

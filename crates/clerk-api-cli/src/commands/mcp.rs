//! `mcp`: configures the clients that start this program as their server.

mod clients;
mod document;
mod entry;
mod install;
mod jsonc;

use clap::{ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};

use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    Command::new("mcp")
        .about("Configure agents and editors to use clerk-api as a server of tools (MCP)")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(install::commands())
}

pub(super) fn run(matches: &ArgMatches, context: &Context) -> Outcome<Exit> {
    match matches.subcommand() {
        Some((verb @ ("install" | "uninstall"), inner)) => {
            install::run(verb == "install", inner, context)
        }
        _ => Err(Problem::usage("mcp needs a command")),
    }
}

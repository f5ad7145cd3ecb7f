//! `mcp install` and `mcp uninstall`: one entry in the configuration of a client, shown first, everything else as it was.

use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::json;

use super::clients::{CLIENTS, Client};
use super::document::{Change, Document};
use super::entry::{self, SERVER};
use crate::commands::output::{renderer, show};
use crate::setup::context::Context;
use crate::setup::folders::Folders;
use crate::setup::user_file;
use crate::show::exit::Exit;

const CLIENT: &str = "mcp.client";
const NAME: &str = "mcp.name";
const PRINT: &str = "mcp.print";

pub(super) fn commands() -> [Command; 2] {
    [
        Command::new("install")
            .about("Let a client start clerk-api as its server")
            .long_about("Let a client start clerk-api as its server: writes one entry into the client's configuration. Shows it first, and asks at a terminal; elsewhere it needs --yes. Other servers, comments and the order stay as they are. A key is never written: the server gets it from a profile (--profile), a key file (--key-file) or a local Clerk (--local). What follows -- goes to the server")
            .after_help("Examples:\n  clerk-api mcp install claude-code\n  clerk-api mcp install codex --profile work --env test --yes\n  clerk-api mcp install cursor --local --print")
            .args(arguments())
            .arg(
                Arg::new(SERVER)
                    .value_name("SERVER_ARGS")
                    .num_args(0..)
                    .last(true)
                    .allow_hyphen_values(true)
                    .help("Flags of the server, such as its levels"),
            ),
        Command::new("uninstall")
            .about("Take the entry of clerk-api out of a client's configuration")
            .after_help("Examples:\n  clerk-api mcp uninstall claude-code\n  clerk-api mcp uninstall zed --yes")
            .args(arguments()),
    ]
}

fn arguments() -> [Arg; 3] {
    [
        Arg::new(CLIENT)
            .value_name("CLIENT")
            .required(true)
            .value_parser(CLIENTS.map(|client| client.word))
            .help("The client"),
        Arg::new(NAME)
            .long("name")
            .value_name("NAME")
            .default_value("clerk-api")
            .value_parser(name)
            .help("What the client calls the server; another name for each instance"),
        Arg::new(PRINT)
            .long("print")
            .action(ArgAction::SetTrue)
            .help("Only show what would be written, and where"),
    ]
}

fn name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if (1..=64).contains(&text.len()) && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err("use 1 to 64 letters, digits, - and _".to_owned())
}

pub(super) fn run(installs: bool, matches: &ArgMatches, context: &Context) -> Outcome<Exit> {
    let word = matches.get_one::<String>(CLIENT).map_or("", String::as_str);
    let client =
        Client::find(word).ok_or_else(|| Problem::usage(format!("there is no client {word}")))?;
    let name = matches
        .get_one::<String>(NAME)
        .map_or("clerk-api", String::as_str);
    let folders = Folders::find()?;
    let file = client.file(&folders);
    let before = client.text(&folders)?;
    let document = Document::read(&file, before.as_deref())?;
    let server = match installs {
        true => Some(client.server(
            &entry::program()?,
            &entry::arguments(matches, &context.flags)?,
        )),
        false => None,
    };
    let change = document.change(client.servers, name, server.as_ref())?;
    let only_shows = matches.get_flag(PRINT) || context.flags.dry_run;
    if let Some(change) = change.as_ref().filter(|_| !only_shows) {
        agree(context, client, &file, change)?;
        user_file::put(&file, before.as_deref(), &change.after)?;
    }
    let state = match (installs, &change) {
        (true, None) => "already",
        (false, None) => "absent",
        (true, Some(_)) if only_shows => "would_write",
        (false, Some(_)) if only_shows => "would_remove",
        (true, _) => "written",
        (false, _) => "removed",
    };
    let report = json!({
        "client": word, "file": file, "state": state, "name": name, "server": server,
        "diff": change.map(|change| change.lines()),
    });
    let mut renderer = renderer(context, "mcp")?;
    show(context, &mut renderer, report.to_string().as_bytes())
}

/// Shows the change and gets a yes for it.
fn agree(context: &Context, client: &Client, file: &Path, change: &Change) -> Outcome<()> {
    if context.flags.yes {
        return Ok(());
    }
    let file = file.display();
    if !context.can_ask() {
        return Err(
            Problem::refused(format!("cannot change {file}: not confirmed"))
                .hint("there is no terminal to ask on: look at it with --print, then add --yes"),
        );
    }
    context.ui.tell(&format!("{file}:"));
    for line in change.lines() {
        context.ui.tell(&line);
    }
    let question = format!("Change the configuration of {}? [y/N]", client.name);
    let answer = context.ui.ask(&question).unwrap_or_default();
    if matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Problem::refused("not confirmed: nothing was changed"))
}

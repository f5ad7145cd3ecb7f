//! `local serve`: an instance for other programs, until it is stopped.

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::Outcome;
use serde_json::json;

use super::{archive, server, webhooks};
use crate::local::{Instance, Server};
use crate::setup::context::Context;
use crate::show::exit::Exit;
use crate::show::signals::Signals;

/// The port when none is given.
pub(super) const PORT: &str = "4010";

pub(super) fn command() -> Command {
    Command::new("serve")
        .about("Serve a local instance to other programs until you stop it")
        .after_help("Examples:\n  clerk-api local serve\n  clerk-api local serve --local=staging --port 0 --ready-json")
        .arg(
            Arg::new("ready-json")
                .long("ready-json")
                .action(ArgAction::SetTrue)
                .help("Print only one line of JSON, when the server is ready"),
        )
        .args(server::flags(PORT))
        .args(archive::flags())
}

pub(super) async fn run(
    context: &Context,
    name: &str,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let options = server::options(context, matches)?;
    archive::begin(context, name, instance, matches)?;
    // A program that reads the ready line may send a signal immediately.
    let mut signals = Signals::new()?;
    let server = Server::start(instance, &options)?;
    let announced = server::announce(&server, instance)?;
    let told = webhooks::register(announced.server(), matches).await?;
    let ready = json!({
        "url": server.url(), "secret_key": server.secret_key(), "pid": std::process::id(),
        "control_token": server.control_token(), "page": server.page(),
    });
    context.ui.print(&format!("{ready}\n"))?;
    if !matches.get_flag("ready-json") {
        context
            .ui
            .tell("this local Clerk is for development, not for real users' data; press Ctrl-C to stop it");
        context.ui.tell(&format!("pages: {}", server.page()));
        for one in &told {
            let line = format!("{} gets events, signed with {}", one.url, one.secret);
            context.ui.tell(&line);
        }
    }
    signals.wait().await;
    drop(announced);
    server.stop();
    archive::end(instance, matches)?;
    Ok(Exit::Done)
}

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
        .about("Serve a local instance to other programs until stopped")
        .after_help("Examples:\n  clerk-api local serve\n  clerk-api local serve --local=staging --port 0 --ready-json")
        .arg(
            Arg::new("ready-json")
                .long("ready-json")
                .action(ArgAction::SetTrue)
                .help("Write nothing but the line of JSON that says it is ready"),
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
    // Whoever reads the ready line may send a signal at once.
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
            .tell("a local Clerk for development, not for data of real people; Ctrl-C stops it");
        context.ui.tell(&format!("look at it: {}", server.page()));
        for one in &told {
            let line = format!(
                "{} is told what happens, signed with {}",
                one.url, one.secret
            );
            context.ui.tell(&line);
        }
    }
    signals.wait().await;
    drop(announced);
    server.stop();
    archive::end(instance, matches)?;
    Ok(Exit::Done)
}

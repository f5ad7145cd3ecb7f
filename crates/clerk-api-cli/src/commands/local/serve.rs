//! `local serve`: an instance for other programs, until it is stopped.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;

use super::signals::Signals;
use crate::context::Context;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::local::{Instance, Options, Running, Server};

/// The port when none is given.
const PORT: &str = "4010";

pub(super) fn command() -> Command {
    Command::new("serve")
        .about("Serve a local instance to other programs until stopped")
        .after_help("Examples:\n  clerk-api local serve\n  clerk-api local serve --local=staging --port 0 --ready-json")
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("N")
                .value_parser(value_parser!(u16))
                .default_value(PORT)
                .help("The port on 127.0.0.1 and ::1; 0 takes a free one"),
        )
        .arg(
            Arg::new("ready-json")
                .long("ready-json")
                .action(ArgAction::SetTrue)
                .help("Write nothing but the line of JSON that says it is ready"),
        )
        .arg(
            Arg::new("secret-key")
                .long("secret-key")
                .value_name("KEY")
                .help("Another test key than the instance's own, which others can see in the process list"),
        )
        .arg(
            Arg::new("record")
                .long("record")
                .value_name("FOLDER")
                .value_parser(value_parser!(std::path::PathBuf))
                .help("Write every request and answer into this folder"),
        )
        .arg(
            Arg::new("default-version")
                .long("default-version")
                .value_name("DATE")
                .help("The API version of requests that name none"),
        )
}

pub(super) async fn run(
    context: &Context,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let secret_key = text("secret-key");
    if let Some(key) = &secret_key {
        check_key(key)?;
    }
    let options = Options {
        port: matches.get_one::<u16>("port").copied().unwrap_or_default(),
        secret_key,
        record: matches
            .get_one("record")
            .cloned()
            .or_else(|| context.settings.local_record.clone()),
        default_version: text("default-version"),
    };
    // Whoever reads the ready line may send a signal at once.
    let mut signals = Signals::new()?;
    let server = Server::start(instance, &options)?;
    let pid = std::process::id();
    let announced = Running {
        url: server.url().to_owned(),
        pid,
        control_token: server.control_token().to_owned(),
    }
    .announce(instance)
    .map_err(|error| Failure::io("cannot leave word of the local Clerk", &error))?;
    let ready = json!({
        "url": server.url(), "secret_key": server.secret_key(), "pid": pid,
        "control_token": server.control_token(),
    });
    context.ui.print(&format!("{ready}\n"))?;
    if !matches.get_flag("ready-json") {
        context
            .ui
            .tell("a local Clerk for development, not for data of real people; Ctrl-C stops it");
    }
    signals.wait().await;
    drop(announced);
    server.stop();
    Ok(Exit::Done)
}

/// A local Clerk refuses live keys, and so does the command that starts it (reliability.md 11.4).
fn check_key(key: &str) -> Outcome<()> {
    match clerk_api::SecretKey::parse(key) {
        Ok(key) if !key.is_live() => Ok(()),
        Ok(_) => Err(Failure::usage(
            "--secret-key takes a test key, never a live one",
        )),
        Err(error) => Err(Failure::usage(format!("--secret-key: {error}"))),
    }
}

//! `local open`: the pages of an instance in the browser.

use std::process::Stdio;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use serde_json::Value;

use super::serve::PORT;
use super::server;
use crate::local::{Instance, Running, Server};
use crate::setup::context::Context;
use crate::setup::hardening;
use crate::show::exit::Exit;
use crate::show::signals::Signals;

pub(super) fn command() -> Command {
    Command::new("open")
        .about("Open the pages of a local instance in the browser")
        .long_about(
            "Open the pages of a local instance in the browser. If no server is running, this command serves the instance until you stop it. \
             Anyone who opens the address within a minute gets in",
        )
        .after_help("Examples:\n  clerk-api local open\n  clerk-api local open --local=staging --print")
        .arg(
            Arg::new("print")
                .long("print")
                .action(ArgAction::SetTrue)
                .help("Only print the address"),
        )
        .args(server::flags(PORT))
}

pub(super) async fn run(
    context: &Context,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    if let Some(running) = Running::find(instance)?
        && let Ok(answer) = running.call("POST", "/page", None).await
    {
        show(context, matches, &answer)?;
        return Ok(Exit::Done);
    }
    let options = server::options(context, matches)?;
    let mut signals = Signals::new()?;
    let server = Server::start(instance, &options)?;
    let announced = server::announce(&server, instance)?;
    let answer = announced.server().call("POST", "/page", None).await?;
    show(context, matches, &answer)?;
    context.ui.tell(
        "this local Clerk is for development, not for real users' data; press Ctrl-C to stop it",
    );
    signals.wait().await;
    drop(announced);
    server.stop();
    Ok(Exit::Done)
}

/// Prints the address and starts the browser with it.
fn show(context: &Context, matches: &ArgMatches, answer: &Value) -> Outcome<()> {
    let Some(url) = answer["url"].as_str() else {
        return Err(Problem::new(
            ProblemKind::Failed,
            "bad_answer",
            "the local Clerk did not return the address of its pages",
        ));
    };
    context.ui.print(&format!("{url}\n"))?;
    if !matches.get_flag("print")
        && let Err(error) = browse(url)
    {
        context.ui.tell(&format!(
            "cannot start a browser ({error}): open the address yourself"
        ));
    }
    Ok(())
}

/// Starts the system's browser, which may outlive this process and learns no key from it.
fn browse(url: &str) -> std::io::Result<()> {
    let (program, words): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else {
        ("xdg-open", &[])
    };
    let mut command = tokio::process::Command::new(program);
    command
        .args(words)
        .arg(url)
        .env_remove("CLERK_SECRET_KEY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    hardening::with_usual_files(|| command.spawn()).map(drop)
}

//! `local exec`: a command with a local Clerk around it, as test suites want it.

use std::ffi::OsString;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::process::ExitStatus;
use std::task::Poll;

use clap::{Arg, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use tokio::process::Child;

use super::{archive, server, variables, webhooks};
use crate::local::{self, Instance, Running, Server, Wanted};
use crate::setup::context::Context;
use crate::setup::hardening;
use crate::show::exit::Exit;
use crate::show::failure::{COMMAND_NOT_FOUND, COMMAND_NOT_RUN};
use crate::show::signals::{Signal, Signals};

pub(super) fn command() -> Command {
    Command::new("exec")
        .about("Run a command against a local instance that stops with it")
        .long_about(
            "Run a command against a local instance that stops with the command. Without --local=NAME the instance is new, \
             in a temporary folder. The command finds it through CLERK_SECRET_KEY, CLERK_API_URL, CLERK_BACKEND_API_URL, \
             CLERK_PUBLISHABLE_KEY and its prefixed forms; CLERK_LOCAL_URL and CLERK_LOCAL_CONTROL_TOKEN are for the control \
             API. The exit code is the command's, or 128 and the signal that ended it; 127 if it was not found, 126 if it \
             could not be run",
        )
        .after_help(
            "Examples:\n  clerk-api local exec -- npm test\n  \
             clerk-api local exec --clock 2026-01-01T00:00:00Z --ids 1 -- sh -c 'clerk-api users list'",
        )
        .args(server::flags("0"))
        .args(archive::flags())
        .arg(number("seed-users", "Start with this many made-up users"))
        .arg(number("seed-organizations", "Start with this many made-up organizations"))
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .num_args(1..)
                .required(true)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString))
                .help("The command and its arguments"),
        )
}

fn number(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("N")
        .value_parser(value_parser!(u64))
        .default_value("0")
        .help(help)
}

pub(super) async fn run(context: &mut Context, matches: &ArgMatches) -> Outcome<Exit> {
    let place = Place::choose(context)?;
    let options = server::options(context, matches)?;
    archive::begin(context, &place.name, &place.instance, matches)?;
    seed(&place.instance, matches, options.ids)?;
    // A signal that arrives while the server starts counts too.
    let mut signals = Signals::new()?;
    let server = Server::start(&place.instance, &options)?;
    // Another server of the same instance keeps its word: it may be the one that others look for.
    let announced = match Running::find(&place.instance)? {
        Some(running) if running.call("GET", "/status", None).await.is_ok() => None,
        _ => Some(server::announce(&server, &place.instance)?),
    };
    let ended = match begin(matches, &server, &place.instance).await {
        Ok(mut child) => finish(&mut child, &mut signals, context.ui.stdin_terminal).await,
        Err(failure) => Err(failure),
    };
    drop(announced);
    server.stop();
    let code = code(ended?);
    // The command's exit code is more important than the result of the export.
    match archive::end(&place.instance, matches) {
        Err(failure) if code != 0 => context.ui.failure(&failure),
        exported => exported?,
    }
    context.ended_with = Some(code);
    Ok(Exit::Done)
}

/// Where the instance is.
struct Place {
    name: String,
    instance: Instance,
    /// The folder of an instance without a name.
    _folder: Option<tempfile::TempDir>,
}

impl Place {
    /// Only a flag names one: what a test suite does must not depend on the environment it is started from.
    fn choose(context: &Context) -> Outcome<Self> {
        if let Some(name) = &context.flags.local {
            let instance = Instance::named(&context.settings, name)?;
            return Ok(Self {
                name: name.clone(),
                instance,
                _folder: None,
            });
        }
        let failed = |error| Problem::io("cannot make a folder for the instance", &error);
        let folder = tempfile::Builder::new()
            .prefix("clerk-api-")
            .tempdir()
            .map_err(failed)?;
        Ok(Self {
            name: "of this run".to_owned(),
            instance: Instance::at(folder.path().join("exec.db")),
            _folder: Some(folder),
        })
    }
}

fn seed(instance: &Instance, matches: &ArgMatches, ids: Option<u64>) -> Outcome<()> {
    let number = |name: &str| matches.get_one::<u64>(name).copied().unwrap_or_default();
    let wanted = Wanted {
        users: number("seed-users"),
        organizations: number("seed-organizations"),
        memberships: None,
        seed: ids.unwrap_or(1),
    };
    if wanted.users + wanted.organizations > 0 {
        local::seed(instance, wanted, &mut |_, _| {})?;
    }
    Ok(())
}

/// Starts the command after the webhook endpoints are registered.
async fn begin(matches: &ArgMatches, server: &Server, instance: &Instance) -> Outcome<Child> {
    let told = webhooks::register(&server::running(server), matches).await?;
    let secret = told.first().map(|told| told.secret.as_str());
    start(matches, server, instance, secret)
}

fn start(
    matches: &ArgMatches,
    server: &Server,
    instance: &Instance,
    webhook_secret: Option<&str>,
) -> Outcome<Child> {
    let mut words = matches
        .get_many::<OsString>("command")
        .into_iter()
        .flatten();
    let program = words
        .next()
        .ok_or_else(|| Problem::usage("there is no command to run"))?;
    let mut command = tokio::process::Command::new(program);
    command.args(words);
    variables::set(&mut command, server, instance);
    if let Some(secret) = webhook_secret {
        command.env("CLERK_WEBHOOK_SIGNING_SECRET", secret);
    }
    hardening::with_usual_files(|| command.spawn()).map_err(|error| {
        let shown = program.to_string_lossy();
        let absent = error.kind() == std::io::ErrorKind::NotFound;
        let word = if absent {
            COMMAND_NOT_FOUND
        } else {
            COMMAND_NOT_RUN
        };
        Problem::new(ProblemKind::Failed, word, format!("cannot run {shown}"))
            .cause(error.to_string())
    })
}

/// Waits for the command and passes signals on to it.
async fn finish(child: &mut Child, signals: &mut Signals, terminal: bool) -> Outcome<ExitStatus> {
    loop {
        let event = {
            let mut wait = pin!(child.wait());
            poll_fn(|context| match wait.as_mut().poll(context) {
                Poll::Ready(ended) => Poll::Ready(Event::Ended(ended)),
                Poll::Pending => signals.poll(context).map(Event::Asked),
            })
            .await
        };
        match event {
            Event::Ended(ended) => {
                return ended.map_err(|error| Problem::io("cannot wait for the command", &error));
            }
            // Ctrl-C at a terminal reaches the command without us.
            Event::Asked(Signal::Interrupt) if terminal => {}
            Event::Asked(signal) => signal.send(child),
        }
    }
}

enum Event {
    Ended(std::io::Result<ExitStatus>),
    Asked(Signal),
}

/// The code to end with, as a shell has it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(u8::MAX);
    }
    let code = status.code().unwrap_or(1);
    u8::try_from(code).unwrap_or(1)
}

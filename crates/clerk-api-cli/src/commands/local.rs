//! `local`: the local Clerk as a server for other programs, and what is in it.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clerk_api::{Args, Client};
use serde::Deserialize;
use serde_json::json;

use super::{renderer, show};
use crate::call::operation;
use crate::context::Context;
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::local::{self, Instance, Options, Running, Server, Wanted};

/// The port of `local serve` when none is given.
const PORT: &str = "4010";

pub(crate) fn command() -> Command {
    Command::new("local")
        .about("A Clerk of your own on this machine: serve it, fill it, empty it")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .defer(|command| command.subcommands([serve(), status(), reset(), seed_command()]))
}

fn serve() -> Command {
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

fn status() -> Command {
    Command::new("status").about("Show where a local instance is and what it holds")
}

fn reset() -> Command {
    Command::new("reset").about("Take everything out of a local instance; its key stays")
}

fn seed_command() -> Command {
    let number = |name: &'static str, usual: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(value_parser!(u64))
            .default_value(usual)
            .help(help)
    };
    Command::new("seed")
        .about("Fill a local instance with made-up users and organizations")
        .after_help("Examples:\n  clerk-api local seed --users 50 --organizations 5 --seed 7")
        .arg(number("users", "20", "How many users to add"))
        .arg(number(
            "organizations",
            "3",
            "How many organizations to add; users become their members",
        ))
        .arg(number("seed", "1", "The same number makes the same people"))
}

pub(crate) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let name = context
        .settings
        .local
        .as_ref()
        .map_or_else(|| "default".to_owned(), |local| local.value.clone());
    let instance = Instance::named(&context.settings, &name)?;
    match matches.subcommand() {
        Some(("serve", matches)) => run_serve(context, &instance, matches).await,
        Some(("status", _)) => run_status(context, &name, &instance).await,
        Some(("reset", _)) => run_reset(context, &name, &instance),
        Some(("seed", matches)) => {
            let number = |name: &str| matches.get_one::<u64>(name).copied().unwrap_or_default();
            let wanted = Wanted {
                users: number("users"),
                organizations: number("organizations"),
                seed: number("seed"),
            };
            let mut progress = |done, total| context.ui.progress(done, Some(total));
            let report = local::seed(&instance, wanted, &mut progress);
            context.ui.progress_end();
            show_object(context, &report?)?;
            Ok(Exit::Done)
        }
        _ => Err(Failure::usage(
            "a command is missing: serve, status, reset or seed",
        )),
    }
}

fn show_object(context: &Context, value: &serde_json::Value) -> Outcome<()> {
    let mut renderer = renderer(context, "local")?;
    show(context, &mut renderer, value.to_string().as_bytes())
}

async fn run_serve(context: &Context, instance: &Instance, matches: &ArgMatches) -> Outcome<Exit> {
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

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Outcome<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen =
            |kind| signal(kind).map_err(|error| Failure::io("cannot listen for signals", &error));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn wait(&mut self) {
        std::future::poll_fn(|context| {
            let interrupted = self.interrupt.poll_recv(context).is_ready();
            if interrupted || self.terminate.poll_recv(context).is_ready() {
                return std::task::Poll::Ready(());
            }
            std::task::Poll::Pending
        })
        .await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Outcome<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// How many users and organizations there are.
async fn counts(server: &Server) -> Outcome<(u64, u64)> {
    #[derive(Deserialize)]
    struct Total {
        total_count: u64,
    }
    let client = Client::builder(server.key()?)
        .base_url(server.url())
        .build()
        .map_err(|error| Failure::of_call("cannot reach the local Clerk", error))?;
    let mut totals = [0; 2];
    for (slot, id) in totals.iter_mut().zip(["users.count", "organizations.list"]) {
        let reply = client
            .call(operation(id)?, Args::new())
            .await
            .map_err(|error| Failure::of_call("cannot read the local instance", error))?;
        let total: Total = serde_json::from_slice(&reply.raw)
            .map_err(|error| Failure::new(Exit::Failed, "bad_answer", error.to_string()))?;
        *slot = total.total_count;
    }
    Ok((totals[0], totals[1]))
}

async fn run_status(context: &Context, name: &str, instance: &Instance) -> Outcome<Exit> {
    let exists = instance.database.exists();
    let mut status = json!({
        "instance": name,
        "database": instance.database,
        "exists": exists,
        "key_file": instance.key_file,
    });
    if exists {
        let size = fs_err::metadata(&instance.database).map_or(0, |facts| facts.len());
        let server = Server::start(instance, &Options::of(&context.settings))?;
        let (users, organizations) = counts(&server).await?;
        status["bytes"] = json!(size);
        status["secret_key"] = json!(server.secret_key());
        status["users"] = json!(users);
        status["organizations"] = json!(organizations);
        server.stop();
        if let Some(running) = Running::find(instance)
            && running.call("GET", "/status", None).await.is_ok()
        {
            status["running"] = json!({"url": running.url, "pid": running.pid});
        }
    }
    show_object(context, &status)?;
    Ok(Exit::Done)
}

fn run_reset(context: &Context, name: &str, instance: &Instance) -> Outcome<Exit> {
    if instance.database.exists() && !context.flags.yes {
        let question = format!("Take everything out of the local instance {name}? [y/N]");
        if !context.can_ask() {
            return Err(Failure::refused(format!(
                "cannot empty the local instance {name}: not confirmed"
            ))
            .hint("without a terminal to ask at, add --yes"));
        }
        let answer = context.ui.ask(&question).unwrap_or_default();
        if !matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") {
            return Err(Failure::refused("not confirmed: nothing was changed"));
        }
    }
    local::reset(instance)?;
    show_object(
        context,
        &json!({"instance": name, "database": instance.database, "reset": true}),
    )?;
    Ok(Exit::Done)
}

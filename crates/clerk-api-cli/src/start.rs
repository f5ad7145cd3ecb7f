//! From the process's arguments to its exit code.

use std::process::ExitCode;

use clap::ArgMatches;
use clerk_api_admin::call::operation;
use clerk_api_admin::format::worker;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::sending::Sending;

use crate::args::root::{self, flag};
use crate::args::{tree, usage};
use crate::commands;
use crate::complete;
use crate::setup::config::{self, Flags};
use crate::setup::context::Context;
use crate::setup::hardening;
use crate::show::exit::Exit;
use crate::show::ui::{ColorWhen, Ui};
use crate::show::{failure, signals, ui};

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    hardening::private_files();
    if worker::is_wanted(std::env::args_os().nth(1).as_deref()) {
        return worker::serve();
    }
    if let Some(answered) = complete::answered() {
        return answered;
    }
    ui::install_panic_hook();
    // The hook has said what there is to say.
    std::panic::catch_unwind(begin).unwrap_or_else(|_| Exit::Bug.into())
}

fn begin() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let matches = match tree::parse(&arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let ui = Ui::new(usage::color(&arguments), config::color_env(), false, 0);
            let matches = match ui.can_ask() {
                true => tree::parse_choosable(&arguments, error),
                false => Err(error),
            };
            match matches {
                Ok(matches) => matches,
                Err(error) => return usage::report(&error, &arguments, &ui).into(),
            }
        }
    };
    let innermost = root::innermost(&matches);
    let ui = Ui::new(
        color(innermost),
        config::color_env(),
        innermost.get_flag(flag::QUIET),
        innermost.get_count(flag::VERBOSE),
    );
    dispatch(&matches, ui)
}

fn color(matches: &ArgMatches) -> ColorWhen {
    match matches.get_one::<String>(flag::COLOR).map(String::as_str) {
        Some("always") => ColorWhen::Always,
        Some("never") => ColorWhen::Never,
        _ => ColorWhen::Auto,
    }
}

fn dispatch(matches: &ArgMatches, ui: Ui) -> ExitCode {
    let Some((name, inner)) = matches.subcommand() else {
        return Exit::Usage.into();
    };
    if let Some(outcome) = commands::run_plain(name, inner, &ui) {
        return ended(outcome, &ui, &Sending::default()).into();
    }
    let mut context = match Context::new(ui, Flags::read(root::innermost(matches))) {
        Ok(context) => context,
        Err((failure, ui)) => return ended(Err(failure), &ui, &Sending::default()).into(),
    };
    context.continue_job = commands::continue_job;
    let outcome = in_runtime(&mut context, name, inner);
    let exit = ended(outcome, &context.ui, &context.sending);
    signals::die_of(exit);
    match context.ended_with {
        Some(code) if exit == Exit::Done => code.into(),
        _ => exit.into(),
    }
}

/// The first runtime of a process also sets up signals, and panics where it may not open enough files: so a few are opened
/// and closed before.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    #[cfg(unix)]
    {
        use std::os::unix::net::UnixStream;
        let probe: std::io::Result<Vec<_>> = (0..3).map(|_| UnixStream::pair()).collect();
        drop(probe?);
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// One thread is enough: a command waits for the network, and so do many of its requests at once.
fn in_runtime(context: &mut Context, name: &str, inner: &ArgMatches) -> Outcome<Exit> {
    let runtime = runtime().map_err(|error| Problem::io("cannot start", &error))?;
    let outcome = runtime.block_on(async {
        match inner.subcommand() {
            Some((action, leaf)) if commands::is_added(name, action) => {
                commands::run_added(context, name, action, leaf).await
            }
            Some((action, leaf))
                if !matches!(name, "audit" | "local" | "jobs" | "mcp" | "skill") =>
            {
                let id = format!("{name}.{action}").replace('-', "_");
                commands::run_operation(context, operation(&id)?, leaf).await
            }
            _ => commands::run(name, inner, context).await,
        }
    });
    // Connections end with the runtime; a local server that goes after them need not wait.
    drop(runtime);
    context.disconnect();
    outcome
}

/// Reports a failure, with what is known of the command's own request.
fn ended(outcome: Outcome<Exit>, ui: &Ui, sending: &Sending) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(mut failure) => {
            sending.mark(&mut failure);
            ui.failure(&failure);
            failure::exit(&failure)
        }
    }
}

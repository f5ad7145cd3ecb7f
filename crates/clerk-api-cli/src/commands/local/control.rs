//! Commands for the running server: faults, limits, counts of what was done, the request log, its clock.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::json;

use super::ask::{Ask, ask, encode, running};
use super::{server, show_object};
use crate::local::Instance;
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn commands() -> [Command; 5] {
    [faults(), limits(), effects(), requests(), clock()]
}

fn faults() -> Command {
    let id = Arg::new("id")
        .value_name("ID")
        .required(true)
        .value_parser(value_parser!(u64))
        .help("The fault's number in the list");
    Command::new("faults")
        .about("Inject faults into requests to the running server")
        .after_help("Examples:\n  clerk-api local faults add 'POST /users status=503 nth=2'\n  clerk-api local faults clear")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            Command::new("add").about("Add a fault").arg(
                Arg::new("fault")
                    .value_name("FAULT")
                    .required(true)
                    .help("For example 'PATCH /users/* cut=after times=1'"),
            ),
            Command::new("list").about("List the faults and how often each was triggered"),
            Command::new("remove").about("Remove a fault").arg(id),
            Command::new("clear").about("Remove all faults"),
        ])
}

fn limits() -> Command {
    Command::new("limits")
        .about("Show the rate limits in force, or change them")
        .after_help("Examples:\n  clerk-api local limits\n  clerk-api local limits --limits development --limits-scale 10")
        .args(server::limit_flags())
        .arg(
            Arg::new("off")
                .long("off")
                .action(ArgAction::SetTrue)
                .help("Enforce none"),
        )
}

fn effects() -> Command {
    Command::new("effects")
        .about("Show what was done how often, to find writes that were done twice")
        .after_help("Examples:\n  clerk-api local effects --start\n  clerk-api local effects --key ada@example.com")
        .arg(
            Arg::new("key")
                .long("key")
                .value_name("TEXT")
                .help("Only entries with this text, such as an email address"),
        )
        .arg(
            Arg::new("start")
                .long("start")
                .action(ArgAction::SetTrue)
                .help("Start counting from zero"),
        )
        .arg(
            Arg::new("stop")
                .long("stop")
                .action(ArgAction::SetTrue)
                .conflicts_with("start")
                .help("Stop counting"),
        )
}

fn requests() -> Command {
    Command::new("requests")
        .about("Show the latest requests to the running server, or one of them with its bodies")
        .long_about(
            "Show the latest 1000 requests to the running server, or one of them with its request and response. `unread` \
             lists parameters that the operation does not have: Clerk ignores them. Bodies of the latest 200 are kept, \
             16 KiB each; secrets in them are masked",
        )
        .after_help("Examples:\n  clerk-api local requests --output table\n  clerk-api local requests 17")
        .arg(
            Arg::new("id")
                .value_name("ID")
                .value_parser(value_parser!(u64))
                .conflicts_with("after")
                .help("The number of one request in the list"),
        )
        .arg(
            Arg::new("after")
                .long("after")
                .value_name("N")
                .value_parser(value_parser!(u64))
                .help("Only requests after the one with this number"),
        )
}

fn clock() -> Command {
    Command::new("clock")
        .about("Show the running server's clock, or move it forward")
        .after_help("Examples:\n  clerk-api local clock --advance-ms 86400000")
        .arg(
            Arg::new("advance-ms")
                .long("advance-ms")
                .value_name("N")
                .value_parser(value_parser!(u64))
                .help("How far to move it forward, in milliseconds"),
        )
}

/// Asks the running server, if the command is one of these.
pub(super) async fn run(
    context: &Context,
    instance: &Instance,
    name: &str,
    matches: &ArgMatches,
) -> Outcome<Option<Exit>> {
    let ask = match name {
        "faults" => of_faults(matches)?,
        "limits" => of_limits(matches),
        "effects" => of_effects(matches),
        "requests" => {
            let number = |name: &str| matches.get_one::<u64>(name).copied();
            let path = match number("id") {
                Some(id) => format!("/requests/{id}"),
                None => format!("/requests?after={}", number("after").unwrap_or_default()),
            };
            ask("GET", path, None)
        }
        "clock" => match matches.get_one::<u64>("advance-ms") {
            Some(millis) => ask("POST", "/clock", Some(json!({"advance_ms": millis}))),
            None => ask("GET", "/clock", None),
        },
        _ => return Ok(None),
    };
    let answer = running(instance)?
        .call(ask.method, &ask.path, ask.body.as_ref())
        .await?;
    show_object(context, &answer)?;
    Ok(Some(Exit::Done))
}

fn of_faults(matches: &ArgMatches) -> Outcome<Ask> {
    match matches.subcommand() {
        Some(("add", matches)) => {
            let line = matches.get_one::<String>("fault");
            Ok(ask("POST", "/faults", Some(json!({ "fault": line }))))
        }
        Some(("remove", matches)) => {
            let id = matches.get_one::<u64>("id").copied().unwrap_or_default();
            Ok(ask("DELETE", format!("/faults/{id}"), None))
        }
        Some(("clear", _)) => Ok(ask("DELETE", "/faults", None)),
        Some(("list", _)) => Ok(ask("GET", "/faults", None)),
        _ => Err(Problem::usage(
            "a command is missing: add, list, remove or clear",
        )),
    }
}

fn of_limits(matches: &ArgMatches) -> Ask {
    let wanted = server::limits(matches);
    if matches.get_flag("off") {
        ask("PUT", "/limits", Some(json!({})))
    } else if wanted.is_null() {
        ask("GET", "/limits", None)
    } else {
        ask("PUT", "/limits", Some(wanted))
    }
}

fn of_effects(matches: &ArgMatches) -> Ask {
    let switched = [("start", true), ("stop", false)];
    if let Some((_, enabled)) = switched
        .into_iter()
        .find(|(flag, _)| matches.get_flag(flag))
    {
        return ask("PUT", "/effects", Some(json!({ "enabled": enabled })));
    }
    let key = matches.get_one::<String>("key").map_or("", String::as_str);
    ask("GET", format!("/effects?key={}", encode(key)), None)
}

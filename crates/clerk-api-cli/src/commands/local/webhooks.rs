//! `local webhooks`: the webhook endpoints of a running local instance; and the flags
//! that register endpoints when a server starts.

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::{Map, Value, json};

use super::ask::{Ask, ask, encode, running};
use super::flag::{flag, moment};
use super::show_object;
use crate::local::{Instance, Running};
use crate::setup::context::Context;
use crate::show::exit::Exit;

const HEADING: &str = "Webhooks";

/// An endpoint that was registered when the server started.
pub(super) struct Told {
    pub(super) url: String,
    pub(super) secret: String,
}

pub(super) fn command() -> Command {
    Command::new("webhooks")
        .about("Send webhooks to an endpoint on this machine")
        .after_help(
            "Examples:\n  clerk-api local webhooks add http://localhost:3000/api/webhooks --event 'user.*'\n  \
             clerk-api local webhooks replay --since 2026-01-01",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            Command::new("list").about("List the endpoints with their secrets"),
            add(),
            Command::new("remove").about("Remove an endpoint").arg(
                Arg::new("id")
                    .value_name("WEBHOOK_ID")
                    .required(true)
                    .help("The endpoint's id in the list"),
            ),
            Command::new("events")
                .about("List the events with their payloads, newest first")
                .args([kind(), since(), limit()]),
            Command::new("deliveries")
                .about("List the deliveries and their results")
                .args([
                    flag("webhook-id", "ID", "Only deliveries to this endpoint"),
                    flag("status", "STATUS", "Only deliveries in this state").value_parser([
                        "pending",
                        "delivered",
                        "failed",
                    ]),
                    limit(),
                ]),
            replay(),
        ])
}

fn add() -> Command {
    Command::new("add")
        .about("Register an endpoint on this machine")
        .args([
            Arg::new("url")
                .value_name("URL")
                .required(true)
                .help("http:// at localhost, 127.0.0.1 or [::1]"),
            flag(
                "event",
                "TYPE",
                "Only this type or group, such as user.created or user.*",
            )
            .action(ArgAction::Append),
            flag(
                "secret",
                "SECRET",
                "Sign with this secret (whsec_…) instead of a new one",
            ),
            Arg::new("disabled")
                .long("disabled")
                .action(ArgAction::SetTrue)
                .help("Send no events to it for now"),
        ])
}

fn replay() -> Command {
    Command::new("replay")
        .about("Send events again: one of them, or all since a time or of a type")
        .args([
            Arg::new("id")
                .value_name("ID")
                .help("An event (msg_…) or a delivery (dlv_…)")
                .conflicts_with_all(["since", "type"]),
            since(),
            kind(),
            flag("webhook-id", "ID", "Only to this endpoint"),
            Arg::new("everything")
                .long("everything")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["id", "since", "type"])
                .help("Send all stored events"),
        ])
}

fn kind() -> Arg {
    flag("type", "TYPE", "Only this type or group, such as user.*")
}

fn since() -> Arg {
    flag("since", "INSTANT", "Only events from this time or later").value_parser(moment)
}

fn limit() -> Arg {
    flag("limit", "N", "At most this many")
        .value_parser(value_parser!(u16).range(1..=500))
        .default_value("100")
}

pub(super) async fn run(
    context: &Context,
    instance: &Instance,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let ask = of(matches)?;
    let answer = running(instance)?
        .call(ask.method, &ask.path, ask.body.as_ref())
        .await?;
    show_object(context, &answer)?;
    Ok(Exit::Done)
}

fn of(matches: &ArgMatches) -> Outcome<Ask> {
    let Some((action, matches)) = matches.subcommand() else {
        return Err(Problem::usage(
            "a command is missing: list, add, remove, events, deliveries or replay",
        ));
    };
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    Ok(match action {
        "add" => {
            let events: Vec<&String> = matches.get_many("event").into_iter().flatten().collect();
            let mut body = json!({
                "url": text("url"), "events": events, "disabled": matches.get_flag("disabled"),
            });
            if let Some(secret) = text("secret") {
                body["secret"] = secret.into();
            }
            ask("POST", "/webhooks", Some(body))
        }
        "remove" => {
            let id = encode(text("id").unwrap_or_default());
            ask("DELETE", format!("/webhooks/{id}"), None)
        }
        "events" => {
            let mut path = format!("/events?limit={}", number(matches));
            push(&mut path, "type", text("type"));
            let since = matches.get_one::<i64>("since").map(i64::to_string);
            push(&mut path, "since", since.as_deref());
            ask("GET", path, None)
        }
        "deliveries" => {
            let mut path = format!("/deliveries?limit={}", number(matches));
            push(&mut path, "webhook_id", text("webhook-id"));
            push(&mut path, "status", text("status"));
            ask("GET", path, None)
        }
        "replay" => of_replay(matches)?,
        _ => ask("GET", "/webhooks", None),
    })
}

fn of_replay(matches: &ArgMatches) -> Outcome<Ask> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let mut body = Map::new();
    if let Some(webhook) = text("webhook-id") {
        body.insert("webhook_id".to_owned(), webhook.into());
    }
    if let Some(id) = text("id") {
        let id = encode(&id);
        return Ok(if id.starts_with("dlv_") {
            ask("POST", format!("/deliveries/{id}/replay"), None)
        } else {
            ask("POST", format!("/events/{id}/replay"), Some(body.into()))
        });
    }
    if let Some(since) = matches.get_one::<i64>("since") {
        body.insert("since".to_owned(), (*since).into());
    }
    if let Some(kind) = text("type") {
        body.insert("type".to_owned(), kind.into());
    }
    let narrowed = body.contains_key("since") || body.contains_key("type");
    if !narrowed && !matches.get_flag("everything") {
        return Err(Problem::usage("nothing to send again was named")
            .hint("name an event, --since, --type, or --everything"));
    }
    Ok(ask("POST", "/events/replay", Some(Value::Object(body))))
}

fn number(matches: &ArgMatches) -> u16 {
    matches.get_one("limit").copied().unwrap_or(100)
}

fn push(path: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        path.push('&');
        path.push_str(name);
        path.push('=');
        path.push_str(&encode(value));
    }
}

/// The flags of `local serve` and `local exec`.
pub(super) fn flags() -> impl Iterator<Item = Arg> {
    [
        flag(
            "webhook",
            "URL",
            "Send events to this endpoint on this machine",
        )
        .action(ArgAction::Append),
        flag(
            "webhook-secret",
            "SECRET",
            "Sign its events with this secret (whsec_…)",
        )
        .requires("webhook"),
        flag(
            "webhook-scale",
            "N",
            "Make the pauses before another attempt pass this many times faster",
        )
        .value_parser(value_parser!(u32).range(1..)),
    ]
    .into_iter()
    .map(|arg| arg.help_heading(HEADING))
}

/// Registers the endpoints that the flags name, unless they are, and returns them.
pub(super) async fn register(server: &Running, matches: &ArgMatches) -> Outcome<Vec<Told>> {
    let mut told = Vec::new();
    let secret = matches.get_one::<String>("webhook-secret");
    for url in matches.get_many::<String>("webhook").into_iter().flatten() {
        let known = server.call("GET", "/webhooks", None).await?;
        let mut all = known["data"].as_array().into_iter().flatten();
        let found = all.find(|one| one["url"] == url.as_str());
        let mut body = json!({"disabled": false});
        if let Some(secret) = secret {
            body["secret"] = secret.as_str().into();
        }
        let webhook = match found {
            Some(found) => {
                let id = found["id"].as_str().unwrap_or_default();
                let path = format!("/webhooks/{id}");
                server.call("PATCH", &path, Some(&body)).await?
            }
            None => {
                body["url"] = url.as_str().into();
                server.call("POST", "/webhooks", Some(&body)).await?
            }
        };
        told.push(Told {
            url: url.clone(),
            secret: webhook["secret"].as_str().unwrap_or_default().to_owned(),
        });
    }
    Ok(told)
}

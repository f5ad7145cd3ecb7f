//! `mcp`: tools for agents, over standard input and output.

mod clients;
mod document;
mod entry;
mod install;
mod jsonc;

use std::sync::Arc;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_mcp::{Connection, Levels, Settings, Toolset, serve_stdio};
use clerk_api_tasks::governor::SystemWall;

use super::jobs::run::timing;
use crate::setup::context::Context;
use crate::show::exit::Exit;

const WRITES: &str = "mcp.allow-writes";
const INVITES: &str = "mcp.allow-invites";
const DESTRUCTIVE: &str = "mcp.allow-destructive";
const LIVE: &str = "mcp.live";
const TOOLSETS: &str = "mcp.toolsets";
const EXPOSE: &str = "mcp.expose";
const DOMAINS: &str = "mcp.allow-domain";
const REDIRECTS: &str = "mcp.allow-redirect";
const MOST_DESTROYED: &str = "mcp.max-destroyed";
const MOST_INVITED: &str = "mcp.max-invitations";

/// Calls a second (reliability.md 10.4).
const PACE: u64 = 5;
/// How long one call may take (reliability.md 10.4).
const LONGEST: Duration = Duration::from_secs(60);

pub(super) fn command() -> Command {
    let arg = |id: &'static str| Arg::new(id).long(id.strip_prefix("mcp.").unwrap_or(id));
    let flag = |id: &'static str| arg(id).action(ArgAction::SetTrue);
    let list = |id: &'static str| arg(id).action(ArgAction::Append).value_delimiter(',');
    let number = |id: &'static str, usual: &'static str| {
        arg(id)
            .value_name("N")
            .default_value(usual)
            .value_parser(clap::value_parser!(u64))
    };
    Command::new("mcp")
        .args_conflicts_with_subcommands(true)
        .subcommands(install::commands())
        .about("Serve tools for agents (MCP over standard input and output)")
        .long_about("Serve tools for agents: MCP over standard input and output. It starts read-only; flags open more. What deletes or sends messages needs a person, who types a name or an address into a form of the client; no argument of a tool can stand for that. It starts without a key, too, and says at each call what is missing")
        .after_help("Examples:\n  clerk-api mcp\n  clerk-api mcp --allow-writes --toolsets users,organizations\n  clerk-api mcp --allow-writes --allow-invites --allow-domain acme.com --profile acme")
        .arg(flag(WRITES).help("Offer writes that can be put back"))
        .arg(flag(INVITES).requires(DOMAINS).help("Offer invitations and other messages; a person approves each call"))
        .arg(flag(DESTRUCTIVE).help("Offer deletions and replacements; a person approves each call"))
        .arg(flag(LIVE).help("Accept the key of a live instance"))
        .arg(
            list(TOOLSETS)
                .value_name("NAMES")
                .value_parser(Toolset::ALL.iter().map(|set| set.word()).collect::<Vec<_>>())
                .help("Offer only these sets of operations"),
        )
        .arg(
            arg(EXPOSE)
                .value_name("WHAT")
                .value_parser(["metadata"])
                .help("Show private and unsafe metadata, too"),
        )
        .arg(list(DOMAINS).value_name("DOMAIN").help("A domain that messages may go to (repeatable)"))
        .arg(list(REDIRECTS).value_name("URL").value_parser(redirect).help("A URL that links of messages may lead to, and those below it (repeatable)"))
        .arg(number(MOST_DESTROYED, "25").help("How many objects may be deleted or replaced a day on one instance"))
        .arg(number(MOST_INVITED, "10").help("How many messages may be sent a day on one instance"))
}

fn redirect(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/".contains(c);
    if rest.is_empty() || rest.starts_with('/') || !rest.chars().all(is_plain) {
        return Err("this takes an https URL without a query".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    if let Some((verb, inner)) = matches.subcommand() {
        return install::run(verb == "install", inner, context);
    }
    for (given, flag) in [
        (context.flags.dry_run, "--dry-run"),
        (context.flags.yes, "--yes"),
    ] {
        if given {
            return Err(Problem::usage(format!("{flag} means nothing to a server"))
                .hint("it starts read-only; `clerk-api mcp --help` has the flags that open more"));
        }
    }
    let settings = settings(matches, context);
    serve_stdio(settings, async || {
        let link = context.link().await?;
        Ok(Connection {
            client: link.client,
            live: link.live,
            url: link.url,
            fingerprint: link.fingerprint,
            governor: Some(link.governor),
        })
    })
    .await?;
    Ok(Exit::Done)
}

fn settings(matches: &ArgMatches, context: &Context) -> Settings {
    let texts = |id: &str| -> Vec<String> {
        let values = matches.get_many::<String>(id).into_iter().flatten();
        values.cloned().collect()
    };
    let number = |id: &str| matches.get_one::<u64>(id).copied().unwrap_or_default();
    let words = texts(TOOLSETS);
    let sets = Toolset::ALL.iter().copied();
    let read_only = &context.settings.read_only;
    Settings {
        levels: Levels {
            writes: matches.get_flag(WRITES),
            invites: matches.get_flag(INVITES),
            destructive: matches.get_flag(DESTRUCTIVE),
        },
        live: matches.get_flag(LIVE),
        toolsets: sets
            .filter(|set| words.iter().any(|word| word == set.word()))
            .collect(),
        metadata: !texts(EXPOSE).is_empty(),
        domains: texts(DOMAINS),
        redirects: texts(REDIRECTS),
        most_destroyed: number(MOST_DESTROYED),
        most_invited: number(MOST_INVITED),
        calls_per_second: PACE,
        longest: LONGEST,
        read_only: read_only.value.then(|| read_only.source.to_string()),
        protected: context.settings.protected.clone(),
        state: context.settings.state_dir.clone(),
        timing: timing(context),
        secrets: context.ui.secrets.clone(),
        wall: Arc::new(SystemWall),
    }
}

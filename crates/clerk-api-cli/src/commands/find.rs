//! `find` and `show`: one search through everything, and one object with what hangs on it.

use clap::{Arg, ArgMatches, Command};
use clerk_api_admin::find;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use super::choose;
use super::output::{renderer, show as print};
use crate::setup::context::Context;
use crate::show::exit::Exit;

const TEXT: &str = "find.text";
const LIMIT: &str = "find.limit";
const ID: &str = "show.id";

pub(super) fn commands() -> [Command; 2] {
    [
        Command::new("find")
            .about("Search users, organizations and invitations at once, best first")
            .after_help("Examples:\n  clerk-api find ada\n  clerk-api find ada --output table")
            .arg(
                Arg::new(TEXT)
                    .value_name("TEXT")
                    .required(true)
                    .help("A part of a name, address, number, username, slug or id"),
            )
            .arg(
                Arg::new(LIMIT)
                    .long("limit")
                    .value_name("N")
                    .default_value("10")
                    .value_parser(clap::value_parser!(u64).range(1..=100))
                    .help("How many of each kind are shown at most"),
            ),
        Command::new("show")
            .about("Show any object by its id, with what hangs on it")
            .long_about("Show any object by its id, with what hangs on it: a user with memberships, sessions and invitations, an organization with members, invitations and domains. The id says what it is")
            .after_help("Examples:\n  clerk-api show user_2NNEqL2nrIRdJ194ndJqAHwEfxC")
            .arg(
                Arg::new(ID)
                    .value_name("ID")
                    .help("The id of any object: user_…, org_…, sess_…, role_…; at a terminal you can leave it out and search"),
            ),
    ]
}

pub(super) async fn find(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let mut renderer = renderer(context, "find")?;
    let text = matches
        .get_one::<String>(TEXT)
        .map(String::as_str)
        .unwrap_or_default();
    let most = matches.get_one::<u64>(LIMIT).copied().unwrap_or(10);
    let client = context.link().await?.client;
    let rows = find::find(&client, text, most).await?;
    print(
        context,
        &mut renderer,
        Value::Array(rows).to_string().as_bytes(),
    )
}

pub(super) async fn show(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let mut renderer = renderer(context, "show")?;
    let id = match matches.get_one::<String>(ID) {
        Some(id) => id.clone(),
        None if context.asks() => choose::anything(context).await?,
        None => {
            return Err(Problem::usage("`show` needs the id of an object")
                .hint("`clerk-api find TEXT` searches for it"));
        }
    };
    let client = context.link().await?.client;
    let shown = find::show(&client, &id, context.flags.show_secrets).await?;
    print(context, &mut renderer, shown.to_string().as_bytes())
}

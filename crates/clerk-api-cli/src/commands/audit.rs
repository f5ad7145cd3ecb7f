//! `audit`: what is wrong in an instance, by rules over an export of it.

mod args;
mod changes;
mod query;
mod report;
mod rules;
mod schema;
mod snapshot;
mod source;
mod tree;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use super::output;
use crate::args::root;
use crate::setup::context::Context;
use crate::show::exit::Exit;

pub(super) fn command() -> Command {
    let below = [
        rules::command(),
        schema::command(),
        query::command(),
        changes::command(),
        snapshot::command(),
        tree::command(),
    ];
    // What a report adds to the usual formats is not for the commands below.
    report::command().subcommands(below.map(|command| command.arg(root::output_flag())))
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    let Some((name, inner)) = matches.subcommand() else {
        return report::run(matches, context).await;
    };
    let misplaced = args::OWN
        .iter()
        .find(|id| matches.value_source(id) == Some(ValueSource::CommandLine));
    if let Some(id) = misplaced {
        let flag = id.strip_prefix("audit.").unwrap_or(id);
        return Err(Problem::usage(format!(
            "--{flag} is in front of {name}: write it after it, as in `audit {name} --{flag} …`"
        )));
    }
    match name {
        "rules" => rules::run(inner, context),
        "schema" => schema::run(context),
        "sql" => query::run(inner, context).await,
        "diff" => changes::run(inner, context),
        "snapshot" => snapshot::run(inner, context).await,
        "tree" => tree::run(inner, context).await,
        other => Err(Problem::usage(format!("there is no command audit {other}"))),
    }
}

/// Shows rows in the format that was asked for.
fn show_rows(context: &Context, view: &str, rows: Vec<Value>) -> Outcome<Exit> {
    let mut renderer = output::renderer(context, view)?;
    let rows = Value::Array(rows);
    output::show(context, &mut renderer, rows.to_string().as_bytes())
}

/// Whether a format shows rows, and not a document around them.
fn shows_rows(context: &Context) -> bool {
    use clerk_api_admin::format::Format;
    !matches!(context.settings.output.value, Format::Json | Format::Yaml)
}

//! `count` for lists whose response says how many rows there are: one request for one row.

use clap::{ArgMatches, Command};
use clerk_api::declare::Meta;
use clerk_api_admin::call::operation;
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::resolve;
use serde_json::{Value, json};

use super::jobs::place::now;
use super::output::{renderer, show};
use crate::args::{from_meta, read};
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// The list whose rows a group's command counts.
fn list(group: &str) -> Outcome<&'static Meta> {
    operation(match group {
        "invitations" => "invitations.list_all",
        "memberships" => "memberships.list",
        _ => "organizations.list",
    })
}

pub(super) fn command(group: &str) -> Option<Command> {
    let meta = list(group).ok()?;
    let about = format!("Count the {}, by one request", meta.resource().plural);
    let example = format!("Examples:\n  clerk-api {group} count");
    Some(from_meta::counting(meta).about(about).after_help(example))
}

pub(super) async fn run(context: &mut Context, group: &str, matches: &ArgMatches) -> Outcome<Exit> {
    let meta = list(group)?;
    let mut renderer = renderer(context, "users.count")?;
    let mut call = read::call(
        meta,
        matches,
        &read::Chosen::new(),
        &mut context.inputs,
        now(),
    )?;
    call.args
        .set("limit", &1)
        .map_err(|error| Problem::usage(error.to_string()))?;
    let link = context.link().await?;
    resolve::arguments(&link.client, &mut call).await?;
    let tried = format!("cannot count {}", meta.resource().plural);
    let reply = context
        .sending
        .send(&link.client, meta, call.args, &tried)
        .await?;
    let found: Option<Value> = serde_json::from_slice(&reply.raw).ok();
    let total = found.and_then(|found| found["total_count"].as_u64());
    let total = total.ok_or_else(|| {
        let message = format!(
            "{tried}: the response to {} has no count",
            phrase::one(meta, None)
        );
        Problem::new(ProblemKind::Failed, "bad_answer", message)
    })?;
    let count = json!({"object": "total_count", "total_count": total});
    show(context, &mut renderer, count.to_string().as_bytes())
}

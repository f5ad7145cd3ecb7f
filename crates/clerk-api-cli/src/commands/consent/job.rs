//! The yes for a job: what is destroyed on a live instance needs its plan (reliability.md 6.1 to 6.3).

use clerk_api::Args;
use clerk_api::declare::Meta;
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::guard::requirement::{Facts, Requirement};
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::Job;

use super::{Step, announce, carry_out, get, place};
use crate::args::job_flags::JobFlags;
use crate::commands::jobs::plan;
use crate::setup::context::{Context, Link};

/// Refuses what needs the hash of a plan and comes without, before anything is asked of the instance.
pub(in crate::commands) fn check_early(
    context: &Context,
    link: &Link,
    meta: &'static Meta,
    flags: &JobFlags,
) -> Outcome<()> {
    let facts = Facts::of_many(&Call::new(meta), 1, place(context, link));
    let needs_plan = matches!(facts.requirement(), Requirement::Plan);
    // A job with a key may have ended, so that its result is all that is wanted.
    if !needs_plan || flags.confirm.is_some() || flags.job_key.is_some() || context.can_ask() {
        return Ok(());
    }
    Err(without_plan(&phrase::one(meta, None)))
}

fn without_plan(action: &str) -> Box<Problem> {
    Problem::refused(format!(
        "cannot {action}: on a live instance this needs the hash of its plan"
    ))
    .hint("look at the plan with --plan, then give its hash with --confirm within an hour")
}

/// Gets the yes for a job, or refuses. `rows` are those that something may be sent for.
pub(in crate::commands) async fn for_job(
    context: &Context,
    link: &Link,
    job: &Job,
    meta: &'static Meta,
    rows: u64,
    flags: &JobFlags,
) -> Outcome<()> {
    let rows = usize::try_from(rows).unwrap_or(usize::MAX);
    if rows > 0 {
        announce(context, link);
        context
            .ui
            .tell(&format!("instance {}", job.meta().instance));
    }
    let facts = Facts::of_many(&Call::new(meta), rows, place(context, link));
    for_facts(context, link, job, meta, &facts, flags).await
}

pub(super) async fn for_facts(
    context: &Context,
    link: &Link,
    job: &Job,
    meta: &'static Meta,
    facts: &Facts,
    flags: &JobFlags,
) -> Outcome<()> {
    let rows = facts.count;
    let Requirement::Plan = facts.requirement() else {
        return get(context, facts, false);
    };
    check_large(link, meta, rows, flags.allow_large).await?;
    if let Some(hash) = &flags.confirm {
        return check_plan(job, hash);
    }
    if context.can_ask() {
        let noun = meta.resource().plural;
        let expected = format!("delete {rows} {noun} on {}", job.meta().instance);
        let question = format!(
            "{} Type {expected:?} to go on:",
            facts.question(&Requirement::Confirm)
        );
        return carry_out(Step::Type { question, expected }, &context.ui);
    }
    Err(without_plan(&facts.action))
}

/// A plan counts for an hour, and only for the same work on the same instance (reliability.md 6.2).
fn check_plan(job: &Job, hash: &str) -> Outcome<()> {
    const HOUR: i64 = 60 * 60 * 1000;
    match plan::age(job, hash) {
        // The hash names the minute, so the plan may be a minute older.
        Some(age) if age <= HOUR + 60_000 => Ok(()),
        Some(_) => Err(Problem::new(
            ProblemKind::Changed,
            "plan_too_old",
            "the plan is older than an hour",
        )
        .hint("make a new one with --plan")),
        None => Err(Problem::new(
            ProblemKind::Changed,
            "plan_changed",
            "this is not the plan of this work",
        )
        .hint("the input, the arguments or the instance changed: make a new one with --plan")),
    }
}

/// Much of a live instance is destroyed only by who says how much (reliability.md 6.3).
async fn check_large(
    link: &Link,
    meta: &'static Meta,
    rows: usize,
    allowed: Option<u64>,
) -> Outcome<()> {
    const MANY: u64 = 1000;
    let count = rows as u64;
    if allowed == Some(count) {
        return Ok(());
    }
    let all = total(link, meta).await?;
    let most = all.map_or(MANY, |all| MANY.min(all / 10));
    if count <= most {
        return Ok(());
    }
    let of = all.map_or_else(String::new, |all| format!(" of {all}"));
    Err(Problem::refused(format!(
        "{count}{of} {} is much to destroy at once",
        meta.resource().plural
    ))
    .hint(format!("if you mean it, add --allow-large {count}")))
}

/// How many objects of this kind there are, where that is cheap to ask.
async fn total(link: &Link, meta: &'static Meta) -> Outcome<Option<u64>> {
    let list = match meta.resource().noun {
        "user" => "users.count",
        "organization" => "organizations.list",
        _ => return Ok(None),
    };
    let list = operation(list)?;
    let mut args = Args::new();
    if list.field("limit").is_some() {
        args.set("limit", &1)
            .map_err(|error| Problem::usage(error.to_string()))?;
    }
    let reply = link.client.call(list, args).await;
    let reply = reply.map_err(|error| Problem::of_call("cannot count what is there", error))?;
    let found: Option<serde_json::Value> = serde_json::from_slice(&reply.raw).ok();
    Ok(found.and_then(|found| found["total_count"].as_u64()))
}

//! The yes for a job: what is destroyed on a live instance needs its plan (reliability.md 6.1 to 6.3).

use clerk_api::Args;
use clerk_api::declare::{Field, Meta, Resource};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::guard::requirement::{Facts, Requirement};
use clerk_api_admin::phrase;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::object_of;
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
        return check_age(plan::age(job, hash));
    }
    if context.can_ask() {
        let (lost, _) = lost(meta);
        let expected = format!("delete {rows} {lost} on {}", job.meta().instance);
        let question = format!(
            "{} Type {expected:?} to go on:",
            facts.question(&Requirement::Confirm)
        );
        return carry_out(Step::Type { question, expected }, &context.ui);
    }
    Err(without_plan(&facts.action))
}

/// A plan counts for an hour, and only for the same work on the same instance (reliability.md 6.2). Its age is in milliseconds; what is not
/// a plan of this work has none.
fn check_age(age: Option<i64>) -> Outcome<()> {
    const HOUR: i64 = 60 * 60 * 1000;
    match age {
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
    let (lost, list) = lost(meta);
    let all = match list {
        Some(list) => total(link, operation(list)?).await?,
        None => None,
    };
    let most = all.map_or(MANY, |all| MANY.min(all / 10));
    if count <= most {
        return Ok(());
    }
    let of = all.map_or_else(String::new, |all| format!(" of {all}"));
    Err(
        Problem::refused(format!("{count}{of} {lost} is much to destroy at once"))
            .hint(format!("if you mean it, add --allow-large {count}")),
    )
}

/// What an operation destroys, and the operation that says how many there are, where that is cheap to ask. The last object of the path is
/// the one that goes; a user within an organization is a member.
fn lost(meta: &Meta) -> (&'static str, Option<&'static str>) {
    let object = object_of(meta).and_then(Field::resource);
    match (meta.resource(), object) {
        (Resource::USER, Some(Resource::USER)) => ("users", Some("users.count")),
        (Resource::USER, Some(object)) => (object.plural, None),
        (Resource::ORGANIZATION, Some(Resource::ORGANIZATION)) => {
            ("organizations", Some("organizations.list"))
        }
        (Resource::ORGANIZATION, Some(Resource::USER)) => ("memberships", Some("memberships.list")),
        (resource, _) => (resource.plural, None),
    }
}

/// How many objects a list has.
async fn total(link: &Link, list: &'static Meta) -> Outcome<Option<u64>> {
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

#[cfg(test)]
mod tests {
    use clerk_api::declare::Effect;

    use super::*;

    #[test]
    fn reliability_6_3_what_is_lost_is_the_last_object_of_the_path() {
        let mut table = String::new();
        for meta in clerk_api::ops::all().map(|op| op.meta) {
            if matches!(meta.effect, Effect::Destroy) {
                let (lost, list) = lost(meta);
                let line = format!("{}: {lost}, {}\n", meta.name, list.unwrap_or("not counted"));
                table.push_str(&line);
            }
        }
        insta::assert_snapshot!(table, @r"
        users.delete: users, users.count
        users.delete_passkey: identifications, not counted
        users.delete_web3_wallet: identifications, not counted
        users.delete_external_account: external accounts, not counted
        users.revoke_trusted_device: trusted devices, not counted
        email_addresses.delete: email addresses, not counted
        phone_numbers.delete: phone numbers, not counted
        organizations.delete: organizations, organizations.list
        organizations.remove_member: memberships, memberships.list
        roles.delete: roles, not counted
        permissions.delete: permissions, not counted
        role_sets.replace: role sets, not counted
        domains.delete: domains, not counted
        waitlist.delete: waitlist entries, not counted
        allowlist.remove: listed identifiers, not counted
        blocklist.remove: listed identifiers, not counted
        jwt_templates.delete: jwt templates, not counted
        redirect_urls.delete: redirect urls, not counted
        ");
    }

    #[test]
    fn reliability_6_2_a_plan_of_a_live_destruction_counts_for_an_hour() {
        let code = |age| check_age(age).err().map(|problem| problem.code);
        for minutes in [0, 1, 60, 61] {
            assert_eq!(code(Some(minutes * 60_000)), None, "{minutes}");
        }
        for minutes in [62, 24 * 60] {
            let code = code(Some(minutes * 60_000));
            assert_eq!(code, Some("plan_too_old"), "{minutes}");
        }
        assert_eq!(code(None), Some("plan_changed"));
    }
}

//! How the command line gets a confirmation: a flag, a prompt, or a full id that was written out (reliability.md section 6).

mod changes;

use clerk_api::Args;
use clerk_api::declare::{Effect, Meta};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::guard::requirement::{Facts, Place, Requirement};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::Job;

pub(super) use changes::{for_changes, for_several};

use super::jobs::plan;
use crate::args::job_flags::JobFlags;
use crate::setup::context::{Context, Link};
use crate::show::ui::Ui;

/// What a yes can come from.
#[derive(Debug, Clone, Copy)]
struct Means {
    /// Whether someone can be asked.
    can_ask: bool,
    /// Whether `--yes` was given.
    yes: bool,
    /// Whether the settings want a yes also where an id counts as one.
    always: bool,
    /// Whether the object was named by its id, and not by something that was looked up.
    by_id: bool,
}

/// What is left to do before the write.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Proceed,
    /// Ask y/N.
    Ask(String),
    /// Ask for this text to be typed.
    Type {
        question: String,
        expected: String,
    },
}

/// One line before a write, for people (reliability.md 6.4).
pub(super) fn announce(context: &Context, link: &Link) {
    let environment = if link.live { "live" } else { "test" };
    let place = if link.local {
        "local instance"
    } else {
        "instance"
    };
    context
        .ui
        .tell(&format!("{environment} {place} at {}", link.url));
}

/// Gets the yes for a call on one object, or refuses.
pub(super) fn for_one(
    context: &Context,
    link: &Link,
    call: &Call,
    id: Option<&str>,
    by_id: bool,
) -> Outcome<()> {
    get(
        context,
        &Facts::of_one(call, id, place(context, link)),
        by_id,
    )
}

/// Gets the confirmation for a call on this many targets, or refuses.
pub(super) fn for_many(context: &Context, link: &Link, call: &Call, targets: usize) -> Outcome<()> {
    if call.meta.effect != Effect::Read && targets > 0 {
        announce(context, link);
    }
    let facts = Facts::of_many(call, targets, place(context, link));
    get(context, &facts, false)
}

/// Gets the yes for a job, or refuses. `rows` are those that something may be sent for.
pub(super) async fn for_job(
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

async fn for_facts(
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
    let action = &facts.action;
    Err(Problem::refused(format!(
        "cannot {action}: on a live instance this needs the hash of its plan"
    ))
    .hint("look at the plan with --plan, then give its hash with --confirm within an hour"))
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

fn place(context: &Context, link: &Link) -> Place {
    Place {
        live: link.live,
        read_only: context.settings.read_only.value,
    }
}

fn get(context: &Context, facts: &Facts, by_id: bool) -> Outcome<()> {
    let means = Means {
        can_ask: context.can_ask(),
        yes: context.flags.yes,
        always: context.settings.confirm_always.value,
        by_id,
    };
    carry_out(step(facts, means)?, &context.ui)
}

/// What is left to do for a requirement. Nothing but the arguments goes in.
fn step(facts: &Facts, means: Means) -> Outcome<Step> {
    let requirement = facts.requirement();
    let question = facts.question(&requirement);
    let step = match requirement {
        Requirement::None => return Ok(Step::Proceed),
        Requirement::Refused(problem) => return Err(problem),
        Requirement::Plan => return Err(needs_plan(facts)),
        Requirement::Confirm => Step::Ask(question),
        Requirement::Type(expected) => Step::Type {
            question: format!("{question} Type {expected} to continue:"),
            expected,
        },
    };
    if means.yes {
        return Ok(Step::Proceed);
    }
    if means.can_ask {
        return Ok(step);
    }
    unasked(facts, means)
}

/// What counts as a confirmation without a terminal.
fn unasked(facts: &Facts, means: Means) -> Outcome<Step> {
    let action = &facts.action;
    let refuse = |message: String, hint: &str| Err(Problem::refused(message).hint(hint));
    if !facts.destroys_one() {
        return refuse(
            format!("cannot {action}: not confirmed"),
            "there is no terminal to ask on: add --yes",
        );
    }
    if means.always {
        return refuse(
            format!("cannot {action}: not confirmed"),
            "this always needs confirmation: add --yes",
        );
    }
    if !means.by_id {
        return refuse(
            format!(
                "cannot {action}: not confirmed: without --yes, every object needs its full id"
            ),
            "there is no terminal to ask on: add --yes, or name every object by its full id",
        );
    }
    Ok(Step::Proceed)
}

fn needs_plan(facts: &Facts) -> Box<Problem> {
    let action = &facts.action;
    Problem::refused(format!(
        "cannot {action}: destroying many objects of a live instance needs a plan"
    ))
    .hint("put the ids into a file and use --rows FILE --plan; or name a single id on the command line")
}

/// Asks what has to be asked. A declined or closed prompt sends nothing.
fn carry_out(step: Step, ui: &Ui) -> Outcome<()> {
    let agreed = match step {
        Step::Proceed => true,
        Step::Ask(question) => {
            let answer = ui.ask(&format!("{question} [y/N]"));
            answer.is_some_and(|answer| matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes"))
        }
        Step::Type { question, expected } => {
            ui.ask(&question).is_some_and(|answer| answer == expected)
        }
    };
    if agreed {
        return Ok(());
    }
    Err(Problem::refused("not confirmed: nothing was sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(live: bool) -> Place {
        Place {
            live,
            read_only: false,
        }
    }

    fn one(effect: Effect) -> (Facts, bool) {
        let facts = Facts {
            effect,
            count: 1,
            many: false,
            action: "delete user user_1".to_owned(),
            id: "user_1".to_owned(),
            place: at(false),
        };
        (facts, true)
    }

    fn by_name(effect: Effect) -> (Facts, bool) {
        (one(effect).0, false)
    }

    fn many(effect: Effect, count: usize) -> (Facts, bool) {
        let facts = Facts {
            count,
            many: true,
            action: "delete users".to_owned(),
            ..one(effect).0
        };
        (facts, true)
    }

    fn word(facts: &Facts, means: Means) -> &'static str {
        match step(facts, means) {
            Ok(Step::Proceed) => "proceed",
            Ok(Step::Ask(_)) => "ask",
            Ok(Step::Type { .. }) => "type",
            Err(_) => "refuse",
        }
    }

    #[test]
    fn reliability_6_the_whole_table() {
        let rows = [
            ("read", one(Effect::Read)),
            ("update", one(Effect::Update)),
            ("mail", one(Effect::Mail)),
            ("destroy", one(Effect::Destroy)),
            ("replace", one(Effect::Replace)),
            ("destroy by a name", by_name(Effect::Destroy)),
            ("update by a name", by_name(Effect::Update)),
            ("update many", many(Effect::Update, 3)),
            ("mail 10", many(Effect::Mail, 10)),
            ("mail 11", many(Effect::Mail, 11)),
            ("destroy many", many(Effect::Destroy, 3)),
            ("destroy a list of one", many(Effect::Destroy, 1)),
        ];
        let mut table = String::from(
            "what                  | test tty, pipe, pipe --yes | live tty, pipe, pipe --yes | always, pipe\n",
        );
        for (name, (facts, by_id)) in rows {
            let at = |live, can_ask, yes, always| {
                let means = Means {
                    can_ask,
                    yes,
                    always,
                    by_id,
                };
                let facts = Facts {
                    place: at(live),
                    ..facts.clone()
                };
                word(&facts, means)
            };
            let cells = [
                at(false, true, false, false),
                at(false, false, false, false),
                at(false, false, true, false),
                at(true, true, false, false),
                at(true, false, false, false),
                at(true, false, true, false),
                at(false, false, false, true),
            ];
            let line = format!("{name:<21} | {}\n", cells.join(" "));
            table.push_str(&line);
        }
        insta::assert_snapshot!(table, @r"
        what                  | test tty, pipe, pipe --yes | live tty, pipe, pipe --yes | always, pipe
        read                  | proceed proceed proceed proceed proceed proceed proceed
        update                | proceed proceed proceed proceed proceed proceed proceed
        mail                  | proceed proceed proceed proceed proceed proceed proceed
        destroy               | ask proceed proceed type proceed proceed refuse
        replace               | ask proceed proceed type proceed proceed refuse
        destroy by a name     | ask refuse proceed type refuse proceed refuse
        update by a name      | proceed proceed proceed proceed proceed proceed proceed
        update many           | ask refuse proceed ask refuse proceed refuse
        mail 10               | proceed proceed proceed ask refuse proceed proceed
        mail 11               | ask refuse proceed ask refuse proceed refuse
        destroy many          | type refuse proceed refuse refuse refuse refuse
        destroy a list of one | type refuse proceed refuse refuse refuse refuse
        ");
    }

    #[test]
    fn a_live_deletion_wants_the_id_typed() {
        let facts = Facts {
            place: at(true),
            ..one(Effect::Destroy).0
        };
        let means = Means {
            can_ask: true,
            yes: false,
            always: false,
            by_id: true,
        };
        let Ok(Step::Type { question, expected }) = step(&facts, means) else {
            panic!("nothing is to be typed")
        };
        assert_eq!(expected, "user_1");
        assert_eq!(
            question,
            "This will permanently delete user user_1 on a live instance. Type user_1 to continue:"
        );
    }
}

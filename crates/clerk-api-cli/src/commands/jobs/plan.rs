//! What a job will do, as a document for programs and in words for people.

use clerk_api_admin::phrase;
use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::job::{Job, Plan, PlanRow, State};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::place::now;
use super::report::show_document;
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// Shows the document of a plan.
pub(crate) fn show(context: &Context, job: &Job, plan: &Plan) -> Outcome<Exit> {
    let counts = job.counts()?;
    let (meta, made) = (job.meta(), now());
    let settled: Map<String, Value> = plan
        .settled
        .iter()
        .map(|(state, count)| (state.name().to_owned(), count.into()))
        .collect();
    let rows = |rows: &[PlanRow], name: &str| -> Vec<Value> {
        rows.iter()
            .map(|row| json!({"row": row.number, "line": row.line, name: parsed(&row.what)}))
            .collect()
    };
    let operations: Map<String, Value> = plan
        .operations
        .iter()
        .map(|(name, count)| ((*name).to_owned(), (*count).into()))
        .collect();
    let takes = plan.takes.as_secs();
    let mut document = json!({
            "object": "plan",
            "hash": hash(job, made),
            "operation": meta.operation,
            "instance": meta.instance,
            "environment": if meta.live { "live" } else { "test" },
            "input": meta.input,
            "rows": {"total": counts.total(), "to_send": plan.writes(), "settled": settled},
            "left_out": job.left_out()?,
            "operations": operations,
            "lost": (!plan.lost.is_empty()).then(|| lost(&plan.lost)),
            "takes_s": takes,
            "ends_at": made + i64::try_from(takes * 1000).unwrap_or_default(),
            "limit": plan.binds,
            "samples": rows(&plan.samples, "request"),
            "trouble": rows(&plan.trouble, "problem"),
    });
    if !plan.changes.is_empty() {
        document["changes"] = rows(&plan.changes, "change").into();
    }
    show_document(context, &document)
}

/// Tells a plan to a person who is asked next.
pub(crate) fn tell(context: &Context, job: &Job, plan: &Plan) -> Outcome<()> {
    let ui = &context.ui;
    let counts = job.counts()?;
    ui.tell(&format!("{} rows of {}:", counts.total(), job.meta().input));
    for (operation, count) in &plan.operations {
        ui.tell(&format!("  {count:>7}  {operation}"));
    }
    for (state, what) in [
        (State::SkippedExisting, "already so"),
        (State::SkippedAbsent, "already gone"),
        (
            State::SkippedDrift,
            "were changed since, and stay as they are",
        ),
        (State::Rejected, "cannot be done"),
        (State::Conflict, "in conflict with what is there"),
        (State::Invalid, "wrong"),
    ] {
        let count = plan.settled.of(state);
        if count > 0 {
            ui.tell(&format!("  {count:>7}  {what}"));
        }
    }
    for row in &plan.changes {
        ui.tell(&format!("           {}", row.what));
    }
    let unnamed = plan.writes() - plan.changes.len() as u64;
    if unnamed > 0 && !plan.changes.is_empty() {
        ui.tell(&format!("           and {unnamed} more"));
    }
    for row in plan.trouble.iter().take(5) {
        let place = if row.what.starts_with("line ") {
            String::new()
        } else {
            format!("line {}: ", row.line)
        };
        ui.tell(&format!("           {place}{}", row.what));
    }
    if !plan.lost.is_empty() {
        ui.tell("This cannot be undone:");
    }
    for (what, count) in &plan.lost {
        ui.tell(&format!("  {count:>7}  {what}"));
    }
    if plan.takes.as_secs() >= 1 {
        ui.tell(&format!(
            "It takes {} or more; what decides is {}.",
            phrase::duration(plan.takes),
            plan.binds
        ));
    }
    Ok(())
}

fn lost(lost: &[(String, u64)]) -> Value {
    let lost = lost
        .iter()
        .map(|(what, count)| (what.clone(), (*count).into()));
    Value::Object(lost.collect())
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The hash of a plan: what is done to which rows of which instance, and when that was planned.
pub(crate) fn hash(job: &Job, made: i64) -> String {
    let meta = job.meta();
    let minute = made / 60_000;
    let digest = Sha256::new()
        .chain_update(format!(
            "{minute}\n{}\n{}\n{}\n",
            meta.version, meta.instance, meta.operation
        ))
        .chain_update(format!("{}\n{}\n", meta.sha256, meta.options))
        // What the job itself wrote down, such as who is to be removed, is part of the plan.
        .chain_update(fs_err::read(job.place().rows()).unwrap_or_default())
        .finalize();
    let short: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{minute:x}-{short}")
}

/// How old the plan of a hash is, in milliseconds, where it is one of this job.
pub(crate) fn age(job: &Job, text: &str) -> Option<i64> {
    let minute = i64::from_str_radix(text.split('-').next()?, 16).ok()?;
    let made = minute.checked_mul(60_000)?;
    (hash(job, made) == text).then(|| now() - made)
}

//! A job as one document, as every face shows it.

use clerk_api_admin::problem::Outcome;
use serde_json::{Map, Value, json};

use super::journal::Phase;
use super::state::Outcome as Fate;
use super::store::Job;

/// The document of a job: what it is, how far it is, and how many rows are in each state.
///
/// # Errors
/// The journal cannot be read.
pub fn document(job: &Job) -> Outcome<Map<String, Value>> {
    let (meta, phase, counts) = (job.meta(), job.phase()?, job.counts()?);
    let id = job.place().id();
    let states: Map<String, Value> = counts
        .iter()
        .map(|(state, count)| (state.name().to_owned(), count.into()))
        .collect();
    let (reason, resume_after) = match &phase {
        Phase::Parked {
            reason,
            resume_after,
        } => (Some(reason.clone()), *resume_after),
        _ => (None, None),
    };
    let document = json!({
        "object": "job",
        "id": id,
        "kind": meta.kind,
        "operation": meta.operation,
        "phase": phase.name(),
        "reason": reason,
        "resume_after": resume_after,
        "instance": meta.instance,
        "environment": if meta.live { "live" } else { "test" },
        "created_at": job.place().made_at(),
        "input": meta.input,
        "rows": {
            "total": counts.total(),
            "done": counts.with(Fate::Done),
            "failed": counts.with(Fate::Failed),
            "not_attempted": counts.with(Fate::NotAttempted),
        },
        "states": states,
        "left_out": job.left_out()?,
        "attempts": job.attempts()?,
        "resume": phase.is_open().then(|| format!("clerk-api jobs resume {id}")),
        "undoes": meta.undoes,
    });
    match document {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

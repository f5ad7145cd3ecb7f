//! `jobs` and `job_cancel`: what became of work over many rows. The tasks of the protocol are the same jobs.

use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Job, Outcome as Fate, Phase, Place, document};
use serde_json::{Value, json};

use super::running;
use crate::answer::Answer;
use crate::approval::Ended;
use crate::arguments::Arguments;
use crate::settings::Settings;
use crate::turn::Turn;

/// How many jobs and rows are told at most.
const MOST: usize = 50;
/// How many jobs are told without an id.
const LATEST: usize = 10;

/// Where jobs live.
pub(super) fn folder(settings: &Settings) -> Outcome<PathBuf> {
    let state = settings.state.as_ref();
    let state = state.ok_or_else(|| Problem::config("there is no place for jobs"))?;
    Ok(state.join("jobs"))
}

pub(super) async fn jobs(turn: &Turn, arguments: &Arguments) -> Ended {
    let connected = turn.connected().await?;
    let instance = connected.instance.id.as_str();
    let folder = folder(&turn.session.settings)?;
    let Some(id) = arguments.text("id") else {
        let places = Place::all(&folder)?.into_iter();
        let jobs = places.filter_map(|place| Job::read(place).ok());
        // What was done elsewhere is none of this agent's business.
        let jobs: Vec<Job> = jobs.filter(|job| job.meta().instance == instance).collect();
        let count = jobs.len();
        let told = jobs.into_iter().take(LATEST);
        let rows: Vec<Value> = told.filter_map(|job| told_briefly(&job).ok()).collect();
        return Ok(Answer::rows(
            &turn.cleaner(),
            rows,
            |shown| json!({"count": count, "left_out": count.saturating_sub(shown), "note": "an id tells more"}),
        ));
    };
    let job = Job::read(Place::find(&folder, id)?)?;
    job.check_instance(instance)?;
    Ok(told(turn, &job)?)
}

/// All of a job: where it is, and the rows that failed.
pub(super) fn told(turn: &Turn, job: &Job) -> Outcome<Answer> {
    let whole = document(job)?;
    let mut failed = Vec::new();
    for entry in job.rows(0, 1000)? {
        if entry.state.outcome() == Fate::Failed && failed.len() < MOST {
            failed.push(json!({
                "row": entry.at.number, "state": entry.state.name(), "id": entry.id, "code": entry.code, "error": entry.message,
            }));
        }
    }
    let runs_here = turn.session.runs(&job.place().id());
    let mut facts = json!({
        "job": whole["id"], "phase": whole["phase"], "rows": whole["rows"], "states": whole["states"], "runs_here": runs_here,
    });
    if !runs_here && whole["resume"].is_string() {
        facts["resume"] = whole["resume"].clone();
    }
    let untrusted = json!({"operation": whole["operation"], "kind": whole["kind"], "reason": whole["reason"], "failed": failed});
    Ok(Answer::one(&turn.cleaner(), facts, untrusted))
}

fn told_briefly(job: &Job) -> Outcome<Value> {
    let whole = document(job)?;
    Ok(json!({
        "id": whole["id"], "operation": whole["operation"], "kind": whole["kind"], "phase": whole["phase"],
        "total": whole["rows"]["total"], "done": whole["rows"]["done"], "failed": whole["rows"]["failed"],
    }))
}

/// Stops a job of this instance that an agent started. What runs can be continued after that, what does not run is over.
pub(crate) async fn cancel(turn: &Turn, id: &str) -> Ended {
    let settings = &turn.session.settings;
    let connected = turn.connected().await?;
    let place = Place::find(&folder(settings)?, id)?;
    let id = place.id();
    if let Some(running) = turn.session.jobs.borrow().get(&id)
        && !running.task.is_finished()
    {
        running.control.stop();
        let note = "rows in flight end first; the tool jobs tells how far it came";
        return Ok(Answer::ours(
            json!({"job": id, "stopping": true, "note": note}),
        ));
    }
    let job = Job::open(place)?;
    job.check_instance(&connected.instance.id)?;
    if job.meta().command != [running::MADE_BY] {
        return Err(
            Problem::refused(format!("the job {id} was started by somebody else"))
                .hint("a person cancels it with `clerk-api jobs cancel`")
                .into(),
        );
    }
    if !job.phase()?.is_open() {
        return Err(Problem::usage(format!("the job {id} is over already")).into());
    }
    job.cancel(settings.now())?;
    Ok(told(turn, &job)?)
}

/// How a job stands, for a client that follows it as a task.
pub(crate) struct Standing {
    pub(crate) job: String,
    /// In milliseconds since 1970.
    pub(crate) made_at: i64,
    /// In milliseconds since 1970.
    pub(crate) changed_at: i64,
    /// In a sentence of ours.
    pub(crate) says: String,
    pub(crate) state: State,
}

/// Whether a job goes on.
pub(crate) enum State {
    /// A process works on it.
    Works,
    /// Somebody stopped it.
    Stopped,
    /// It came to its end, or it needs somebody who continues it.
    Over(Answer),
}

/// Looks how the job with exactly this id stands.
pub(crate) async fn standing(turn: &Turn, id: &str) -> Ended<Standing> {
    let settings = &turn.session.settings;
    let connected = turn.connected().await?;
    let place = Place::find(&folder(settings)?, id)?;
    if place.id() != id {
        return Err(Problem::usage(format!("{id:?} is not the whole id of a job")).into());
    }
    let made_at = i64::try_from(place.made_at()).unwrap_or_default();
    // Before the phase is read, since a job writes it down and lets the lock go then.
    let is_worked_on = place.is_locked();
    let job = Job::read(place)?;
    job.check_instance(&connected.instance.id)?;
    let (phase, counts) = (job.phase()?, job.counts()?);
    let (done, failed) = (counts.with(Fate::Done), counts.with(Fate::Failed));
    let mut says = format!(
        "{done} of {} rows are done, {failed} failed",
        counts.total()
    );
    let state = if is_worked_on {
        State::Works
    } else if phase.is_open() {
        says.push_str("; a person can continue it with `clerk-api jobs resume`");
        match phase.is_stopped() {
            true => State::Stopped,
            false => State::Over(Answer {
                is_error: true,
                ..told(turn, &job)?
            }),
        }
    } else if matches!(phase, Phase::Cancelled { .. }) {
        State::Stopped
    } else {
        State::Over(told(turn, &job)?)
    };
    let changed_at = match phase {
        Phase::Ended { at } | Phase::Cancelled { at } => at,
        _ => settings.now(),
    };
    Ok(Standing {
        job: id.to_owned(),
        made_at,
        changed_at,
        says,
        state,
    })
}

//! `jobs` and `job_cancel`: what became of work over many rows.

use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Job, Outcome as Fate, Place, document};
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
    let facts = json!({
        "job": whole["id"], "phase": whole["phase"], "rows": whole["rows"], "states": whole["states"],
        "runs_here": turn.session.jobs.borrow().contains_key(&job.place().id()),
    });
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

pub(super) fn cancel(turn: &Turn, arguments: &Arguments) -> Ended {
    let settings = &turn.session.settings;
    let place = Place::find(&folder(settings)?, arguments.needed("id"))?;
    let id = place.id();
    if let Some(running) = turn.session.jobs.borrow().get(&id)
        && !running.task.is_finished()
    {
        running.control.stop();
        return Ok(Answer::ours(
            json!({"job": id, "stopping": true, "note": "rows in flight end first; the tool jobs tells how far it came"}),
        ));
    }
    turn.session.jobs.borrow_mut().remove(&id);
    let job = Job::open(place)?;
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

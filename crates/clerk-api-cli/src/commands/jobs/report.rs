//! What became of a job: one document whose counts sum to the input, and files of rows on request.

use std::fmt::Write as _;
use std::path::Path;

use clerk_api_admin::problem::{Counts, Outcome, Problem, ProblemKind};
use clerk_api_tasks::job::{End, Job, Outcome as RowOutcome, Place, State, document};
use clerk_api_tasks::rows::{Fate, Input, Rejects, Results};
use serde_json::{Map, Value};

use super::run::Ran;
use super::undone;
use crate::args::job_flags::JobFlags;
use crate::commands::output::{renderer, show};
use crate::setup::context::Context;
use crate::show::exit::Exit;
use crate::show::signals::Signal;

/// So many rows are read from the journal at once.
const CHUNK: usize = 1000;

/// Writes the files that were asked for, shows the document, and says how it went.
pub(crate) fn ended(
    context: &Context,
    ran: Ran,
    input: Option<&Input>,
    flags: &JobFlags,
) -> Outcome<Exit> {
    let Ran {
        job,
        end,
        signal,
        took,
    } = ran;
    if let Some(input) = input {
        files(&job, input, flags)?;
    }
    let mut document = whole(&job, flags)?;
    document.insert("took_ms".to_owned(), took.into());
    let shown = show_document(context, &Value::Object(document));
    match (problem(&job, &end, signal, flags)?, shown) {
        (_, Err(failure)) => Err(unshown(failure, &job)?),
        (Some(problem), _) => Err(problem),
        (None, shown) => shown,
    }
}

/// The document of a job could not be shown, which says nothing about the job; who changes something needs a word also where nobody
/// reads any more (reliability.md 4.11).
fn unshown(mut failure: Box<Problem>, job: &Job) -> Outcome<Box<Problem>> {
    if failure.kind == ProblemKind::Closed {
        failure.kind = ProblemKind::Io;
    }
    failure.sent = sent(&job.counts()?);
    let id = job.place().id();
    Ok(failure.hint(format!(
        "`clerk-api jobs show {id}` shows what became of the rows"
    )))
}

/// What the rows say about whether anything was sent.
fn sent(counts: &clerk_api_tasks::job::Counts) -> clerk_api::Sent {
    match (
        counts.of(State::Unknown) + counts.of(State::Sent),
        counts.with(RowOutcome::Done),
    ) {
        (0, 0) => clerk_api::Sent::No,
        (0, _) => clerk_api::Sent::Yes,
        _ => clerk_api::Sent::Unknown,
    }
}

/// What is to be said of a run that did not go well.
pub(crate) fn judged(ran: &Ran, flags: &JobFlags) -> Outcome<Option<Box<Problem>>> {
    problem(&ran.job, &ran.end, ran.signal, flags)
}

/// Shows a job that ended before.
pub(crate) fn again(context: &Context, place: Place) -> Outcome<Exit> {
    let job = Job::open(place)?;
    context.ui.note("this job ended before; nothing was sent");
    let shown = show_document(context, &Value::Object(whole(&job, &JobFlags::default())?))?;
    match problem(&job, &End::Finished, None, &JobFlags::default())? {
        Some(problem) => Err(problem),
        None => Ok(shown),
    }
}

/// The files of `--results` and `--rejects`.
pub(crate) fn files(job: &Job, input: &Input, flags: &JobFlags) -> Outcome<()> {
    if let Some(path) = &flags.results {
        results(job, input, path, flags.force)?;
    }
    if let Some(path) = &flags.rejects {
        rejects(job, input, path, flags.force)?;
    }
    Ok(())
}

fn results(job: &Job, input: &Input, path: &Path, force: bool) -> Outcome<()> {
    let mut file = Results::create(path, input, force)?;
    each(job, |entry| {
        // A row that could not be read has a place only.
        let row = input.read_at(entry.at).ok();
        let fate = Fate {
            state: entry.state.name(),
            id: entry.id.as_deref(),
            error: entry
                .message
                .as_deref()
                .filter(|_| entry.state.outcome() != RowOutcome::Done),
            todo: todo(entry.state),
        };
        file.add(entry.at, row.as_ref(), fate)
    })?;
    file.finish()
}

fn rejects(job: &Job, input: &Input, path: &Path, force: bool) -> Outcome<()> {
    let mut file = Rejects::create(path, input, force)?;
    each(job, |entry| match entry.state.outcome() {
        RowOutcome::Failed => file.add(entry.at),
        _ => Ok(()),
    })?;
    file.finish()?;
    Ok(())
}

/// All rows of a job in their order.
pub(crate) fn each(
    job: &Job,
    mut row: impl FnMut(&clerk_api_tasks::job::Entry) -> Outcome<()>,
) -> Outcome<()> {
    let mut after = 0;
    loop {
        let entries = job.rows(after, CHUNK)?;
        let Some(last) = entries.last() else {
            return Ok(());
        };
        after = last.at.number;
        entries.iter().try_for_each(&mut row)?;
    }
}

/// What to do about a row in this state.
pub(crate) const fn todo(state: State) -> Option<&'static str> {
    match state {
        State::Pending => Some("continue the job"),
        State::Sent => Some("continue the job: it finds out whether the row was done"),
        State::SkippedDrift => Some("look at the object; it changed meanwhile"),
        State::Rejected | State::Invalid => Some("mend the row and run it again"),
        State::Conflict => Some("something else has the unique key: look at it"),
        State::FailedRetryable => Some("run the row again later"),
        State::Unknown => Some("look whether it was done before you run it again"),
        _ => None,
    }
}

/// The document of a job with all that is known of it: of an undo, what could not come back and the new ids.
pub(crate) fn whole(job: &Job, flags: &JobFlags) -> Outcome<Map<String, Value>> {
    let mut document = document(job)?;
    if job.meta().undoes.is_some() {
        document.extend(undone::members(job, flags)?);
    }
    Ok(document)
}

/// Shows a document of ours in the format that was asked for.
pub(crate) fn show_document(context: &Context, document: &Value) -> Outcome<Exit> {
    let view = if document["object"] == "job" {
        "jobs.show"
    } else {
        "document"
    };
    let mut renderer = renderer(context, view)?;
    show(context, &mut renderer, document.to_string().as_bytes())
}

/// How a job ended, where that is not well.
fn problem(
    job: &Job,
    end: &End,
    signal: Option<Signal>,
    flags: &JobFlags,
) -> Outcome<Option<Box<Problem>>> {
    let counts = job.counts()?;
    let id = job.place().id();
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let (total, unknown) = (
        counts.total(),
        counts.of(State::Unknown) + counts.of(State::Sent),
    );
    let (done, failed) = (
        counts.with(RowOutcome::Done),
        counts.with(RowOutcome::Failed) - unknown,
    );
    let left = counts.with(RowOutcome::NotAttempted);
    let mut sentence = if failed > 0 {
        format!("{failed} of {total} rows failed, {done} done")
    } else {
        format!("{done} of {total} rows done")
    };
    for (count, what) in [(unknown, "may be done or not"), (left, "not attempted")] {
        if count > 0 {
            let _ = write!(sentence, ", {count} {what}");
        }
    }
    let failed_kind = (failed > 0).then_some(ProblemKind::Partly);
    let unknown_kind = (unknown > 0).then_some(ProblemKind::Unknown);
    let (kind, code, message) = match (end, signal) {
        (End::Finished, _) => {
            let Some(kind) = unknown_kind.or(failed_kind) else {
                return Ok(None);
            };
            (kind, "rows_failed", sentence)
        }
        (End::Parked(why), _) => {
            let kind = match why.kind {
                ProblemKind::Key => ProblemKind::Key,
                ProblemKind::Rejected | ProblemKind::Partly => ProblemKind::Partly,
                _ => ProblemKind::Later,
            };
            let kind = unknown_kind.map_or(kind, |unknown| unknown.worse(kind));
            (
                kind,
                "parked",
                format!("the job is parked: {}: {sentence}", why.message),
            )
        }
        (_, Some(signal)) => (
            ProblemKind::Interrupted(signal.interruption()),
            "interrupted",
            format!("interrupted: {sentence}"),
        ),
        _ => (
            ProblemKind::Later,
            "stopped",
            format!("stopped: {sentence}"),
        ),
    };
    let mut problem = Problem::new(kind, code, message);
    problem.rows = Some(Counts {
        total: number(total),
        done: number(done),
        failed: number(failed),
        not_tried: number(left),
        unknown: number(unknown),
    });
    problem.sent = sent(&counts);
    if let End::Parked(why) = end {
        problem.http = why.http;
        problem.retry_after_s = why.retry_after_s;
        problem.errors.clone_from(&why.errors);
        problem.trace_id.clone_from(&why.trace_id);
    }
    let hint = if job.phase()?.is_open() {
        format!("`clerk-api jobs resume {id}` continues it")
    } else if flags.rejects.is_none() {
        format!(
            "`clerk-api jobs report {id} --rejects FILE` writes the rows that failed; `clerk-api jobs show {id} --failed` lists them"
        )
    } else {
        format!("`clerk-api jobs show {id} --failed` lists the rows that failed")
    };
    Ok(Some(problem.hint(hint)))
}

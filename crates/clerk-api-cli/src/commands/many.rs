//! One operation on many objects, one by one: a failing row is reported with its number, the others go on.

use std::io::Write;
use std::time::Duration;

use clerk_api_admin::call::{Call, Target};
use clerk_api_admin::format::{RenderError, Renderer};
use clerk_api_admin::guard::protected::Protected;
use clerk_api_admin::problem::{Outcome, Problem, Row};
use clerk_api_admin::tally::{Tally, Verdict};
use clerk_api_admin::target::reference::Reference;
use clerk_api_admin::target::resolve;
use clerk_api_admin::{phrase, preview};

use super::consent;
use super::journal::Journal;
use super::output::{self, told, unshown};
use crate::setup::context::{Context, Link};
use crate::show::exit::Exit;
use crate::show::signals::{Signal, Signals};

/// After the first signal, a response in flight is waited for as long as this (reliability.md 4.11).
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// Why rows are left that were not tried.
enum Stop {
    /// They would fail the same way.
    Futile,
    /// Somebody asked for the end.
    Signal(Signal),
    /// The responses cannot be shown.
    Output(Box<Problem>),
}

/// Runs the call for each of its targets.
pub(super) async fn run(
    context: &mut Context,
    mut call: Call,
    guard: Option<&Protected>,
    renderer: &mut Renderer,
) -> Outcome<Exit> {
    let online = !context.flags.dry_run || call.has_names();
    let Some(targets) = call.targets.take() else {
        return Err(Problem::usage("no targets were given"));
    };
    let link = if online {
        Some(context.link().await?)
    } else {
        None
    };
    if let Some(link) = &link {
        if !context.flags.dry_run {
            consent::for_many(context, link, &call, targets.items.len())?;
        }
        resolve::arguments(&link.client, &mut call).await?;
    }
    let mut signals = Signals::new()?;
    let mut out = context.ui.out();
    renderer.list_start(None, &mut out).map_err(unshown)?;
    let mut tally = Tally::new(targets.items.len());
    let mut journal = Journal::of(context, call.meta);
    let mut stop = None;
    for target in &targets.items {
        let mut asked = signals.now().await;
        if asked.is_none() {
            let work = row(
                context,
                link.as_ref(),
                guard,
                &mut call,
                target,
                &mut journal,
            );
            let done = signals.let_finish(&mut asked, LAST_ANSWER, work).await;
            stop = match done {
                None => {
                    if context.sending.abandon() {
                        tally.abandoned();
                    }
                    None
                }
                Some(Ok(raw)) => {
                    tally.done();
                    let shown = show(context, renderer, &raw, &mut out);
                    shown.err().map(Stop::Output)
                }
                Some(Err(failure)) => failed(context, &mut tally, &call, target, failure),
            };
        }
        stop = stop.or(asked.map(Stop::Signal));
        if stop.is_some() {
            break;
        }
    }
    if let Some(link) = &link {
        journal.keep(context, link, call.meta).await;
    }
    finish(context, &tally, stop, renderer, &mut out)
}

/// Writes a row immediately, so that the output shows what was done whatever comes next.
fn show(
    context: &Context,
    renderer: &mut Renderer,
    raw: &[u8],
    out: &mut dyn Write,
) -> Outcome<()> {
    let text = std::str::from_utf8(raw);
    let text = text.map_err(|error| unshown(RenderError::Utf8(error.valid_up_to())))?;
    renderer.row(text.trim(), out).map_err(unshown)?;
    renderer.pause(out).map_err(unshown)?;
    out.flush().map_err(|error| Problem::output(&error))?;
    context.sending.shown();
    Ok(())
}

/// Ends the output and reports the results of all rows.
fn finish(
    context: &Context,
    tally: &Tally,
    mut stop: Option<Stop>,
    renderer: &mut Renderer,
    out: &mut dyn Write,
) -> Outcome<Exit> {
    let mut shown = Ok(Exit::Done);
    if !matches!(stop, Some(Stop::Output(_))) {
        let ended = renderer.list_end(out).map_err(unshown);
        let ended = ended.and_then(|report| {
            out.flush().map_err(|error| Problem::output(&error))?;
            Ok(report)
        });
        match ended {
            Ok(report) => shown = output::reported(context, &report),
            Err(failure) => stop = Some(Stop::Output(failure)),
        }
    }
    ended(tally, stop).and(shown)
}

/// One row: its response, or the preview of its request.
async fn row(
    context: &Context,
    link: Option<&Link>,
    guard: Option<&Protected>,
    call: &mut Call,
    target: &Target,
    journal: &mut Journal,
) -> Outcome<Vec<u8>> {
    let meta = call.meta;
    let shown = target.reference.shown().to_owned();
    let id = match (&target.reference, link) {
        (Reference::Ready(id), _) => id.clone(),
        (named, Some(link)) => resolve::id(&link.client, named).await?,
        (_, None) => return Err(Problem::usage(format!("cannot look up {shown}"))),
    };
    call.set_target(&id)?;
    if let Some(guard) = guard {
        guard.check(call, Some(&shown)).await?;
    }
    let Some(link) = link.filter(|_| !context.flags.dry_run) else {
        return Ok(preview::request(meta, &call.args)?.into_bytes());
    };
    let tried = format!("cannot {}", phrase::one(meta, Some(&shown)));
    let before = journal.before(link, call).await?;
    let sending = &context.sending;
    let reply = sending
        .send(&link.client, meta, call.args.clone(), &tried)
        .await?;
    told(context, &reply);
    journal.done(before, &reply);
    Ok(reply.raw.to_vec())
}

/// Counts and reports a row that failed. Says whether the rest would fail too.
fn failed(
    context: &Context,
    tally: &mut Tally,
    call: &Call,
    target: &Target,
    mut problem: Box<Problem>,
) -> Option<Stop> {
    let shown = target.reference.shown().to_owned();
    let by_id = matches!(target.reference, Reference::Ready(_));
    let verdict = tally.failed(call.meta, by_id, &problem);
    if verdict == Verdict::Absent {
        context.ui.note(&format!(
            "row {}: {shown} does not exist, skipped",
            target.number
        ));
        return None;
    }
    problem.row = Some(Row {
        number: target.number,
        target: shown,
    });
    context.ui.failure(&problem);
    (verdict == Verdict::Futile).then_some(Stop::Futile)
}

fn ended(tally: &Tally, stop: Option<Stop>) -> Outcome<Exit> {
    let problem = match stop {
        None | Some(Stop::Futile) => tally.problem(),
        Some(Stop::Signal(signal)) => Some(tally.interrupted(signal.interruption())),
        Some(Stop::Output(problem)) => Some(tally.unwritten(problem)),
    };
    problem.map_or(Ok(Exit::Done), Err)
}

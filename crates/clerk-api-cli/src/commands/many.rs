//! One operation on many objects, one by one: a failing row is reported with its number, the others go on.

use std::io::Write;
use std::time::Duration;

use clerk_api::endpoint::{Effect, Verb};

use super::operation::{announce, objects, set_target, told};
use super::unshown;
use crate::call::{Call, Target, Targets};
use crate::confirm::{self, Situation};
use crate::context::{Context, Link};
use crate::error::{Counts, Failure, Outcome, Row};
use crate::exit::Exit;
use crate::protected::Guard;
use crate::reference::Reference;
use crate::signals::{Signal, Signals};
use crate::{phrase, preview, resolve};
use clerk_api_admin::format::{RenderError, Renderer};

/// So many rows in a row with the same refusal mean that the rest would meet it too (reliability.md R7).
const SAME_REFUSALS: u32 = 20;

/// After the first signal, an answer in flight is waited for as long as this (reliability.md 4.11).
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// What came of the rows so far.
#[derive(Default)]
struct Tally {
    counts: Counts,
    exit: Option<Exit>,
    last: Option<(Option<u16>, &'static str)>,
    same: u32,
}

/// Why rows are left that nobody tried.
enum Stop {
    /// They would fail the same way.
    Futile,
    /// Somebody asked for the end.
    Signal(Signal),
    /// The answers cannot be shown.
    Output(Box<Failure>),
}

/// Runs the call for each of its targets.
pub(super) async fn run(
    context: &mut Context,
    mut call: Call,
    renderer: &mut Renderer,
) -> Outcome<Exit> {
    let Some(targets) = call.targets.take() else {
        return Err(Failure::usage("no targets were given"));
    };
    let guard = Guard::load(context, &call, Some(&targets)).await?;
    let online = !context.flags.dry_run || needs_network(&call, &targets);
    let link = if online {
        Some(context.link().await?)
    } else {
        None
    };
    if let Some(link) = &link {
        if !context.flags.dry_run {
            approve(context, link, &call, &targets)?;
        }
        resolve::arguments(&link.client, &mut call).await?;
    }
    let mut signals = Signals::new()?;
    let mut out = context.ui.out();
    renderer.list_start(None, &mut out).map_err(unshown)?;
    let mut tally = Tally::new(targets.items.len());
    let mut stop = None;
    for target in &targets.items {
        let mut asked = signals.now().await;
        if asked.is_none() {
            let work = row(context, link.as_ref(), guard.as_ref(), &mut call, target);
            let done = signals.let_finish(&mut asked, LAST_ANSWER, work).await;
            stop = match done {
                None => tally.abandoned(context),
                Some(Ok(raw)) => {
                    tally.done();
                    let shown = show(context, renderer, &raw, &mut out);
                    shown.err().map(Stop::Output)
                }
                Some(Err(failure)) => tally.failed(context, &call, target, failure),
            };
        }
        stop = stop.or(asked.map(Stop::Signal));
        if stop.is_some() {
            break;
        }
    }
    finish(context, tally, stop, renderer, &mut out)
}

/// Writes a row at once: what was done is told, whatever comes next.
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
    out.flush().map_err(|error| Failure::output(&error))?;
    context.sending.shown();
    Ok(())
}

/// Ends the output and says what became of all rows.
fn finish(
    context: &Context,
    tally: Tally,
    mut stop: Option<Stop>,
    renderer: &mut Renderer,
    out: &mut dyn Write,
) -> Outcome<Exit> {
    let mut shown = Ok(Exit::Done);
    if !matches!(stop, Some(Stop::Output(_))) {
        let ended = renderer.list_end(out).map_err(unshown);
        let ended = ended.and_then(|report| {
            out.flush().map_err(|error| Failure::output(&error))?;
            Ok(report)
        });
        match ended {
            Ok(report) => shown = super::reported(context, &report),
            Err(failure) => stop = Some(Stop::Output(failure)),
        }
    }
    tally.end(stop).and(shown)
}

fn needs_network(call: &Call, targets: &Targets) -> bool {
    let named = |target: &Target| !matches!(target.reference, Reference::Ready(_));
    !call.pending.is_empty() || targets.items.iter().any(named)
}

fn approve(context: &Context, link: &Link, call: &Call, targets: &Targets) -> Outcome<()> {
    let count = targets.items.len();
    if call.meta.effect != Effect::Read && count > 0 {
        announce(context, link);
    }
    let each = objects(call);
    let action = if each > 1 {
        phrase::bulk(call.meta, count * each)
    } else {
        phrase::many(call.meta, count)
    };
    let decision = confirm::decide(Situation {
        effect: call.meta.effect,
        count: count * each,
        many: true,
        action: &action,
        id: "",
        by_id: false,
        live: link.live,
        can_ask: context.can_ask(),
        yes: context.flags.yes,
        always: context.settings.confirm_always.value,
        read_only: context.settings.read_only.value,
    });
    confirm::carry_out(decision, &context.ui)
}

/// One row: its answer, or the preview of its request.
async fn row(
    context: &Context,
    link: Option<&Link>,
    guard: Option<&Guard>,
    call: &mut Call,
    target: &Target,
) -> Outcome<Vec<u8>> {
    let meta = call.meta;
    let shown = target.reference.shown().to_owned();
    let id = match (&target.reference, link) {
        (Reference::Ready(id), _) => id.clone(),
        (named, Some(link)) => resolve::id(&link.client, named).await?,
        (_, None) => return Err(Failure::usage(format!("{shown} cannot be looked up"))),
    };
    set_target(call, &id)?;
    if let Some(guard) = guard {
        guard.check(call, Some(&shown)).await?;
    }
    let Some(link) = link.filter(|_| !context.flags.dry_run) else {
        return Ok(preview::request(meta, &call.args)?.into_bytes());
    };
    let tried = format!("cannot {}", phrase::one(meta, Some(&shown)));
    let sending = &context.sending;
    let reply = sending
        .send(&link.client, meta, call.args.clone(), &tried)
        .await?;
    told(context, &reply);
    Ok(reply.raw.to_vec())
}

impl Tally {
    fn new(total: usize) -> Self {
        let counts = Counts {
            total,
            not_tried: total,
            ..Counts::default()
        };
        Self {
            counts,
            ..Self::default()
        }
    }

    fn done(&mut self) {
        self.counts.not_tried -= 1;
        self.counts.done += 1;
        self.same = 0;
    }

    /// Counts a row whose end nobody waited for.
    fn abandoned(&mut self, context: &Context) -> Option<Stop> {
        if context.sending.abandon() {
            self.counts.not_tried -= 1;
            self.counts.unknown += 1;
        }
        None
    }

    /// Counts and reports a row that failed. Says whether the rest would fail too.
    fn failed(
        &mut self,
        context: &Context,
        call: &Call,
        target: &Target,
        mut failure: Box<Failure>,
    ) -> Option<Stop> {
        self.counts.not_tried -= 1;
        let shown = target.reference.shown().to_owned();
        let by_id = matches!(target.reference, Reference::Ready(_));
        if call.meta.verb == Verb::Delete && failure.http == Some(404) && by_id {
            // Gone is what was asked for (reliability.md 2.4).
            self.counts.absent += 1;
            context.ui.note(&format!(
                "row {}: {shown} is not there, skipped",
                target.number
            ));
            return None;
        }
        if failure.exit == Exit::Unknown {
            self.counts.unknown += 1;
        } else {
            self.counts.failed += 1;
        }
        let now = (failure.http, failure.code);
        self.same = if self.last == Some(now) {
            self.same + 1
        } else {
            1
        };
        self.last = Some(now);
        let row_exit = match failure.exit {
            exit @ (Exit::Unknown | Exit::Io | Exit::Key) => exit,
            Exit::Later if failure.code == "rate_limited" => Exit::Later,
            _ => Exit::Partly,
        };
        self.exit = Some(self.exit.map_or(row_exit, |exit| exit.worse(row_exit)));
        let repeats = matches!(failure.http, Some(402 | 403)) || failure.exit == Exit::Later;
        let stop =
            matches!(row_exit, Exit::Key | Exit::Later) || (repeats && self.same >= SAME_REFUSALS);
        failure.row = Some(Row {
            number: target.number,
            target: shown,
        });
        context.ui.failure(&failure);
        stop.then_some(Stop::Futile)
    }

    fn end(self, stop: Option<Stop>) -> Outcome<Exit> {
        let counts = self.counts;
        let so_far = self.exit.unwrap_or(Exit::Done);
        let mut failure = match (stop, self.exit) {
            (None, None) => return Ok(Exit::Done),
            (None | Some(Stop::Futile), _) => Failure::new(so_far, "rows_failed", sentence(counts)),
            (Some(Stop::Signal(signal)), _) => Failure::new(
                signal.exit(),
                "interrupted",
                format!("interrupted: {}", sentence(counts)),
            ),
            // Who reads needs no word when the reader has enough; who writes does (reliability.md 4.11).
            (Some(Stop::Output(mut failure)), _) => {
                if failure.exit != Exit::Pipe {
                    failure.exit = Exit::Io.worse(so_far);
                }
                failure.message = format!("{}: {}", failure.message, sentence(counts));
                failure
            }
        };
        failure.rows = Some(counts);
        Err(failure)
    }
}

/// What became of the rows, in one sentence: what is none is not named, but for what was done.
fn sentence(counts: Counts) -> String {
    let failed = match counts.failed {
        0 => format!("{} of {} rows done", counts.done, counts.total),
        failed => format!(
            "{failed} of {} rows failed, {} done",
            counts.total, counts.done
        ),
    };
    let others = [
        (counts.absent, "were not there"),
        (counts.unknown, "may be done or not"),
        (counts.not_tried, "not tried"),
    ];
    let others = others.iter().filter(|(count, _)| *count > 0);
    others.fold(failed, |text, (count, what)| {
        format!("{text}, {count} {what}")
    })
}

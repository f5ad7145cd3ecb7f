//! One operation on many objects, one by one: a failing row is reported with its number, the others go on.

use std::io::Write as _;

use clerk_api::endpoint::{Effect, Verb};

use super::operation::{announce, objects, set_target, told};
use super::unshown;
use crate::call::{Call, Target, Targets};
use crate::confirm::{self, Situation};
use crate::context::{Context, Link};
use crate::error::{Failure, Outcome, Row};
use crate::exit::Exit;
use crate::output::Renderer;
use crate::protected::Guard;
use crate::reference::Reference;
use crate::{phrase, preview, resolve};

/// So many rows in a row with the same refusal mean that the rest would meet it too (reliability.md R7).
const SAME_REFUSALS: u32 = 20;

/// What came of the rows so far.
#[derive(Default)]
struct Tally {
    failed: usize,
    absent: usize,
    exit: Option<Exit>,
    last: Option<(Option<u16>, &'static str)>,
    same: u32,
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
    let mut out = context.ui.out();
    renderer.list_start(&mut out).map_err(unshown)?;
    let mut tally = Tally::default();
    let total = targets.items.len();
    let mut stopped = None;
    for (index, target) in targets.items.into_iter().enumerate() {
        match row(context, link.as_ref(), guard.as_ref(), &mut call, &target).await {
            Ok(raw) => {
                tally.same = 0;
                let text = String::from_utf8_lossy(&raw);
                renderer.row(text.trim(), &mut out).map_err(unshown)?;
            }
            Err(failure) => {
                if tally.takes(context, &call, &target, failure) {
                    stopped = Some(total - index - 1);
                    break;
                }
            }
        }
    }
    let warning = renderer.list_end(&mut out).map_err(unshown)?;
    out.flush().map_err(|error| Failure::output(&error))?;
    if let Some(warning) = warning {
        context.ui.warn(&warning);
    }
    tally.end(total, stopped)
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
    let reply = link
        .client
        .call(meta, call.args.clone())
        .await
        .map_err(|error| Failure::of_call(&tried, error))?;
    told(context, &reply);
    Ok(reply.raw.to_vec())
}

impl Tally {
    /// Counts and reports a row that failed. Gives true where the rest would fail too.
    fn takes(
        &mut self,
        context: &Context,
        call: &Call,
        target: &Target,
        mut failure: Box<Failure>,
    ) -> bool {
        let shown = target.reference.shown().to_owned();
        let by_id = matches!(target.reference, Reference::Ready(_));
        if call.meta.verb == Verb::Delete && failure.http == Some(404) && by_id {
            // Gone is what was asked for (reliability.md 2.4).
            self.absent += 1;
            context.ui.note(&format!(
                "row {}: {shown} is not there, skipped",
                target.number
            ));
            return false;
        }
        self.failed += 1;
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
        stop
    }

    fn end(self, total: usize, stopped: Option<usize>) -> Outcome<Exit> {
        let Some(exit) = self.exit else {
            return Ok(Exit::Done);
        };
        let done = total - self.failed - self.absent - stopped.unwrap_or(0);
        let mut message = format!("{} of {total} rows failed, {done} done", self.failed);
        if self.absent > 0 {
            message.push_str(&format_part(self.absent, "were not there"));
        }
        if let Some(rest) = stopped {
            message.push_str(&format_part(
                rest,
                "not tried, since they would fail the same way",
            ));
        }
        Err(Failure::new(exit, "rows_failed", message))
    }
}

fn format_part(count: usize, what: &str) -> String {
    format!(", {count} {what}")
}

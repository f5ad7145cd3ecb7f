//! A read of several objects, one by one: one that fails is reported with its number, the others go on.

use std::fmt::Write as _;
use std::io::Write;

use clerk_api_admin::call::{Call, Target};
use clerk_api_admin::format::{RenderError, Renderer};
use clerk_api_admin::problem::{Counts, Outcome, Problem, ProblemKind, Row};
use clerk_api_admin::target::reference::Reference;
use clerk_api_admin::target::resolve;
use clerk_api_admin::{phrase, preview};

use super::output::{self, told, unshown};
use crate::setup::context::{Context, Link};
use crate::show::exit::Exit;

/// Runs the call for each of its targets.
pub(super) async fn run(
    context: &mut Context,
    mut call: Call,
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
        resolve::arguments(&link.client, &mut call).await?;
    }
    let mut out = context.ui.out();
    renderer.list_start(None, &mut out).map_err(unshown)?;
    let total = targets.items.len();
    let mut counts = Counts {
        total,
        not_tried: total,
        ..Counts::default()
    };
    let mut worst: Option<ProblemKind> = None;
    for target in targets.items {
        counts.not_tried -= 1;
        match one(context, link.as_ref(), &mut call, &target).await {
            Ok(raw) => {
                counts.done += 1;
                show(renderer, &raw, &mut out)?;
            }
            Err(problem) => {
                counts.failed += 1;
                let kind = failed(context, &target, problem);
                worst = Some(worst.map_or(kind, |worst| worst.worse(kind)));
                // The others would fail the same way.
                if matches!(kind, ProblemKind::Key | ProblemKind::Later) {
                    break;
                }
            }
        }
    }
    let report = renderer.list_end(&mut out).map_err(unshown)?;
    out.flush().map_err(|error| Problem::output(&error))?;
    let shown = output::reported(context, &report);
    worst.map_or(shown, |kind| Err(summed(kind, counts)))
}

/// Shows a row immediately.
fn show(renderer: &mut Renderer, raw: &[u8], out: &mut dyn Write) -> Outcome<()> {
    let text = std::str::from_utf8(raw);
    let text = text.map_err(|error| unshown(RenderError::Utf8(error.valid_up_to())))?;
    renderer.row(text.trim(), out).map_err(unshown)?;
    renderer.pause(out).map_err(unshown)?;
    out.flush().map_err(|error| Problem::output(&error))
}

/// One object: its response, or the preview of its request.
async fn one(
    context: &Context,
    link: Option<&Link>,
    call: &mut Call,
    target: &Target,
) -> Outcome<Vec<u8>> {
    let meta = call.meta;
    let shown = target.reference.shown();
    let id = match (&target.reference, link) {
        (Reference::Ready(id), _) => id.clone(),
        (named, Some(link)) => resolve::id(&link.client, named).await?,
        (_, None) => return Err(Problem::usage(format!("cannot look up {shown}"))),
    };
    call.set_target(&id)?;
    let Some(link) = link.filter(|_| !context.flags.dry_run) else {
        return Ok(preview::request(meta, &call.args)?.into_bytes());
    };
    let tried = format!("cannot {}", phrase::one(meta, Some(shown)));
    let sending = &context.sending;
    let reply = sending
        .send(&link.client, meta, call.args.clone(), &tried)
        .await?;
    told(context, &reply);
    Ok(reply.raw.to_vec())
}

/// Reports an object that failed, and says what that means for the whole.
fn failed(context: &Context, target: &Target, mut problem: Box<Problem>) -> ProblemKind {
    problem.row = Some(Row {
        number: target.number,
        target: target.reference.shown().to_owned(),
    });
    context.ui.failure(&problem);
    match problem.kind {
        kind @ (ProblemKind::Io | ProblemKind::Key) => kind,
        ProblemKind::Later if problem.code == "rate_limited" => ProblemKind::Later,
        _ => ProblemKind::Partly,
    }
}

fn summed(kind: ProblemKind, counts: Counts) -> Box<Problem> {
    let Counts {
        total,
        done,
        failed,
        not_tried,
        ..
    } = counts;
    let mut message = format!("{failed} of {total} rows failed, {done} done");
    if not_tried > 0 {
        let _ = write!(message, ", {not_tried} not tried");
    }
    let mut problem = Problem::new(kind, "rows_failed", message);
    problem.rows = Some(counts);
    problem
}

//! One operation on one object, or one list: read, resolve, confirm, send, show.

use clap::ArgMatches;
use clerk_api::endpoint::{Effect, Kind, Meta, Paging, Place};
use clerk_api::{Args, Reply, Sent, Walk};
use serde_json::value::RawValue;

use super::{many, renderer, show};
use crate::call::{Call, Target};
use crate::confirm::{self, Situation};
use crate::context::{Context, Link};
use crate::error::{Failure, Outcome};
use crate::exit::Exit;
use crate::from_meta::STRICT;
use crate::output::Renderer;
use crate::output::{rows, token};
use crate::protected::Guard;
use crate::reference::Reference;
use crate::{phrase, preview, resolve, walk};

/// The largest page that the API gives (spec: `LimitParameter`).
const LARGEST_PAGE: u64 = 500;
/// What a page has when nobody asks for a size (spec: `LimitParameter`).
const USUAL_PAGE: u64 = 10;

/// Runs an operation from its matches.
pub(crate) async fn run(
    context: &mut Context,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let mut renderer = renderer(context, meta.name)?;
    let mut call = Call::read(meta, matches, &mut context.inputs)?;
    context.ui.secrets.add_arguments(meta, &call.args);
    if context.flags.all && meta.paging == Paging::None {
        return Err(Failure::usage(format!(
            "--all is for lists; {} has no pages",
            phrase::one(meta, None)
        )));
    }
    check_read_only(context, meta)?;
    if call.targets.as_ref().is_some_and(|targets| targets.rows) {
        return many::run(context, call, &mut renderer).await;
    }
    let by_id = call.is_by_id();
    let guard = Guard::load(context, &call, call.targets.as_ref()).await?;
    let target = call
        .targets
        .take()
        .and_then(|targets| targets.items.into_iter().next());
    let given = target
        .as_ref()
        .map(|target| target.reference.shown().to_owned());
    let id = resolved(context, &mut call, target).await?;
    if let Some(guard) = &guard {
        guard.check(&call, given.as_deref()).await?;
    }
    if context.flags.dry_run {
        let request = preview::request(meta, &call.args)?;
        return show(context, &mut renderer, request.as_bytes());
    }
    let link = context.link().await?;
    if meta.effect != Effect::Read {
        announce(context, &link);
        approve(context, &link, &call, id.as_deref(), by_id)?;
    }
    if let Some(most) = walk_length(context, &call) {
        let strict = matches.get_flag(STRICT);
        return walk(context, call, most, strict, &mut renderer).await;
    }
    let tried = format!("cannot {}", phrase::one(meta, given.as_deref()));
    let size = number(&call.args, "limit");
    let offset = number(&call.args, "offset").unwrap_or(0);
    let sending = &context.sending;
    let reply = sending.send(&link.client, meta, call.args, &tried).await?;
    told(context, &reply);
    let shown = show(context, &mut renderer, &reply.raw);
    let is_shown = match &shown {
        Ok(_) => true,
        Err(failure) => failure.exit == Exit::Partly,
    };
    if is_shown && meta.paging != Paging::None {
        note_rest(context, &reply.raw, size.unwrap_or(USUAL_PAGE), offset);
    }
    shown
}

/// Refuses a write before anything is looked up for it.
fn check_read_only(context: &Context, meta: &Meta) -> Outcome<()> {
    if !context.settings.read_only.value || meta.effect == Effect::Read || context.flags.dry_run {
        return Ok(());
    }
    let action = phrase::one(meta, None);
    let source = &context.settings.read_only.source;
    Err(Failure::refused(format!(
        "cannot {action}: only reading is allowed here ({source})"
    )))
}

/// Puts ids in place of names. The network is needed only where there are names.
async fn resolved(
    context: &mut Context,
    call: &mut Call,
    target: Option<Target>,
) -> Outcome<Option<String>> {
    if !call.pending.is_empty() {
        let link = context.link().await?;
        resolve::arguments(&link.client, call).await?;
    }
    let Some(target) = target else {
        return Ok(None);
    };
    let id = match target.reference {
        Reference::Ready(id) => id,
        named => resolve::id(&context.link().await?.client, &named).await?,
    };
    set_target(call, &id)?;
    Ok(Some(id))
}

/// Puts the target's id where the path wants it.
pub(super) fn set_target(call: &mut Call, id: &str) -> Outcome<()> {
    if let Some(field) = crate::from_meta::positional(call.meta) {
        call.set_ids(field, &[id.to_owned()])?;
    }
    Ok(())
}

fn approve(
    context: &Context,
    link: &Link,
    call: &Call,
    id: Option<&str>,
    by_id: bool,
) -> Outcome<()> {
    let meta = call.meta;
    let count = objects(call);
    let action = if count == 1 {
        phrase::one(meta, id)
    } else {
        phrase::bulk(meta, count)
    };
    let decision = confirm::decide(Situation {
        effect: meta.effect,
        count,
        many: count > 1,
        action: &action,
        id: id.unwrap_or_default(),
        by_id,
        live: link.live,
        can_ask: context.can_ask(),
        yes: context.flags.yes,
        always: context.settings.confirm_always.value,
        read_only: context.settings.read_only.value,
    });
    confirm::carry_out(decision, &context.ui)
}

/// How many objects one request touches: the rows of its body, or the ids in it.
pub(super) fn objects(call: &Call) -> usize {
    let bodies = call
        .meta
        .fields
        .iter()
        .filter(|field| matches!(field.place, Place::Body | Place::Whole));
    let lists = bodies.filter(|field| {
        field.many && matches!(field.kind, Kind::Id { .. })
            || matches!(field.kind, Kind::Records(_))
    });
    let counts = lists.filter_map(|field| {
        let value = call.args.get(field.name)?;
        Some(serde_json::from_str::<Vec<&RawValue>>(value.get()).map_or(1, |rows| rows.len()))
    });
    counts.max().unwrap_or(1)
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

/// Details for those who asked.
pub(super) fn told(context: &Context, reply: &Reply<()>) {
    let trace = reply.trace_id.as_deref().unwrap_or("none");
    context.ui.detail(
        1,
        &format!(
            "HTTP {} after {} attempt(s), trace {trace}",
            reply.status, reply.attempts
        ),
    );
    if reply.reconciled {
        context
            .ui
            .note("the answer did not tell whether it was done; looking shows that it was");
    }
}

fn number(args: &Args, name: &str) -> Option<u64> {
    args.get(name)?.get().parse().ok()
}

/// For a list of more than one request: how many rows at most.
fn walk_length(context: &Context, call: &Call) -> Option<Option<u64>> {
    if call.meta.paging == Paging::None {
        return None;
    }
    let limit = number(&call.args, "limit");
    (context.flags.all || limit.is_some_and(|limit| limit > LARGEST_PAGE)).then_some(limit)
}

async fn walk(
    context: &mut Context,
    mut call: Call,
    most: Option<u64>,
    strict: bool,
    renderer: &mut Renderer,
) -> Outcome<Exit> {
    call.args.remove("limit");
    let tried = format!("cannot {}", phrase::one(call.meta, None));
    let client = context.unconnected().await?;
    let ui = &context.ui;
    let pages = client.walk(call.meta, call.args, most);
    let mut progress = |rows: u64, total: Option<u64>| ui.progress(rows, total);
    let walked = walk::walk(pages, renderer, &mut ui.out(), &mut progress).await;
    ui.progress_end();
    if walked.answered {
        context.sending.note(Sent::Yes);
    }
    if let Some(failure) = walked.failure {
        let _ = super::reported(context, &walked.report);
        let failure = match failure {
            walk::Failure::Fetch(error) => context.sending.failed(&tried, *error),
            walk::Failure::Render(error) => super::unshown(error),
            walk::Failure::Start(error) => Failure::io(tried, &error),
        };
        return Err(if walked.rows > 0 {
            failure.cause(format!("the output ends after {} rows", walked.rows))
        } else {
            failure
        });
    }
    if walked.more {
        ui.note(&format!(
            "{} shown, there are more: raise --limit, or leave it out with --all",
            counted(walked.rows)
        ));
    }
    let exit = super::reported(context, &walked.report)?;
    check_whole(context, walked.walk, strict)?;
    Ok(exit)
}

/// Says so where rows may have come or gone unseen while the list was walked (reliability.md 4.12).
fn check_whole(context: &Context, walk: Walk, strict: bool) -> Outcome<()> {
    if walk.is_consistent() {
        return Ok(());
    }
    let count = |count: Option<u64>| count.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    let message = format!(
        "the list changed while it was read, so rows may be missing: {} shown, {} counted before, {} after",
        counted(walk.rows),
        count(walk.before),
        count(walk.after)
    );
    if strict {
        let failure = Failure::new(Exit::Partly, "not_whole", message);
        return Err(failure.hint("run it again when nothing changes the list"));
    }
    context.ui.warn(&message);
    Ok(())
}

fn counted(rows: u64) -> String {
    format!("{rows} {}", if rows == 1 { "row" } else { "rows" })
}

/// Says that a list was cut, which nobody should have to guess (product.md section 3).
fn note_rest(context: &Context, raw: &[u8], size: u64, offset: u64) {
    let Ok(text) = std::str::from_utf8(raw) else {
        return;
    };
    let text = text.trim();
    let count = rows::Shape::of(text).rows().count() as u64;
    let total = token::member(text, "total_count").and_then(|total| total.parse::<u64>().ok());
    let seen = offset + count;
    let note = match total {
        Some(total) if text.starts_with('{') => (seen < total)
            .then(|| format!("{count} of {total} rows shown: --all shows all, --limit N more")),
        _ => (count > 0 && count >= size).then(|| {
            let shown = counted(count);
            format!("{shown} shown, there may be more: --all shows all, --limit N more")
        }),
    };
    if let Some(note) = note {
        context.ui.note(&note);
    }
}

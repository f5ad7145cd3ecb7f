//! One operation on one object, or one list: read, resolve, confirm, send, show.

use clap::ArgMatches;
use clerk_api::declare::{Effect, Field, Meta, Paging};
use clerk_api::{Args, Sent, Walk};
use clerk_api_admin::call::{Call, Target};
use clerk_api_admin::format::rows::Shape;
use clerk_api_admin::format::{Renderer, token};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::reference::Reference;
use clerk_api_admin::target::{self, resolve};
use clerk_api_admin::{phrase, preview};

use super::already::Wishes;
use super::jobs::place::now;
use super::journal::Journal;
use super::output::{self, renderer, show, told};
use super::sieve::Sieve;
use super::{choose, consent, guard, rows, several};
use crate::args::from_meta::STRICT;
use crate::args::job_flags::{self, RowsFlags};
use crate::args::{input_json, read};
use crate::setup::context::{Context, Link};
use crate::show::exit::Exit;
use crate::show::walk;

/// The largest page that the API gives (spec: `LimitParameter`).
const LARGEST_PAGE: u64 = 500;
/// The default size of a page (spec: `LimitParameter`).
const USUAL_PAGE: u64 = 10;

/// Runs an operation from its matches.
pub(crate) async fn run(
    context: &mut Context,
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Outcome<Exit> {
    let wishes = Wishes::read(matches);
    if let Some(rows) = RowsFlags::read(matches) {
        wishes.check_many()?;
        input_json::check_one(matches)?;
        return rows::run(context, meta, matches, rows).await;
    }
    if meta.effect != Effect::Read {
        if let Some(list) = read::list(meta, matches)? {
            wishes.check_many()?;
            input_json::check_one(matches)?;
            return rows::run_list(context, meta, matches, list).await;
        }
        job_flags::check_unused(matches)?;
    }
    let chosen = choose::lacking(context, meta, matches).await?;
    let call = read::call(meta, matches, &chosen, &mut context.inputs, now())?;
    let strict = meta.paging != Paging::None && matches.get_flag(STRICT);
    let manner = Manner {
        wishes,
        strict,
        sieve: Sieve::read(matches, now())?,
    };
    call_of(context, call, manner).await
}

/// How a call is carried out, besides its arguments.
#[derive(Debug, Default)]
pub(super) struct Manner {
    wishes: Wishes,
    /// Whether a walk that may have missed rows is a failure.
    strict: bool,
    sieve: Option<Sieve>,
}

/// Runs a call, wherever it comes from.
pub(super) async fn call_of(
    context: &mut Context,
    mut call: Call,
    manner: Manner,
) -> Outcome<Exit> {
    let wishes = manner.wishes;
    let meta = call.meta;
    let mut renderer = renderer(context, meta.name)?;
    context.ui.secrets.add_arguments(meta, &call.args);
    if context.flags.all && meta.paging == Paging::None {
        return Err(Problem::usage(format!(
            "--all works with lists only; {} has no pages",
            phrase::one(meta, None)
        )));
    }
    guard::check_read_only(context, meta)?;
    wishes.check_keys(&call)?;
    let guard = guard::protected(context, &call).await?;
    if call.targets.as_ref().is_some_and(|targets| targets.rows) {
        return several::run(context, call, &mut renderer).await;
    }
    let by_id = call.is_by_id();
    let target = call
        .targets
        .take()
        .and_then(|targets| targets.items.into_iter().next());
    let given = target
        .as_ref()
        .map(|target| target.reference.shown().to_owned());
    let id = match named(context, &mut call, target).await {
        Ok(id) => id,
        Err((field, problem)) => {
            return wishes
                .unnamed(context, &call, field, problem, &mut renderer)
                .await;
        }
    };
    if let Some(guard) = &guard {
        guard.check(&call, given.as_deref()).await?;
    }
    if context.flags.dry_run {
        let request = preview::request(meta, &call.args)?;
        return show(context, &mut renderer, request.as_bytes());
    }
    let link = context.link().await?;
    if meta.effect != Effect::Read {
        consent::announce(context, &link);
        consent::for_one(context, &link, &call, id.as_deref(), by_id)?;
    }
    if let Some(exit) = wishes.before(context, &link, &call, &mut renderer).await? {
        return Ok(exit);
    }
    let sifted = manner.sieve.is_some().then(|| number(&call.args, "limit"));
    if let Some(most) = sifted.or_else(|| walk_length(context, &call)) {
        return walk(context, call, most, manner, &mut renderer).await;
    }
    send(
        context,
        &link,
        &call,
        given.as_deref(),
        wishes,
        &mut renderer,
    )
    .await
}

/// Sends a call and shows its response.
async fn send(
    context: &mut Context,
    link: &Link,
    call: &Call,
    given: Option<&str>,
    wishes: Wishes,
    renderer: &mut Renderer,
) -> Outcome<Exit> {
    let meta = call.meta;
    let tried = format!("cannot {}", phrase::one(meta, given));
    let mut journal = Journal::of(context, meta);
    let sent = async {
        let before = journal.before(link, call).await?;
        let args = call.args.clone();
        let reply = context
            .sending
            .send(&link.client, meta, args, &tried)
            .await?;
        Ok((before, reply))
    };
    let (before, reply) = match sent.await {
        Ok(sent) => sent,
        Err(problem) => return wishes.after(context, link, call, problem, renderer).await,
    };
    told(context, &reply);
    journal.done(before, &reply);
    journal.keep(context, link, meta).await;
    let shown = show(context, renderer, &reply.raw);
    let is_shown = match &shown {
        Ok(_) => true,
        Err(failure) => failure.kind == ProblemKind::Partly,
    };
    if is_shown && meta.paging != Paging::None {
        let size = number(&call.args, "limit").unwrap_or(USUAL_PAGE);
        let offset = number(&call.args, "offset").unwrap_or(0);
        note_rest(context, &reply.raw, size, offset);
    }
    shown
}

/// Puts ids in place of names. A failure says which argument has the name.
async fn named(
    context: &mut Context,
    call: &mut Call,
    target: Option<Target>,
) -> Result<Option<String>, (Option<&'static Field>, Box<Problem>)> {
    let meta = call.meta;
    let at_target = |problem| (target::field_of(meta), problem);
    // First, since it is what other arguments are about: an organization before its member.
    let id = resolved(context, call, target).await.map_err(at_target)?;
    if let Some(field) = call.pending.first().map(|pending| pending.field) {
        let failed = |problem| (Some(field), problem);
        let link = context.link().await.map_err(failed)?;
        resolve::arguments(&link.client, call)
            .await
            .map_err(failed)?;
    }
    Ok(id)
}

/// Puts an id in place of the target's name. The network is needed only where there is a name.
async fn resolved(
    context: &mut Context,
    call: &mut Call,
    target: Option<Target>,
) -> Outcome<Option<String>> {
    let Some(target) = target else {
        return Ok(None);
    };
    let id = match target.reference {
        Reference::Ready(id) => id,
        named => resolve::id(&context.link().await?.client, &named).await?,
    };
    call.set_target(&id)?;
    Ok(Some(id))
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
    manner: Manner,
    renderer: &mut Renderer,
) -> Outcome<Exit> {
    call.args.remove("limit");
    let sifts = manner.sieve.is_some();
    if let Some(mut sieve) = manner.sieve {
        let client = context.link().await?.client;
        sieve.prepare(&client).await?;
        let mut left = most;
        renderer.keep(Box::new(move |row| {
            let kept = left != Some(0) && sieve.keeps(row)?;
            left = left.map(|left| left - u64::from(kept));
            Ok(kept)
        }));
    }
    // Of rows that are sifted, only those that are shown count.
    let (fetched, shown) = if sifts { (None, most) } else { (most, None) };
    let tried = format!("cannot {}", phrase::one(call.meta, None));
    let client = context.unconnected().await?;
    let ui = &context.ui;
    let pages = client.walk(call.meta, call.args, fetched);
    let mut progress = |rows: u64, total: Option<u64>| ui.progress(rows, total);
    let walked = walk::walk(pages, renderer, &mut ui.out(), &mut progress, shown).await;
    ui.progress_end();
    if walked.answered {
        context.sending.note(Sent::Yes);
    }
    if let Some(failure) = walked.failure {
        let _ = output::reported(context, &walked.report);
        let failure = match failure {
            walk::Failure::Fetch(error) => context.sending.failed(&tried, *error),
            walk::Failure::Render(error) => output::unshown(error),
            walk::Failure::Start(error) => Problem::io(tried, &error),
        };
        return Err(if walked.rows > 0 {
            failure.cause(format!("the output ends after {} rows", walked.rows))
        } else {
            failure
        });
    }
    if walked.more {
        ui.note(&format!(
            "{} shown, but there are more: raise --limit, or use --all without it",
            counted(walked.rows)
        ));
    }
    let exit = output::reported(context, &walked.report)?;
    if !(sifts && walked.more) {
        check_whole(context, walked.walk, manner.strict)?;
    }
    Ok(exit)
}

/// Says so where rows may have come or gone unseen while the list was walked (reliability.md 4.12).
fn check_whole(context: &Context, walk: Walk, strict: bool) -> Outcome<()> {
    if walk.is_consistent() {
        return Ok(());
    }
    let count = |count: Option<u64>| count.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    let message = format!(
        "the list changed during the walk, so rows may be missing: {} shown, {} counted before, {} after",
        counted(walk.rows),
        count(walk.before),
        count(walk.after)
    );
    if strict {
        let failure = Problem::new(ProblemKind::Partly, "not_whole", message);
        return Err(failure.hint("run it again while nothing changes the list"));
    }
    context.ui.warn(&message);
    Ok(())
}

fn counted(rows: u64) -> String {
    format!("{rows} {}", if rows == 1 { "row" } else { "rows" })
}

/// Says that a list was cut (product.md section 3).
fn note_rest(context: &Context, raw: &[u8], size: u64, offset: u64) {
    let Ok(text) = std::str::from_utf8(raw) else {
        return;
    };
    let text = text.trim();
    let count = Shape::of(text).rows().count() as u64;
    let total = token::member(text, "total_count").and_then(|total| total.parse::<u64>().ok());
    let seen = offset + count;
    let note = match total {
        Some(total) if text.starts_with('{') => (seen < total).then(|| {
            format!("{count} of {total} rows shown: use --all for all, --limit N for more")
        }),
        _ => (count > 0 && count >= size).then(|| {
            let shown = counted(count);
            format!("{shown} shown, there may be more: use --all for all, --limit N for more")
        }),
    };
    if let Some(note) = note {
        context.ui.note(&note);
    }
}

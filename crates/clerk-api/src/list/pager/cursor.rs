//! The walk by cursor: each page begins behind the last row of the one before. The next one is asked for as soon as the bytes
//! of this one are there, before they are checked.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use futures_util::future::{MaybeDone, maybe_done};

use super::flight::{Flight, Landed};
use super::{Source, Step, Walk, stuck};
use crate::args::Args;
use crate::declare::{Meta, Place};
use crate::error::Error;
use crate::list::page::{Page, likely_last_id};
use crate::ops;
use crate::transport::BoxFuture;

pub(super) struct ByCursor {
    pub(super) flight: Flight<Option<String>>,
    cursor: Option<String>,
    /// All cursors so far: one that comes again would lead round in a circle.
    cursors: BTreeSet<String>,
    /// The last page that had rows: if its last row is deleted, the walk continues behind an earlier row.
    last: Option<Page>,
    /// How many rows of it were stepped back.
    back: usize,
    /// How the rows are counted, where the API can.
    counter: Option<(&'static Meta, Args)>,
    count: MaybeDone<BoxFuture<'static, Option<u64>>>,
}

impl ByCursor {
    pub(super) fn new(source: &Source) -> Self {
        let counter = counter(source);
        let counting = count(source, counter.clone());
        Self {
            flight: Flight::new(),
            cursor: source.args.text("starting_after"),
            cursors: BTreeSet::new(),
            last: None,
            back: 0,
            counter,
            count: maybe_done(counting),
        }
    }

    pub(super) async fn step(
        &mut self,
        source: &mut Source,
        walk: &mut Walk,
    ) -> Result<Step, Error> {
        if self.flight.0.is_empty() && !self.ask(source, self.cursor.clone(), 0) {
            return Ok(Step::End(None));
        }
        let landed = poll_fn(|context| self.poll(source, context)).await;
        let Some(Landed { asked, answer, .. }) = landed else {
            return Ok(Step::End(None));
        };
        match answer {
            Ok(page) => self.take(source, walk, page, asked).await,
            Err(error) if is_gone(&error) && self.step_back() => Ok(Step::Again),
            Err(error) => Err(error),
        }
    }

    /// The page in front; the count is asked for beside the first one.
    fn poll(
        &mut self,
        source: &Source,
        context: &mut Context<'_>,
    ) -> Poll<Option<Landed<Option<String>>>> {
        let _ = self.count.poll_unpin(context);
        let front = self.flight.poll_front(context);
        if front.is_pending() {
            self.ask_ahead(source, context);
        }
        front
    }

    /// Requests the next page before the last one is checked, so that the server works in the meantime.
    fn ask_ahead(&mut self, source: &Source, context: &mut Context<'_>) {
        let front = match self.flight.0.front() {
            Some(front) if self.flight.0.len() == 1 => front,
            _ => return,
        };
        let asked = front.asked;
        let body = front.prefetch.take();
        let last = body.and_then(|body| likely_last_id(&body, asked));
        if last.is_some() && last != front.place && self.ask(source, last, asked) {
            self.flight.go_on(1, context);
        }
    }

    /// Asks for one more page, unless no row is left to ask for beside those of the page before it.
    fn ask(&mut self, source: &Source, after: Option<String>, beside: u64) -> bool {
        let Some(asked) = source.wanted(beside) else {
            return false;
        };
        let mut args = source.args.clone();
        if let Some(cursor) = &after {
            // Text always has a JSON form.
            let _ = args.set("starting_after", cursor);
        }
        self.flight.ask(source, after, args, asked);
        true
    }

    async fn take(
        &mut self,
        source: &mut Source,
        walk: &mut Walk,
        mut page: Page,
        asked: u64,
    ) -> Result<Step, Error> {
        let got = page.len() as u64;
        if self.back > 0
            && let Some(last) = &self.last
        {
            // Behind an earlier row some come again.
            let seen: BTreeSet<String> = last.ids().flatten().collect();
            page.retain(|id| id.is_none_or(|id| !seen.contains(id)));
        }
        let cursor = page.last_id();
        if page.is_empty() {
            return self.at_end(source, walk).await;
        }
        source.count(&mut page);
        if source.left == Some(0) {
            page.more = got >= asked;
            return Ok(Step::End(Some(page)));
        }
        self.back = 0;
        let Some(cursor) = cursor else {
            let last = got < asked && self.expected().is_none_or(|count| count <= walk.rows + got);
            if last {
                return Ok(Step::End(Some(page)));
            }
            return Err(stuck(source.meta, "its rows have no ids"));
        };
        if !self.cursors.insert(cursor.clone()) {
            return Err(stuck(
                source.meta,
                &format!("{cursor} was already the last row of an earlier page"),
            ));
        }
        self.last = Some(page.clone());
        self.cursor = Some(cursor);
        // What was asked for behind another row is dropped.
        self.flight.0.retain(|ahead| ahead.place == self.cursor);
        let rows = walk.rows + page.len() as u64;
        if got < asked && self.counted().await.is_some_and(|count| count <= rows) {
            walk.before = self.expected();
            return Ok(Step::End(Some(page)));
        }
        walk.before = self.expected();
        Ok(Step::Page(page))
    }

    /// An empty page: the end, unless the count says that there is more, because the last row may have been deleted.
    async fn at_end(&mut self, source: &Source, walk: &mut Walk) -> Result<Step, Error> {
        walk.before = self.counted().await;
        if walk.before.is_some_and(|before| before > walk.rows) && self.step_back() {
            return Ok(Step::Again);
        }
        if walk.before.is_some_and(|before| before != walk.rows) {
            walk.after = count(source, self.counter.clone()).await;
        }
        Ok(Step::End(None))
    }

    /// Moves the cursor to an earlier row of the last page, since its last one is not there any more. Gives false where all were tried.
    fn step_back(&mut self) -> bool {
        let ids: Vec<String> = match &self.last {
            Some(page) => page.ids().flatten().collect(),
            None => return false,
        };
        self.back = if self.back == 0 { 1 } else { self.back * 4 };
        let Some(at) = ids.len().checked_sub(self.back + 1) else {
            return false;
        };
        self.cursor = ids.into_iter().nth(at);
        self.flight.0.clear();
        true
    }

    /// The count as far as it has come.
    fn expected(&mut self) -> Option<u64> {
        let count = std::pin::Pin::new(&mut self.count);
        count.output_mut().and_then(|count| *count)
    }

    /// The count of all rows when the walk began.
    async fn counted(&mut self) -> Option<u64> {
        (&mut self.count).await;
        self.expected()
    }
}

/// Whether an error may say that the row at the cursor is not there any more.
const fn is_gone(error: &Error) -> bool {
    matches!(error.status, Some(400 | 404 | 422))
}

/// The operation that counts what the walk lists, with the same filters; nothing if it lacks a filter, or if the walk covers only a part.
fn counter(source: &Source) -> Option<(&'static Meta, Args)> {
    let path = format!("{}/count", source.meta.path);
    let counter = ops::all()
        .map(|op| op.meta)
        .find(|meta| meta.path == path)?;
    if source.left.is_some() || source.args.get("starting_after").is_some() {
        return None;
    }
    let mut args = source.args.clone();
    for name in ["limit", "offset", "order_by"] {
        args.remove(name);
    }
    let same = |name: &str| match (source.meta.field(name), counter.field(name)) {
        (Some(listed), Some(counted)) => {
            counted.place == Place::Query && listed.signed == counted.signed
        }
        _ => false,
    };
    let counts_the_same = args.iter().all(|(name, _)| same(name));
    counts_the_same.then_some((counter, args))
}

fn count(
    source: &Source,
    counter: Option<(&'static Meta, Args)>,
) -> BoxFuture<'static, Option<u64>> {
    let caller = source.caller.clone();
    Box::pin(async move {
        let (meta, args) = counter?;
        let reply = caller.call_once(meta, args).await.ok()?;
        serde_json::from_slice::<crate::model::TotalCount>(&reply.raw)
            .ok()?
            .total_count
    })
}

//! The walk by offset: rows move when others come or go before them. So each page begins within the one before, and where it
//! does not meet it, the walk goes back until it does; what came before is dropped by its id.

use std::future::poll_fn;

use super::flight::{Flight, Landed};
use super::seen::Seen;
use super::{Source, Step, Walk};
use crate::error::Error;
use crate::list::page::Page;

/// How many pages are asked for at once, as soon as it is known how many rows there are.
const IN_FLIGHT: usize = 4;

/// A page begins this part of a page before the end of the one before.
const OVERLAP: u64 = 25;

/// How often a walk goes back before it says that rows may be missing.
const MOST_RETURNS: u32 = 100;

pub(super) struct ByOffset {
    pub(super) flight: Flight<u64>,
    start: u64,
    /// Where the next page begins.
    next: u64,
    total: Option<u64>,
    /// The ids that were given out.
    seen: Seen,
    /// How far to go back where a page does not meet the one before.
    back: u64,
    returns: u32,
    began: bool,
}

impl ByOffset {
    pub(super) fn new(start: u64) -> Self {
        Self {
            flight: Flight::new(),
            start,
            next: start,
            total: None,
            seen: Seen::default(),
            back: 0,
            returns: 0,
            began: false,
        }
    }

    pub(super) async fn step(
        &mut self,
        source: &mut Source,
        walk: &mut Walk,
    ) -> Result<Step, Error> {
        self.fill(source);
        let landed = poll_fn(|context| self.flight.poll_front(context)).await;
        let Some(Landed {
            place,
            asked,
            answer,
        }) = landed
        else {
            return Ok(Step::End(None));
        };
        Ok(self.take(source, walk, place, asked, answer?))
    }

    /// Asks for as many pages as may be in flight: one until the total is known.
    fn fill(&mut self, source: &Source) {
        let most = if self.total.is_some() { IN_FLIGHT } else { 1 };
        while self.flight.0.len() < most {
            let past_end = self.total.is_some_and(|total| self.next >= total);
            if past_end && self.began && !self.flight.0.is_empty() {
                return;
            }
            let overlap = self.overlap(source);
            let coming: u64 = self.flight.0.iter().map(|page| page.asked - overlap).sum();
            let Some(wanted) = source.wanted(coming) else {
                return;
            };
            // Rows that come again are asked for beside those that are wanted.
            let asked = source.size.min(wanted + overlap);
            let mut args = source.args.clone();
            args.remove("offset");
            if self.next > 0 {
                // Numbers always have a JSON form.
                let _ = args.set("offset", &self.next);
            }
            self.flight.ask(source, self.next, args, asked);
            self.began = true;
            self.next += asked.saturating_sub(source.size / OVERLAP).max(1);
        }
    }

    /// How many rows of the page before a page begins with.
    fn overlap(&self, source: &Source) -> u64 {
        if self.began { source.size / OVERLAP } else { 0 }
    }

    fn take(
        &mut self,
        source: &mut Source,
        walk: &mut Walk,
        place: u64,
        asked: u64,
        mut page: Page,
    ) -> Step {
        let got = page.len() as u64;
        self.total = page.total_count;
        let counted = self.total.map(|total| total.saturating_sub(self.start));
        walk.before = walk.before.or(counted);
        walk.after = counted;
        let overlaps = place > self.start && source.size >= OVERLAP;
        if overlaps && !self.meets(&page) {
            if self.returns < MOST_RETURNS {
                self.go_back(source, place);
                return Step::Again;
            }
            walk.gaps = true;
        }
        self.back = 0;
        page.retain(|id| id.is_none_or(|id| self.seen.insert(id)));
        let reached = place + got;
        source.count(&mut page);
        if source.left == Some(0) {
            page.more = match self.total {
                Some(total) => total > reached,
                None => got >= asked,
            };
            return Step::End(Some(page));
        }
        let over = match self.total {
            Some(total) => got == 0 || reached >= total,
            None => got == 0 || page.is_empty(),
        };
        if over {
            return Step::End((!page.is_empty() || place == self.start).then_some(page));
        }
        if got < asked {
            self.take_less(source, got, reached);
        }
        if page.is_empty() {
            return Step::Again;
        }
        Step::Page(page)
    }

    /// Whether a page begins with a row that was given out. Without ids this cannot be known.
    fn meets(&self, page: &Page) -> bool {
        match page.ids().next() {
            Some(Some(id)) => self.seen.contains(&id),
            Some(None) => true,
            None => false,
        }
    }

    /// Asks again from further back: rows before this page were deleted, so others have moved up.
    fn go_back(&mut self, source: &Source, place: u64) {
        self.returns += 1;
        self.back = (self.back * 2).max(source.size);
        self.flight.0.clear();
        self.next = place.saturating_sub(self.back).max(self.start);
    }

    /// The server gives smaller pages than it was asked for.
    fn take_less(&mut self, source: &mut Source, got: u64, reached: u64) {
        if self.total.is_some() {
            source.size = got;
        }
        self.flight.0.clear();
        self.next = reached
            .saturating_sub(source.size / OVERLAP)
            .max(self.start);
    }
}

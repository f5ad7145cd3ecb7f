//! One bucket as one process sees it.

use std::collections::VecDeque;

use super::super::lease::Lease;
use super::super::lesson::Lesson;
use super::super::rule::counts_for;

/// A time that has always been over.
const LONG_AGO: i64 = i64::MIN / 4;

/// One bucket as this process sees it.
pub(super) struct Track {
    /// When the next permit is due, on the own clock.
    pub(super) next: i64,
    /// When this process sent what counts, on the own clock.
    sends: VecDeque<i64>,
    pub(super) lesson: Lesson,
    pub(super) lease: Lease,
    /// When this process sent a probe, on the own clock.
    pub(super) probe: Option<i64>,
}

impl Track {
    pub(super) fn new() -> Self {
        Self {
            next: LONG_AGO,
            sends: VecDeque::new(),
            lesson: Lesson::default(),
            lease: Lease::default(),
            probe: None,
        }
    }

    /// How long the own log has no room, where so many may be in any window.
    pub(super) fn full_for(&self, now: i64, window: i64, most: usize) -> i64 {
        let since = now - counts_for(window);
        let last = self.sends.len().checked_sub(most);
        let leaves = last.and_then(|index| self.sends.get(index));
        leaves.map_or(0, |at| (at - since).max(0))
    }

    /// How many requests count now.
    pub(super) fn within(&self, now: i64, window: i64) -> usize {
        let since = now - counts_for(window);
        self.sends.iter().filter(|at| **at > since).count()
    }

    pub(super) fn count(&mut self, now: i64, window: i64) {
        let since = now - counts_for(window);
        while self.sends.front().is_some_and(|at| *at <= since) {
            self.sends.pop_front();
        }
        self.sends.push_back(now);
    }
}

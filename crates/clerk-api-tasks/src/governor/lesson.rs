//! What a bucket learned from refusals (429): a block, a slower pace, one probe after the block (reliability.md 3.4).

use super::rule::real;

/// After a refusal the pace is this part of what it was.
const SLOWER: f64 = 0.7;
/// Not slower than this part of the usual pace.
const SLOWEST: f64 = 0.02;
/// What each window without a refusal gives back.
const BACK: f64 = 0.05;
/// Refusals closer together count as one.
const ONE_REFUSAL: i64 = SECOND;
/// A probe that nobody heard of after this long is given up: its process may have ended.
const PROBE: i64 = 10 * SECOND;
/// The longest block that a response can ask for.
const LONGEST: i64 = 24 * 3_600 * SECOND;
const SECOND: i64 = 1_000_000;

/// What is known of one bucket; times are in microseconds, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lesson {
    /// The pace as a part of the usual one, at `since`.
    pub(super) factor: f64,
    /// Since when the pace recovers.
    pub(super) since: i64,
    /// The latest refusal.
    pub(super) refused: i64,
    /// Refusals in a row.
    pub(super) streak: u32,
    /// The end of the block; it stays until a probe came back.
    pub(super) block: i64,
    /// When the probe that is under way is given up.
    pub(super) probe: i64,
}

/// Whether a request may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// One request may pass, to see whether the block is over.
    Probe,
    /// None may pass for so many microseconds. `probing` where this may end sooner.
    Shut {
        wait: i64,
        probing: bool,
    },
}

/// The result of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// A 429, with the microseconds that it asks to wait.
    Refused(Option<i64>),
    Answered,
    Nothing,
}

impl Default for Lesson {
    fn default() -> Self {
        Self {
            factor: 1.0,
            since: 0,
            refused: 0,
            streak: 0,
            block: 0,
            probe: 0,
        }
    }
}

impl Lesson {
    /// Whether a request may pass now.
    pub(super) const fn gate(&self, now: i64) -> Gate {
        if self.block > now {
            Gate::Shut {
                wait: self.block - now,
                probing: false,
            }
        } else if self.probe > now {
            Gate::Shut {
                wait: self.probe - now,
                probing: true,
            }
        } else if self.block > 0 {
            Gate::Probe
        } else {
            Gate::Open
        }
    }

    /// The pace now, as a part of the usual one.
    pub(super) fn pace(&self, now: i64, window: i64) -> f64 {
        let clean = (now - self.since).max(0) / window;
        (self.factor + BACK * real(clean)).min(1.0)
    }

    /// A request was refused. Without a wait that was asked for, it doubles with each refusal in a row.
    pub(super) fn refuse(&mut self, now: i64, asked: Option<i64>, window: i64, hourly: bool) {
        if self.refused == 0 || now - self.refused >= ONE_REFUSAL {
            self.factor = (self.pace(now, window) * SLOWER).max(SLOWEST);
            self.streak += 1;
        }
        let doubled = 1_i64 << self.streak.saturating_sub(1).min(8);
        let blind = if hourly {
            (60 * doubled).min(900)
        } else {
            (10 * doubled).min(60)
        };
        let wait = asked.unwrap_or(blind * SECOND).min(LONGEST);
        self.refused = now;
        self.block = self.block.max(now + wait);
        self.since = self.block;
        self.probe = 0;
    }

    /// A request goes out to see whether the block is over.
    pub(super) const fn begin_probe(&mut self, now: i64) {
        self.probe = now + PROBE;
    }

    /// The probe came back: with an answer that is no refusal, or with none.
    pub(super) const fn end_probe(&mut self, now: i64, answered: bool) {
        self.probe = 0;
        if answered && self.block <= now {
            self.block = 0;
            self.streak = 0;
            self.since = now;
        }
    }

    /// The clock was moved back: what was refused in the future counts as refused now.
    pub(super) const fn clamp(&mut self, now: i64, window: i64) {
        let ahead = self.refused - now;
        if ahead > 2 * window {
            self.refused = now;
            self.since -= ahead;
            if self.block > 0 {
                self.block -= ahead;
            }
            if self.probe > 0 {
                self.probe -= ahead;
            }
        }
    }
}

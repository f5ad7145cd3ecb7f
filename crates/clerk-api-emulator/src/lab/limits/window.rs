//! Counting over time.

use std::collections::VecDeque;

use super::LimitWindow;

/// What was counted in one window.
#[derive(Debug)]
pub(super) enum Window {
    /// Only the newest window counts.
    Fixed {
        length: i64,
        began: i64,
        used: usize,
    },
    /// The moments of all that count.
    Sliding { length: i64, log: VecDeque<i64> },
}

impl Window {
    pub(super) fn new(kind: LimitWindow, length: i64) -> Self {
        let length = length.max(1);
        match kind {
            LimitWindow::Fixed => Self::Fixed {
                length,
                began: i64::MIN,
                used: 0,
            },
            LimitWindow::Sliding => Self::Sliding {
                length,
                log: VecDeque::new(),
            },
        }
    }

    pub(super) fn length(&self) -> i64 {
        match self {
            Self::Fixed { length, .. } | Self::Sliding { length, .. } => *length,
        }
    }

    /// How many count at this moment.
    pub(super) fn used(&mut self, now: i64) -> usize {
        match self {
            Self::Fixed {
                length,
                began,
                used,
            } => {
                let current = now - now.rem_euclid(*length);
                if current != *began {
                    (*began, *used) = (current, 0);
                }
                *used
            }
            Self::Sliding { length, log } => {
                while log.front().is_some_and(|at| *at <= now - *length) {
                    log.pop_front();
                }
                log.len()
            }
        }
    }

    pub(super) fn count(&mut self, now: i64) {
        self.used(now);
        match self {
            Self::Fixed { used, .. } => *used += 1,
            Self::Sliding { log, .. } => log.push_back(now),
        }
    }

    /// Milliseconds to wait if so many are allowed; `None` if there is room.
    pub(super) fn wait(&mut self, allowed: usize, now: i64) -> Option<i64> {
        (self.used(now) >= allowed).then(|| self.frees_in(now))
    }

    /// Milliseconds until the first of what counts does not count any more.
    pub(super) fn frees_in(&self, now: i64) -> i64 {
        match self {
            Self::Fixed { length, .. } => *length - now.rem_euclid(*length),
            Self::Sliding { length, log } => log.front().map_or(0, |at| at + length - now),
        }
    }
}

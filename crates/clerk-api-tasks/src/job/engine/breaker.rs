//! Stops sending while most requests fail (reliability.md 2.7).

use std::collections::VecDeque;
use std::time::Duration;

use super::super::timing::Timing;

/// So many of the latest requests count.
const LAST: usize = 40;

/// The latest requests, and the pauses that their failures made.
#[derive(Debug)]
pub(super) struct Breaker {
    failed: VecDeque<bool>,
    first: Duration,
    most: Duration,
    park: Duration,
    pause: Duration,
    paused: Duration,
}

/// What follows from too many failures.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// Nothing is sent for this time.
    Pause(Duration),
    /// It has been so for too long.
    Park,
}

impl Breaker {
    pub(super) fn new(timing: &Timing) -> Self {
        Self {
            failed: VecDeque::new(),
            first: timing.breaker,
            most: timing.breaker_most,
            park: timing.breaker_park,
            pause: timing.breaker,
            paused: Duration::ZERO,
        }
    }

    /// Notes what a request came to. A success after a pause begins everything anew.
    pub(super) fn note(&mut self, failed: bool) {
        if !failed && !self.paused.is_zero() {
            self.failed.clear();
            (self.pause, self.paused) = (self.first, Duration::ZERO);
        }
        self.failed.push_back(failed);
        if self.failed.len() > LAST {
            self.failed.pop_front();
        }
    }

    /// Whether to stop sending; each time it is asked for counts as one pause.
    pub(super) fn opened(&mut self) -> Option<Open> {
        let failures = self.failed.iter().filter(|failed| **failed).count();
        let is_probe = !self.paused.is_zero() && self.failed.back() == Some(&true);
        if !(is_probe || self.failed.len() == LAST && failures * 2 >= LAST) {
            return None;
        }
        if self.paused >= self.park {
            return Some(Open::Park);
        }
        self.failed.clear();
        let pause = self.pause;
        self.paused += pause;
        self.pause = (pause * 2).min(self.most);
        Some(Open::Pause(pause))
    }

    /// Whether only one request may go, to see whether it is over.
    pub(super) fn probes(&self) -> bool {
        !self.paused.is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_2_7_half_of_forty_failures_pause_and_an_hour_of_them_parks() {
        let mut breaker = Breaker::new(&Timing::default());
        for _ in 0..LAST / 2 {
            breaker.note(false);
            assert_eq!(breaker.opened(), None);
        }
        for _ in 0..LAST / 2 - 1 {
            breaker.note(true);
            assert_eq!(breaker.opened(), None);
        }
        breaker.note(true);
        assert_eq!(breaker.opened(), Some(Open::Pause(Duration::from_secs(15))));
        let mut paused = Duration::from_secs(15);
        let parked = loop {
            assert!(breaker.probes());
            breaker.note(true);
            match breaker.opened() {
                Some(Open::Pause(pause)) => {
                    assert!(pause <= Duration::from_secs(300));
                    paused += pause;
                }
                Some(Open::Park) => break paused,
                None => panic!("a probe that failed changes nothing"),
            }
        };
        assert!(parked >= Duration::from_secs(3600));
        breaker.note(false);
        assert!(!breaker.probes());
        assert_eq!(breaker.opened(), None);
    }
}

//! How long exchanges take, and how many requests in flight reach the rate (reliability.md 3.5).

/// So many of the latest exchanges count.
const SAMPLES: usize = 128;
/// With fewer nothing is known yet.
const ENOUGH: usize = 10;
/// In flight before anything is known, and at most.
const AT_FIRST: usize = 4;
const MOST: usize = 64;

/// The latest exchanges, in seconds.
#[derive(Debug, Default)]
pub(super) struct Latency {
    took: Vec<f64>,
    at: usize,
}

impl Latency {
    pub(super) fn add(&mut self, seconds: f64) {
        if self.took.len() < SAMPLES {
            self.took.push(seconds);
        } else {
            self.took[self.at] = seconds;
        }
        self.at = (self.at + 1) % SAMPLES;
    }

    /// How many requests in flight it takes for so many a second.
    pub(super) fn concurrency(&self, per_second: f64) -> usize {
        if self.took.len() < ENOUGH {
            return AT_FIRST;
        }
        // Not sorted: this is asked several times a request.
        let mut took = self.took.clone();
        let (_, slow, _) = took.select_nth_unstable_by(self.took.len() * 9 / 10, f64::total_cmp);
        let wanted = (per_second * *slow * 1.2).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is that of the clamp"
        )]
        let wanted = wanted.clamp(1.0, MOST as f64) as usize;
        wanted
    }
}

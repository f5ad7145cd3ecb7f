//! What a limit and a share allow, as numbers in microseconds.

use super::share::Share;
use super::table::{Bucket, Table};

/// Up to this long, requests are spread; over more they are counted.
const SHORT: i64 = 60_000_000;
/// A permit that is not used this long after its time is lost.
const LOST: i64 = 1_000_000;
/// A process needs this long to wake up; where the burst is shorter a permit still lasts so long.
const AWAKE: i64 = 100_000;
/// Requests of one object stay below this part of its limit.
const OF_OBJECT: f64 = 0.8;

/// How the permits of a bucket are given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule {
    /// One permit each `gap`. Its time may be as long ago as `late`, which allows a burst.
    Spread { gap: i64, late: i64, window: i64 },
    /// So many in any `window`.
    Counted { most: usize, window: i64 },
}

impl Rule {
    /// The rule of a bucket under a share; `part` is 1, or a half for a process that cannot see the others.
    pub(super) fn of(table: &Table, bucket: Bucket, share: Share, part: f64) -> Self {
        let limit = table.limit(bucket);
        let requests = limit.requests.max(1);
        let window = micros(limit.per).max(1);
        let gap = |share: f64| up(real(window) / (share * part * f64::from(requests)));
        if bucket == Bucket::Object {
            let gap = gap(share.get().min(OF_OBJECT));
            return Self::Spread {
                gap,
                late: 0,
                window,
            };
        }
        if window > SHORT {
            let most = requests - requests.div_ceil(25).min(requests);
            let most = down(f64::from(most) * part).max(1);
            return Self::Counted { most, window };
        }
        let gap = gap(share.get());
        let burst = i64::from(requests / 20).max(1);
        // In any window of length w at most (w + late) / gap + 1 permits are used: (share + 0.05) of the limit.
        let late = ((burst - 1) * gap).clamp(gap.min(AWAKE), LOST);
        Self::Spread { gap, late, window }
    }

    /// The length of the window.
    pub(super) const fn window(self) -> i64 {
        match self {
            Self::Spread { window, .. } | Self::Counted { window, .. } => window,
        }
    }

    /// The same with what was learned from refusals: fewer permits.
    pub(super) fn times(self, factor: f64) -> Self {
        match self {
            Self::Spread { gap, late, window } => Self::Spread {
                gap: up(real(gap) / factor),
                late,
                window,
            },
            Self::Counted { most, window } => {
                #[expect(clippy::cast_precision_loss, reason = "a limit has few digits")]
                let most = down(most as f64 * factor).max(1);
                Self::Counted { most, window }
            }
        }
    }
}

/// The time of the next permit of a bucket whose permits are spread. A permit whose time has come may be used.
pub(super) fn next_permit(next: i64, now: i64, late: i64) -> i64 {
    next.max(now - late)
}

/// How long a request in the log counts: the window, and a little for requests that reach the server sooner than those before.
pub(super) const fn counts_for(window: i64) -> i64 {
    window + window / 1_800
}

/// A duration in microseconds.
pub(super) fn micros(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

/// Microseconds as a duration; none that is negative.
pub(super) fn duration(micros: i64) -> std::time::Duration {
    std::time::Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

#[expect(clippy::cast_precision_loss, reason = "windows are far below 2^53 µs")]
pub(super) const fn real(micros: i64) -> f64 {
    micros as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded up, and within the range of i64"
)]
fn up(micros: f64) -> i64 {
    micros.ceil() as i64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "neither negative nor larger than a limit"
)]
fn down(requests: f64) -> usize {
    // What is a whole number but for rounding stays that number.
    (requests + 1e-9).floor() as usize
}

//! Permits that this process took out of the shared file: one each `gap`, to be used when their time has come and not much later.

/// The permits of so much time are taken at once, at most (reliability.md 3.6).
const AT_ONCE: i64 = 250_000;

/// Permits are not taken further ahead than this: their process may be gone by then.
pub(super) const AHEAD: i64 = 1_000_000;

/// Permits in hand; times in microseconds of the file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lease {
    first: i64,
    gap: i64,
    left: u32,
    /// How many were taken at once the last time.
    size: u32,
    /// Whether some of the last were lost.
    lost: bool,
}

impl Lease {
    /// The time of the next permit in hand, if there is one. Those that are too old are lost.
    pub(super) fn next(&mut self, now: i64, late: i64) -> Option<i64> {
        let oldest = now - late;
        while self.left > 0 && self.first < oldest {
            self.left -= 1;
            self.first += self.gap;
            self.lost = true;
        }
        // The clock was moved back.
        if self.first > now + 2 * AHEAD {
            self.left = 0;
        }
        (self.left > 0).then_some(self.first)
    }

    /// Uses one.
    pub(super) const fn spend(&mut self) {
        self.left = self.left.saturating_sub(1);
        self.first += self.gap;
    }

    /// Takes new permits, the first of which is due at `first`, and returns when the one after them is due.
    ///
    /// Where permits lie idle only as many are taken as there are requests that want one. Where they are scarce more are taken each
    /// time, as long as all are used.
    pub(super) fn renew(&mut self, first: i64, gap: i64, now: i64, demand: u32) -> i64 {
        let cap = u32::try_from(AT_ONCE / gap).unwrap_or(u32::MAX).max(1);
        let count = if first < now {
            let idle = u32::try_from((now - first) / gap).unwrap_or(u32::MAX);
            demand.clamp(1, idle.max(1))
        } else if self.lost {
            1
        } else {
            self.size.saturating_mul(2).clamp(1, cap)
        };
        *self = Self {
            first,
            gap,
            left: count,
            size: count.min(cap),
            lost: false,
        };
        first + i64::from(count) * gap
    }
}

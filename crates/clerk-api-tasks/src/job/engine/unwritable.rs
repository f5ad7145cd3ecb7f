//! A journal that cannot be written for now, such as on a full disk.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

/// How long results are tried to be stored (reliability.md 4.10).
const PATIENCE: Duration = Duration::from_secs(10);

/// Since when writes fail. All results of a run share this: those that come last do not wait anew.
#[derive(Debug, Default)]
pub(super) struct Unwritable(Cell<Option<Instant>>);

impl Unwritable {
    /// Whether a write that failed now is the last that is tried.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let since = self.0.get().unwrap_or(now);
        self.0.set(Some(since));
        now.duration_since(since) >= PATIENCE
    }

    /// A write went well.
    pub(super) fn ends(&self) {
        self.0.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_4_10_results_that_come_later_share_the_ten_seconds() {
        let (unwritable, began) = (Unwritable::default(), Instant::now());
        let after = |seconds| began + Duration::from_secs(seconds);
        assert!(!unwritable.is_over(began));
        assert!(!unwritable.is_over(after(9)));
        assert!(unwritable.is_over(after(10)));
        // The next results find the disk as full as it was.
        assert!(unwritable.is_over(after(10)));
        unwritable.ends();
        assert!(!unwritable.is_over(after(30)));
        assert!(unwritable.is_over(after(40)));
    }
}

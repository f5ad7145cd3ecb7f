//! The instance's time. Everything that needs "now" asks here, so that a run can be repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// The last moment that there is: the end of the year 9999.
const LAST: i64 = 253_402_300_799_999;

/// A source of time that can be moved forward; clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
struct Source {
    system: bool,
    /// For the system clock what was added to it, otherwise the time itself.
    offset: AtomicI64,
}

impl Clock {
    /// Returns the computer's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Source {
            system: true,
            offset: AtomicI64::new(0),
        }))
    }

    /// Returns a clock that begins at this Unix time in milliseconds and steps by one at every reading.
    #[must_use]
    pub fn starting_at(millis: i64) -> Self {
        Self(Arc::new(Source {
            system: false,
            offset: AtomicI64::new(millis),
        }))
    }

    /// Moves this clock forward, at most to the end of the year 9999; false if that is too far, and it stays.
    pub fn advance(&self, by: Duration) -> bool {
        let left = LAST.saturating_sub(self.peek());
        match i64::try_from(by.as_millis()) {
            Ok(millis) if millis <= left => {
                self.0.offset.fetch_add(millis, Ordering::Relaxed);
                true
            }
            _ => false,
        }
    }

    /// Returns the next reading of a clock that steps; the computer's clock cannot be turned back.
    pub(crate) fn mark(&self) -> Option<i64> {
        (!self.0.system).then(|| self.peek())
    }

    /// Turns a clock that steps back to a mark.
    pub(crate) fn rewind(&self, mark: i64) {
        if !self.0.system {
            self.0.offset.store(mark, Ordering::Relaxed);
        }
    }

    /// Reads the time in Unix milliseconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        if self.0.system {
            self.peek()
        } else {
            self.0.offset.fetch_add(1, Ordering::Relaxed)
        }
    }

    /// Reads the time without stepping a clock that steps.
    #[must_use]
    pub fn peek(&self) -> i64 {
        let offset = self.0.offset.load(Ordering::Relaxed);
        if self.0.system {
            system_millis().saturating_add(offset)
        } else {
            offset
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the computer's clock"
)]
fn system_millis() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Writes a time as HTTP's `Date` header wants it.
pub(crate) fn http_date(millis: i64) -> String {
    Timestamp::from_millisecond(millis)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

/// Reads an RFC 3339 date and time as Unix milliseconds.
pub(crate) fn parse_rfc3339(text: &str) -> Option<i64> {
    let date_and_time = text.len() >= 20 && matches!(text.as_bytes()[10], b'T' | b't' | b' ');
    if !date_and_time {
        return None;
    }
    text.parse::<Timestamp>()
        .ok()
        .map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_clock_steps_and_can_be_moved() {
        let clock = Clock::starting_at(1_000);
        assert_eq!(
            (clock.now(), clock.now(), clock.peek()),
            (1_000, 1_001, 1_002)
        );
        assert!(clock.advance(Duration::from_secs(1)));
        assert_eq!(clock.now(), 2_002);
        for far in [u64::MAX, i64::MAX.cast_unsigned(), 253_402_300_800_000] {
            assert!(!clock.advance(Duration::from_millis(far)), "{far}");
        }
        assert_eq!(clock.now(), 2_003);
    }

    #[test]
    fn dates_are_written_and_read_in_their_standard_forms() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            parse_rfc3339("1994-11-06T08:49:37.5Z"),
            Some(784_111_777_500)
        );
        assert_eq!(
            parse_rfc3339("1994-11-06T09:49:37+01:00"),
            Some(784_111_777_000)
        );
        for bad in [
            "1994-11-06",
            "yesterday",
            "784111777",
            "1994-11-06T08:49:37",
        ] {
            assert_eq!(parse_rfc3339(bad), None, "{bad}");
        }
    }
}

//! The clock of the real world.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use super::{BoxFuture, Clock};

/// The clock of a tokio runtime.
///
/// It continues while the machine sleeps, so that the age of an object that a look-up finds is never too small.
#[derive(Debug)]
pub struct TokioClock {
    start: Duration,
    chance: RandomState,
}

impl Default for TokioClock {
    fn default() -> Self {
        Self {
            start: since_boot(),
            chance: RandomState::new(),
        }
    }
}

/// Time since some fixed moment, the machine's sleep included, which `Instant` leaves out on Linux and macOS.
#[cfg(unix)]
fn since_boot() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let clock = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let clock = ClockId::Monotonic;
    // Neither is negative.
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

/// Time since some fixed moment.
#[cfg(not(unix))]
fn since_boot() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everything else gets"
    )]
    START.get_or_init(Instant::now).elapsed()
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        since_boot().saturating_sub(self.start)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> u64 {
        // SipHash under keys from the operating system: chance enough for jitter and idempotency keys.
        self.chance.hash_one(since_boot())
    }
}

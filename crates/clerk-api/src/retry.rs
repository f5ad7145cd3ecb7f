//! The retry rule, as one pure function of class, progress and outcome. Time and jitter are passed in.
//!
//! | what came | read | idempotent write | create with a unique key | other create |
//! |---|---|---|---|---|
//! | no connection, or a refused stream | retry | retry | retry | retry |
//! | 429 | wait, send again; not an attempt | same | same | same |
//! | timeout, reset, 408, any 5xx | retry | retry | look, then retry | look, see below |
//! | a success whose body is cut or broken | retry | read the object | look | look |
//! | 409 | final | send once more after 1 s | look, then once more | look |
//! | any other 3xx or 4xx | final | final | final | final |
//!
//! A create of the last kind is sent again only where the API refuses duplicates, and then once. (The whole design, with its numbers,
//! is in `docs/design/reliability.md` of the repository.)

use std::time::Duration;

use crate::declare::Class;
use crate::time::http_date_millis;

/// How long and how often a call is tried.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Attempts in all; waits for a 429 do not count.
    pub attempts: u32,
    /// Time for all attempts and waits together.
    pub total: Duration,
    /// The longest wait that happens without asking.
    pub longest_wait: Duration,
    /// The first backoff; it doubles each time.
    pub backoff: Duration,
    /// The largest backoff.
    pub backoff_cap: Duration,
    /// Delays before each look for a write whose outcome is unknown.
    pub looks: [Duration; 3],
    /// Never send a create without a unique key a second time, even where the API would refuse a duplicate.
    pub at_most_once: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            total: Duration::from_secs(60),
            longest_wait: Duration::from_secs(30),
            backoff: Duration::from_millis(500),
            backoff_cap: Duration::from_secs(20),
            looks: [
                Duration::ZERO,
                Duration::from_secs(2),
                Duration::from_secs(6),
            ],
            at_most_once: false,
        }
    }
}

/// What one attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// No connection was made: it did not happen (R1), or the server refused the stream (R2).
    NotSent,
    /// No connection can be made until somebody changes something (a certificate, a proxy's credentials), or the pace gives no permit in time:
    /// it did not happen.
    Barred,
    /// The connection broke or no response came in time: nobody knows (R4).
    Unknown,
    /// A status, with the wait that the server asks for.
    Status(u16, Option<Duration>),
    /// A success whose body was cut, broken or too large: it happened (R5).
    Broken,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Decision {
    /// Take the response as it is.
    Accept,
    /// Send again after this long.
    Resend(Duration),
    /// Find out by reading whether the write happened.
    LookUp,
    /// It was done, but the response cannot be read: read the object instead.
    ReadAgain,
    /// Give up with the response or failure at hand.
    Fail,
    /// Give up because the wait would be too long; the caller may come back after this long.
    TooLong(Duration),
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Progress {
    /// Attempts that count, the last one included.
    pub attempts: u32,
    /// Waits for a 429 so far.
    pub limited: u32,
    /// Whether a resend after a 409 was already spent.
    pub resent_conflict: bool,
    /// Time since the first attempt.
    pub elapsed: Duration,
}

/// Returns the wait that a `Retry-After` header asks for: seconds, or an HTTP date measured against the response's own date.
///
/// It is at least 1 s.
/// Nonsense (negative, not a number, over 24 hours) counts as absent.
#[must_use]
pub fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    let seconds = match value.parse::<f64>() {
        Ok(seconds) => seconds,
        Err(_) => {
            let wait = http_date_millis(value)? - http_date_millis(date?)?;
            #[expect(clippy::cast_precision_loss, reason = "a wait of days fits")]
            let seconds = wait as f64 / 1000.0;
            seconds
        }
    };
    if !(0.0..=86_400.0).contains(&seconds) {
        return None;
    }
    Some(Duration::from_secs_f64(seconds.max(1.0)))
}

/// Whether a write that was answered so may have been done all the same (R4): a time-out, or any failure of a server.
#[must_use]
pub const fn is_ambiguous(status: u16) -> bool {
    matches!(status, 408 | 500..=599)
}

impl RetryPolicy {
    /// Decides what follows an attempt.
    ///
    /// `jitter` is a random number from 0 to 1.
    #[must_use]
    pub fn decide(
        &self,
        class: Class,
        progress: Progress,
        outcome: Outcome,
        jitter: f64,
    ) -> Decision {
        match outcome {
            Outcome::Status(429, asked) => self.wait_for_limit(progress, asked, jitter),
            Outcome::Status(409, _) => match class {
                Class::Read => Decision::Fail,
                _ if progress.resent_conflict => Decision::Fail,
                Class::Idempotent => Decision::Resend(Duration::from_secs(1)),
                Class::Keyed | Class::Unkeyed => Decision::LookUp,
            },
            Outcome::Status(status, asked) if is_ambiguous(status) => {
                self.uncertain(class, progress, asked, jitter)
            }
            Outcome::Status(200..=299, _) => Decision::Accept,
            Outcome::Status(..) | Outcome::Barred => Decision::Fail,
            Outcome::NotSent => self.again(progress, None, jitter),
            Outcome::Broken if class == Class::Idempotent => Decision::ReadAgain,
            Outcome::Unknown | Outcome::Broken => self.uncertain(class, progress, None, jitter),
        }
    }

    fn uncertain(
        &self,
        class: Class,
        progress: Progress,
        asked: Option<Duration>,
        jitter: f64,
    ) -> Decision {
        match class {
            Class::Read | Class::Idempotent => self.again(progress, asked, jitter),
            Class::Keyed | Class::Unkeyed => Decision::LookUp,
        }
    }

    /// The least time for a request; with less left of the call's time it is not sent (2.8).
    pub(crate) fn least(&self) -> Duration {
        self.total / 12
    }

    /// Backoff with full jitter (2.1).
    pub(crate) fn pause(&self, failures: u32, jitter: f64) -> Duration {
        let doubled = self
            .backoff
            .saturating_mul(1 << failures.saturating_sub(1).min(16));
        doubled.min(self.backoff_cap).mul_f64(jitter)
    }

    /// Backoff; a `Retry-After` wins over it, and one that is too long for waiting in silence is left to the caller (2.2).
    fn again(&self, progress: Progress, asked: Option<Duration>, jitter: f64) -> Decision {
        if progress.attempts >= self.attempts {
            return Decision::Fail;
        }
        if let Some(asked) = asked
            && asked > self.longest_wait
        {
            return Decision::TooLong(asked);
        }
        let wait = asked.unwrap_or_else(|| self.pause(progress.attempts, jitter));
        if progress.elapsed + wait + self.least() > self.total {
            return Decision::Fail;
        }
        Decision::Resend(wait)
    }

    /// A 429 is not an attempt (R3): wait what is asked, or 10 s doubling to 60 s, plus a little so that not all come at once.
    fn wait_for_limit(&self, progress: Progress, asked: Option<Duration>, jitter: f64) -> Decision {
        let blind = Duration::from_secs(10 << progress.limited.min(3)).min(Duration::from_secs(60));
        let wait = asked.unwrap_or(blind);
        let spread = wait.mul_f64(0.1).max(Duration::from_millis(250));
        let wait = wait + spread.mul_f64(jitter);
        let late = progress.elapsed + wait + self.least() > self.total;
        if late || asked.unwrap_or(blind) > self.longest_wait {
            return Decision::TooLong(asked.unwrap_or(blind));
        }
        Decision::Resend(wait)
    }
}

#[cfg(test)]
mod tests;

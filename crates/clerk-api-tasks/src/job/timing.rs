//! The times of a job, in one place (reliability.md sections 2 and 4).

use std::time::Duration;

use clerk_api::RetryPolicy;

/// How long a job waits for what.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Timing {
    /// Results wait so long for others before they are written down.
    pub flush: Duration,
    /// After this a row whose outcome is unknown is looked for once more.
    pub look_again: Duration,
    /// When the job is asked to end, responses are waited for so long.
    pub last_responses: Duration,
    /// The first pause when most requests fail; it doubles.
    pub breaker: Duration,
    /// The longest pause.
    pub breaker_most: Duration,
    /// After this time of failures the job parks.
    pub breaker_park: Duration,
    /// A rate limit that asks for more than this parks the job.
    pub longest_wait: Duration,
    /// How often and how long one request is tried.
    pub policy: RetryPolicy,
}

impl Default for Timing {
    fn default() -> Self {
        let mut policy = RetryPolicy::default();
        policy.attempts = 6;
        policy.longest_wait = Duration::from_secs(3_900);
        // The tries take 10 minutes at most; the rest is for permits of hourly limits.
        policy.total = Duration::from_secs(3_900 + 600);
        Self {
            flush: Duration::from_millis(200),
            look_again: Duration::from_secs(60),
            last_responses: Duration::from_secs(10),
            breaker: Duration::from_secs(15),
            breaker_most: Duration::from_secs(300),
            breaker_park: Duration::from_secs(3_600),
            longest_wait: Duration::from_secs(3_900),
            policy,
        }
    }
}

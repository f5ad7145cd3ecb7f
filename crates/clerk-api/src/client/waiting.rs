//! The long waits of a call, which are reported to the observer of the client.

use std::fmt;
use std::time::Duration;

/// Waits shorter than this are not reported (reliability.md 2.2).
pub(crate) const LONG: Duration = Duration::from_secs(2);

/// A wait that a person would notice.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Waiting {
    /// The operation, such as "users.update".
    pub op: &'static str,
    /// How long the wait is, or has been where a response is awaited.
    pub wait: Duration,
    /// What it is for.
    pub reason: Reason,
}

/// Why a call waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The server has not answered yet.
    Answer,
    /// The API asks for a rest (429).
    RateLimit,
    /// The client's pace gives no permit yet (see [`Pace`](crate::pace::Pace)).
    Permit,
    /// The server failed with this status, and the request is sent again after the wait.
    Status(u16),
    /// No response came, and the request is sent again after the wait.
    Network(String),
    /// It is not known whether a write was done, and the next look comes after the wait.
    Look,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.wait.as_secs_f64().ceil();
        match &self.reason {
            Reason::Answer => write!(f, "no response yet after {seconds} s; still waiting"),
            Reason::RateLimit => {
                write!(f, "the API's rate limit asks for a pause of {seconds} s")
            }
            Reason::Permit => write!(
                f,
                "requests are spread to stay within the rate limit; this one is sent in about {seconds} s"
            ),
            Reason::Status(status) => {
                write!(
                    f,
                    "the server responded with {status}; trying again in {seconds} s"
                )
            }
            Reason::Network(error) => write!(f, "{error}; trying again in {seconds} s"),
            Reason::Look => write!(
                f,
                "it is not known whether it was done; next look-up in {seconds} s"
            ),
        }
    }
}

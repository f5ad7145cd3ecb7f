//! Pacing: who decides when the next request may leave, beside the transport and the clock.

use std::time::Duration;

use http::HeaderMap;

use crate::declare::{RateClass, Verb};
use crate::transport::BoxFuture;

/// Gives a permit before each exchange and learns from each response, so that many calls, clones or processes share a limit.
///
/// Without one (the default) every request leaves at once, and the API's own 429 is what slows a client down. Retries, looks for
/// lost writes and the counting beside a walk ask for permits too. The time spent waiting for a permit belongs to the time of the
/// whole call; a call whose time is over before it gets one ends with the kind [`RateLimited`](crate::ErrorKind::RateLimited) and sends
/// nothing.
///
/// Given to [`ClientBuilder::pace`](crate::ClientBuilder::pace).
pub trait Pace: Send + Sync {
    /// Waits until this exchange may begin.
    ///
    /// The future is dropped where the call has no time left or is dropped itself, so a permit counts as taken only when it resolves.
    fn permit<'a>(&'a self, exchange: &'a Exchange<'a>) -> BoxFuture<'a, ()>;

    /// Tells about how long an exchange has to wait that asked for a permit and did not get one at once. Zero, the default, is "not known".
    ///
    /// Where it is more than the policy's [`longest_wait`](crate::RetryPolicy::longest_wait) the call ends at once, with the wait in
    /// the error; from 2 s on the client's observer is told of it.
    fn expected(&self, exchange: &Exchange<'_>) -> Duration {
        let _ = exchange;
        Duration::ZERO
    }

    /// Learns the result of an exchange that had a permit.
    ///
    /// It is not called where the call was dropped, or its time was over, before anything came.
    fn observe(&self, exchange: &Exchange<'_>, observed: &Observed<'_>);
}

/// One exchange that is about to begin.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The operation's name, such as "users.update"; `raw` for raw calls.
    pub op: &'static str,
    /// Which published rate limit it falls under.
    pub rate: RateClass,
    /// The method.
    pub verb: Verb,
    /// The path below `/v1`, without the query: for limits of an object it names the object.
    pub path: &'a str,
}

impl<'a> Exchange<'a> {
    /// Describes an exchange, for tests of a pace.
    #[must_use]
    pub const fn new(op: &'static str, rate: RateClass, verb: Verb, path: &'a str) -> Self {
        Self {
            op,
            rate,
            verb,
            path,
        }
    }
}

/// The result of an exchange.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// The HTTP status; nothing where no response came.
    pub status: Option<u16>,
    /// The wait that the response asks for (`Retry-After`): at least 1 s, at most 24 hours.
    pub retry_after: Option<Duration>,
    /// The response's headers. Clerk documents none for limits but `Retry-After`.
    pub headers: Option<&'a HeaderMap>,
    /// How long the exchange took, to the end of the body.
    pub took: Duration,
}

impl<'a> Observed<'a> {
    /// Describes a response, for tests of a pace; without a status none came.
    #[must_use]
    pub const fn new(status: Option<u16>, retry_after: Option<Duration>, took: Duration) -> Self {
        Self {
            status,
            retry_after,
            headers: None,
            took,
        }
    }
}

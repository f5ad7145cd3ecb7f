//! Spans and events for `tracing`, behind the feature of that name. No path, query, body or header is in them.

#[cfg(feature = "tracing")]
mod on {
    use std::time::Duration;

    use tracing::Instrument as _;

    use crate::response::Received;

    /// Runs a call within a span of its own.
    pub(crate) fn within<F: Future>(op: &'static str, call: F) -> impl Future<Output = F::Output> {
        call.instrument(tracing::debug_span!("clerk_api", op))
    }

    /// Records an attempt.
    pub(crate) fn attempted(number: u32, received: &Received) {
        match received {
            Ok(answer) => tracing::debug!(
                attempt = number,
                status = answer.status,
                trace_id = answer.trace_id(),
                "response"
            ),
            Err(error) => tracing::debug!(attempt = number, %error, "no response"),
        }
    }

    /// Records a wait between attempts.
    pub(crate) fn paused(wait: Duration) {
        tracing::debug!(wait_ms = u64::try_from(wait.as_millis()).ok(), "waiting");
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::time::Duration;

    use crate::response::Received;

    pub(crate) fn within<F: Future>(_: &'static str, call: F) -> F {
        call
    }

    pub(crate) const fn attempted(_: u32, _: &Received) {}

    pub(crate) const fn paused(_: Duration) {}
}

#[cfg(not(feature = "tracing"))]
pub(super) use off::{attempted, paused, within};
#[cfg(feature = "tracing")]
pub(super) use on::{attempted, paused, within};

//! Behavior of the client through its public interface, over a scripted transport and a clock that never waits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod doubt;
mod fake;
mod moving;
mod pace;
mod pages;
mod reconcile;
mod retry;
mod seal;
mod socket;
#[cfg(feature = "tracing")]
mod trace;
mod typed;
mod wire;

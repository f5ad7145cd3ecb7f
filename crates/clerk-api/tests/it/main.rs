//! Behavior of the client through its public interface, over a scripted transport and a clock that never waits.

mod fake;
mod pages;
mod reconcile;
mod retry;
mod wire;

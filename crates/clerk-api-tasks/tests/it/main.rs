//! Jobs against the real local Clerk, over real HTTP.
#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

mod faults;
mod harness;
mod import;
mod runs;
mod teams;
mod undo;

//! The server over a stream of raw JSON lines, against the real local Clerk.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a failing helper fails its test; calls read better with the JSON in place"
)]

mod agent;
mod approvals;
mod budgets;
mod harness;
mod hostile;
mod jobs;
mod limits;
mod listed;
mod protocol;
mod reads;
mod skills;
mod tasks;
mod workflows;
mod writes;

//! The server over a stream of raw JSON lines, against the real local Clerk.

#![cfg(unix)]

mod approvals;
mod budgets;
mod harness;
mod hostile;
mod jobs;
mod listed;
mod protocol;
mod reads;
mod workflows;
mod writes;

//! Jobs against the real local Clerk, over real HTTP; audits of small exports.
#![expect(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::disallowed_methods,
    reason = "a failing helper fails its test, and names its file on the way"
)]

mod audit;
mod export;
mod faults;
mod harness;
mod import;
mod restore;
mod runs;
mod teams;
mod undo;

//! Jobs against the real local Clerk, over real HTTP.

mod faults;
mod harness;
mod import;
mod runs;
mod undo;

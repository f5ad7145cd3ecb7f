//! Work on many objects: the rows of a file, jobs that survive, the rate governor.
//!
//! Nothing here prints or asks: a face starts a job and follows its events.

#![warn(missing_docs)]

pub mod audit;
pub mod export;
mod fresh;
pub mod governor;
pub mod import;
pub mod job;
pub mod ledger;
mod private;
pub mod rows;
mod sqlite;
pub mod sweep;
pub mod teams;
pub mod undo;

//! Client for Clerk's Backend API: typed, retrying, tolerant of answers it does not know.

#![warn(missing_docs)]

#[macro_use]
pub mod endpoint;
pub mod args;
pub mod field;
pub mod id;
pub mod model;
pub mod ops;
pub mod page;
pub mod reconcile;
pub mod time;

//! What was read of an instance, written in the forms that other programs read.

pub mod address;
mod format;
pub mod instant;
pub mod record;
pub mod sqlite;
pub mod table;
mod target;

pub use format::Format;
pub use target::{Target, Written};

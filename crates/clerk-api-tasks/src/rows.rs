//! The rows of a file, and what they become: arguments of calls (reliability.md 8.5).
//!
//! [`Input`] reads a file of CSV, TSV, NDJSON or a JSON array row by row.

mod cells;
mod cutter;
mod format;
mod input;
mod json;
mod row;
mod source;
mod window;

pub use format::Format;
pub use input::{Input, Rows};
pub use row::{BadRow, Cell, Position, Row};

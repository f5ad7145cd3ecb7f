//! The rows of a file, and what they become: arguments of calls (reliability.md 8.5).
//!
//! [`Input`] reads a file of CSV, TSV, NDJSON or a JSON array row by row. [`Template`] says what each row becomes: a column that
//! is named like a flag sets it, `{{column}}` stands in any text, and a condition picks rows. [`Rejects`] and [`Results`] are the
//! files that are left afterwards.

mod aim;
mod cells;
mod columns;
mod condition;
mod cutter;
mod expression;
mod format;
mod header;
mod input;
mod json;
mod key;
mod members;
mod nearest;
mod plan;
mod reader;
mod rejects;
mod results;
mod row;
mod source;
mod template;
mod text;
mod window;

pub(crate) use aim::find as aim;
pub(crate) use columns::Columns;

pub use condition::Condition;
pub use format::Format;
pub use input::{Input, Rows};
pub use key::natural_key;
pub(crate) use members::Members;
pub use rejects::Rejects;
pub use results::{Fate, Results};
pub use row::{BadRow, Cell, Position, Row};
pub use template::{Asked, Template};
pub(crate) use text::shown;

#[cfg(test)]
mod tests;

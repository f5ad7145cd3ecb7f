//! What goes to standard output, in every format: JSON, NDJSON, tables, CSV, YAML, ids, and jq filters over them.

mod cell;
pub mod csv;
mod document;
pub mod fields;
mod filter;
mod hidden;
mod ids;
mod jq;
pub mod json;
mod options;
mod renderer;
mod report;
mod results;
pub mod rows;
mod sink;
mod table;
#[cfg(test)]
mod tests;
pub mod token;
pub mod worker;
mod yaml;

pub use options::{Format, OutputError, OutputOptions, RenderError};
pub use renderer::{Keep, Renderer};
pub use report::Report;

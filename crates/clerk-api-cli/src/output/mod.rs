//! What goes to standard output, in every format: JSON, NDJSON, tables, CSV, YAML, ids, and jq filters over them.

mod cell;
pub mod csv;
pub mod fields;
mod ids;
mod jq;
pub mod json;
mod options;
mod renderer;
pub mod rows;
mod table;
#[cfg(test)]
mod tests;
pub mod token;
mod yaml;

pub use options::{Format, OutputError, OutputOptions, RenderError};
pub use renderer::Renderer;

//! What was read of an instance, written in the forms that other programs read.

pub mod address;
pub mod cloud;
mod csv;
mod exporter;
mod format;
pub mod instant;
mod mark;
mod meta;
mod objects;
mod options;
mod parquet;
mod partial;
mod record;
mod reference;
mod secret;
pub mod sqlite;
pub mod table;
mod target;

pub use exporter::Export;
pub use format::Format;
pub use mark::Mark;
pub use meta::{FORMAT_VERSION, Facts};
pub use options::Options;
pub use partial::{Origin, Partial};
pub use record::{Reader, Refusal, tables};
pub use reference::reference;
pub use target::{Target, Written};

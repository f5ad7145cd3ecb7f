//! What was read of an instance, written in the forms that other programs read.

pub mod address;
mod csv;
mod exporter;
mod format;
pub mod instant;
mod meta;
mod objects;
mod parquet;
mod record;
mod reference;
mod secret;
pub mod sqlite;
pub mod table;
mod target;

pub use exporter::{Export, Options};
pub use format::Format;
pub use meta::{FORMAT_VERSION, Facts, Mark};
pub use record::{Reader, Refusal, tables};
pub use reference::reference;
pub use target::{Target, Written};

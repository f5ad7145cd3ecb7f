//! The audit: rules, each a file of SQL with a head, over the database that an export writes.
//!
//! `head` reads a rule, `check` runs it, `report` says what was found in the form that was asked for. Nothing here is sent or
//! changed: `database` opens an export for reading only, also for statements of others.

mod cell;
mod check;
mod config;
pub mod database;
pub mod diff;
pub mod disposable;
mod finding;
mod head;
mod placeholder;
pub mod report;
mod rule;
pub mod rules;
mod sentence;
mod severity;
mod shelf;
mod source;
pub mod tree;

pub use cell::{Cell, Cells};
pub use check::{Options, Organization, check, fingerprints};
pub use config::{Config, Suppression};
pub use finding::{Finding, Fingerprint};
pub use report::{Report, RuleReport};
pub use rule::{Moment, Number, Numbers, Rule, iso};
pub use sentence::Sentence;
pub use severity::Severity;
pub use shelf::Shelf;
pub use source::Source;

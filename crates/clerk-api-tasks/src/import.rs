//! Imports with a policy: rows of an export, from Clerk itself or from another system, become users, organizations and memberships.
//!
//! A source (`source/`) says what each row of its export means. What is there already is looked up by a key, and [`Exists`] says what
//! is done with it. All three are works of a [job](crate::job).

mod change;
mod date;
mod digest;
mod existing;
mod firebase_hash;
mod note;
mod passwords;
mod person;
mod phone;
mod policy;
mod record;
mod source;
mod tables;
mod users;

pub use note::Survey;
pub use policy::{Exists, Key};
pub use source::Source;
pub use tables::{Table, TableImport};
pub use users::{UserImport, UserOptions};

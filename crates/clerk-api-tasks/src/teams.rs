//! The people of organizations as they shall be: people who are missing are added or invited, those with another role get the wanted one,
//! and, for [`sync`], those who are not wanted are removed.
//!
//! What is wanted becomes a [`Sheet`], which lives with the job: one [`Entry`] for each person and each removal. [`TeamWork`] is the job over
//! it. What is so already is never sent, so the same file can be run again and again.

mod document;
mod file;
mod look;
mod onboard;
mod organization;
mod sheet;
mod sync;
mod team;
mod wanted;
mod work;

pub use document::report;
pub use file::{team_file, team_rows};
pub use onboard::{Changes, Onboarding};
pub use organization::Organization;
pub use sheet::{Entry, Sheet};
pub use sync::{Sync, sync};
pub use team::Made;
pub use wanted::{Team, Wanted, names_organizations, wanted_rows};
pub use work::TeamWork;

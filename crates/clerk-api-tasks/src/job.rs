//! Jobs: work on many objects that survives the end of its process (reliability.md section 4).
//!
//! A [`Work`] says what each row of an input asks for. A [`Job`] writes the rows into a journal, sends what they ask for and writes down
//! what became of each, in an order that lets a later process go on wherever this one ended.

pub(crate) mod backup;
pub(crate) mod current;
mod decide;
mod document;
mod engine;
mod event;
mod fate;
mod instance;
mod journal;
mod keys;
mod place;
mod plan;
mod record;
mod room;
mod rows;
mod settle;
mod state;
mod store;
mod task;
mod timing;
mod work;

pub(crate) use current::{AT_ONCE, Shown, ask, walk};
pub use decide::Decider;
pub(crate) use decide::{Meaning, Name, folded, look_up};
pub(crate) use decide::{refused, settled};
pub use document::document;
pub use engine::{Control, End, Engine};
pub use event::{Event, Watch};
pub use instance::Instance;
pub use journal::{Entry, Meta, Phase, Report};
pub use place::{Lock, NewPlace, Place};
pub use plan::{NotBack, Plan, PlanRow};
pub use record::{Done, before};
pub use rows::{COMMAND_LINE, Form, RowsOptions};
pub use state::{Counts, Outcome, State};
pub use store::Job;
pub use task::{Decision, Scanned, Step, Task};
pub use timing::Timing;
pub(crate) use work::scan;
pub use work::{Deciding, RowsWork, Work};

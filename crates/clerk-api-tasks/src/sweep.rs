//! Reads a whole instance: each kind of object by its instance-wide list, 500 rows a request, the kinds side by side, in constant
//! memory (reliability.md 4.12 and 4.13).

mod kind;
mod report;
mod walk;

pub use kind::Kind;
pub use report::{Count, Sweep};
pub use walk::{Begin, Event, Order, Sink, sweep, sweep_from};

//! What a job tells while it runs. A face shows it; nothing depends on that.

use std::time::Duration;

use super::journal::Report;
use super::state::{Counts, State};

/// Something that happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A row got a state.
    Row {
        /// The number of the row.
        number: u64,
        /// Its state.
        state: State,
        /// What is known of it.
        report: &'e Report,
    },
    /// How many rows are in each state now; at most five times a second.
    Progress(Counts),
    /// The job waits.
    Waiting {
        /// What for.
        reason: &'e str,
        /// For how long.
        wait: Duration,
    },
}

/// Receives the events.
pub trait Watch {
    /// Receives an event.
    fn tell(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>)> Watch for F {
    fn tell(&self, event: &Event<'_>) {
        self(event);
    }
}

//! The latest requests to the API, for whoever looks at the server. No keys and no bodies are kept.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::Serialize;
use tokio::sync::watch;

/// Requests that are kept.
const KEPT: usize = 1_000;

/// Reads a clock that only measures.
#[expect(
    clippy::disallowed_methods,
    reason = "durations of the log are real, whatever the instance's clock says"
)]
pub(crate) fn ticks() -> Instant {
    Instant::now()
}

/// One request and what became of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Its number since the start, from 1.
    pub(crate) id: u64,
    /// When it was answered, in Unix milliseconds of the instance's clock.
    pub(crate) at: i64,
    pub(crate) method: String,
    /// The path with the query.
    pub(crate) path: String,
    /// The answer's status; 0 where the connection was cut instead of an answer.
    pub(crate) status: u16,
    pub(crate) duration_us: u64,
    /// Bytes of the answer's body.
    pub(crate) bytes: u64,
    pub(crate) trace_id: String,
    /// The limit that refused it.
    pub(crate) limit: Option<&'static str>,
    /// The id of the fault that it met.
    pub(crate) fault: Option<u64>,
}

/// The log.
#[derive(Debug)]
pub(crate) struct RequestLog {
    entries: Mutex<VecDeque<Entry>>,
    /// The number of the newest entry; `None` once the server ends.
    newest: watch::Sender<Option<u64>>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            newest: watch::Sender::new(Some(0)),
        }
    }
}

impl RequestLog {
    /// Adds a request; its number is given here.
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let id = entries.back().map_or(0, |last| last.id) + 1;
        entry.id = id;
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
        // Nobody is woken once it has been closed.
        self.newest.send_if_modified(|newest| {
            let open = newest.is_some();
            if open {
                *newest = Some(id);
            }
            open
        });
    }

    /// The requests after one, the oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let skip = entries.partition_point(|entry| entry.id <= id);
        entries.iter().skip(skip).cloned().collect()
    }

    /// Tells of new entries, and by `None` of the end.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<u64>> {
        self.newest.subscribe()
    }

    /// Ends all streams.
    pub(crate) fn close(&self) {
        self.newest.send_replace(None);
    }
}

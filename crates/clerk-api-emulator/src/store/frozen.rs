//! A state of the database that stays while the database goes on: what stale reads see.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use super::settings::{Memory, Settings};
use super::{Anchors, Snapshot};
use crate::error::{self, ApiError};

tokio::task_local! {
    /// What the reads of this task see.
    static SEEN: Arc<Frozen>;
}

/// The state.
pub(crate) struct Frozen {
    db: Mutex<Connection>,
    anchors: Arc<Anchors>,
    initial: Arc<Settings>,
}

impl fmt::Debug for Frozen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frozen").finish_non_exhaustive()
    }
}

impl Frozen {
    /// Takes a connection of its own; in a file, its transaction must see nothing that comes later.
    pub(super) fn new(db: Connection, initial: Arc<Settings>) -> rusqlite::Result<Self> {
        db.execute_batch("BEGIN")?;
        // A transaction begins to see at its first look.
        db.query_row("SELECT count(*) FROM counters", [], |_| Ok(()))?;
        Ok(Self {
            db: Mutex::new(db),
            anchors: Arc::default(),
            initial,
        })
    }

    /// Runs a task whose reads see this state.
    pub(crate) async fn seen_by<T>(self: Arc<Self>, task: impl Future<Output = T>) -> T {
        SEEN.scope(self, task).await
    }

    /// What this task's reads see instead of the database.
    pub(super) fn current() -> Option<Arc<Self>> {
        SEEN.try_with(Arc::clone).ok()
    }

    pub(super) async fn run<T, F>(self: Arc<Self>, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Snapshot<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        let task = tokio::task::spawn_blocking(move || {
            let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
            work(&Snapshot::new(
                &db,
                &self.anchors,
                &Memory::new(Arc::clone(&self.initial)),
            ))
        });
        task.await
            .unwrap_or_else(|_| Err(error::internal("Reading the database failed badly.")))
    }
}

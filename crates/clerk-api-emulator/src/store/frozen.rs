//! A state of the database that stays while the database goes on: what stale reads see.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::blocking;

use super::memory::{Memory, Opaque};
use super::{Anchors, Reading, Snapshot, StoreError};

/// The state.
pub(crate) struct Frozen {
    db: Mutex<Connection>,
    anchors: Arc<Anchors>,
    initial: Opaque,
}

impl fmt::Debug for Frozen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frozen").finish_non_exhaustive()
    }
}

impl Frozen {
    /// Takes a connection of its own; in a file, its transaction must see nothing that comes later.
    pub(super) fn new(db: Connection, initial: Opaque) -> rusqlite::Result<Self> {
        db.execute_batch("BEGIN")?;
        // A transaction begins to see at its first look.
        db.query_row("SELECT count(*) FROM counters", [], |_| Ok(()))?;
        Ok(Self {
            db: Mutex::new(db),
            anchors: Arc::default(),
            initial,
        })
    }

    /// Runs a reading closure that sees this state.
    pub(crate) async fn read<T, E>(self: Arc<Self>, work: Reading<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let reading = blocking::run(move || {
            let db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
            work(&Snapshot::new(
                &db,
                &self.anchors,
                &Memory::new(Arc::clone(&self.initial)),
            ))
        });
        reading
            .await
            .unwrap_or_else(|| Err(StoreError::Broken("Reading the database failed badly.").into()))
    }
}

//! What one connection remembers of the content, for as long as nobody else has written.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rusqlite::Connection;

use super::StoreError;

/// A value whose type the engine does not know.
pub(crate) type Opaque = Arc<dyn Any + Send + Sync>;

/// What one connection remembers, and of which state of the database.
#[derive(Debug)]
pub(crate) struct Memory {
    initial: Opaque,
    known: RefCell<Option<(i64, Opaque)>>,
    /// Whether the transaction at hand has changed what is remembered.
    changed: Cell<bool>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::new(Arc::new(()))
    }
}

impl Memory {
    pub(super) fn new(initial: Opaque) -> Self {
        Self {
            initial,
            known: RefCell::default(),
            changed: Cell::default(),
        }
    }

    /// Returns what the store was opened with, if it is of this type.
    pub(crate) fn initial<T: Any>(&self) -> Option<&T> {
        self.initial.downcast_ref()
    }

    /// Returns what is remembered, which is read where it is not known or may have changed.
    pub(crate) fn get<T: Any + Send + Sync, E: From<StoreError>>(
        &self,
        db: &Connection,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let version = version(db)?;
        let mut known = self.known.borrow_mut();
        if let Some((of, value)) = &*known
            && *of == version
            && let Ok(value) = Arc::clone(value).downcast()
        {
            return Ok(value);
        }
        let value = Arc::new(read()?);
        *known = Some((version, Arc::clone(&value) as Opaque));
        Ok(value)
    }

    /// Must be called before the transaction at hand changes what is remembered.
    pub(crate) fn changes(&self) {
        self.changed.set(true);
        self.known.take();
    }

    /// Must be called when all that the connection sees may have been replaced.
    pub(super) fn forget(&self) {
        self.known.take();
    }

    /// Must be called when what was written is settled: what a transaction that failed has changed is forgotten.
    pub(super) fn settle(&self, kept: bool) {
        if self.changed.get() && !kept {
            self.known.take();
        }
        if kept {
            self.changed.set(false);
        }
    }
}

/// A number that changes when another connection has committed, and only then.
fn version(db: &Connection) -> Result<i64, StoreError> {
    let version = db
        .prepare_cached("PRAGMA data_version")?
        .query_row([], |row| row.get(0))?;
    Ok(version)
}

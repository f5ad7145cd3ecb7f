//! Code that follows writes: it is asked within the transaction whether changes matter, and woken after the commit.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;

use rusqlite::Connection;

use super::memory::Opaque;
use super::{StoreError, Tx};

/// Follows the changes of the writing thread.
pub(crate) trait Listener: Any + fmt::Debug + Send + Sync {
    /// Returns whether changes matter to anybody. Another process may change that, so it is asked in each transaction.
    fn is_needed(&self, db: &Connection) -> Result<bool, StoreError>;

    /// Is called after a commit that left it something to do.
    fn wake(&self);
}

/// What a transaction knows of its listener.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Whether changes matter, once that has been asked.
    needed: Cell<Option<bool>>,
    /// Whether there is something to do after the commit.
    wake: Cell<bool>,
    /// Whose work it is that is done at the moment.
    cause: RefCell<Option<Opaque>>,
}

impl Heard {
    pub(super) fn wakes(&self) -> bool {
        self.wake.get()
    }
}

impl Tx<'_> {
    /// Notes on whose behalf the following is written.
    pub(crate) fn caused_by(&self, cause: Option<Opaque>) {
        self.heard.cause.replace(cause);
    }

    /// Returns on whose behalf this is written, if it is known and of this type.
    pub(crate) fn cause<T: Any + Send + Sync>(&self) -> Option<std::sync::Arc<T>> {
        self.heard.cause.borrow().clone()?.downcast().ok()
    }

    /// Returns the listener if it is of this type and changes matter to it.
    pub(crate) fn needed_listener<L: Listener>(&self) -> Result<Option<&L>, StoreError> {
        let Some(listener) = self.listener else {
            return Ok(None);
        };
        let needed = match self.heard.needed.get() {
            Some(known) => known,
            None => {
                let needed = listener.is_needed(self.db())?;
                self.heard.needed.set(Some(needed));
                needed
            }
        };
        let listener: &dyn Any = listener;
        Ok(listener.downcast_ref().filter(|_| needed))
    }

    /// Must be called when it changes whether the listener is needed.
    pub(crate) fn listener_changes(&self) {
        self.heard.needed.set(None);
    }

    /// Wakes the listener after the commit.
    pub(crate) fn wakes_listener(&self) {
        self.heard.wake.set(true);
    }
}

//! What belongs to a state beside the content of its database.

use serde::{Deserialize, Serialize};

use crate::id::{self, Ids};
use crate::lab::clock::Clock;
use crate::store::Store;

/// What a running instance is saved from and restored into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running<'a> {
    pub(crate) store: &'a Store,
    pub(crate) clock: &'a Clock,
    pub(crate) ids: &'a Ids,
}

/// Where a clock that steps and ids that have a seed were; with these a run continues unchanged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Moment {
    now: Option<i64>,
    ids: Option<id::State>,
}

impl Moment {
    pub(super) fn of(running: Running<'_>) -> Self {
        Self {
            now: running.clock.mark(),
            ids: running.ids.mark(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.now.is_none() && self.ids.is_none()
    }

    pub(super) fn return_to(self, running: Running<'_>) {
        if let Some(now) = self.now {
            running.clock.rewind(now);
        }
        if let Some(ids) = self.ids {
            running.ids.rewind(ids);
        }
    }
}

//! The requests of this process that want a permit, and what they wait for.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::table::Bucket;

/// Who waits; each by a number of its own.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Places>);

#[derive(Debug, Default)]
struct Places {
    last: u64,
    waiting: BTreeMap<u64, Option<(Bucket, i64)>>,
}

/// A request in the queue; it leaves when this is dropped.
pub(super) struct Place<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Queue {
    pub(super) fn enter(&self) -> Place<'_> {
        let mut places = self.places();
        places.last += 1;
        let number = places.last;
        places.waiting.insert(number, None);
        drop(places);
        Place {
            queue: self,
            number,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places().waiting.len()
    }

    /// The bucket that is waited for longest, and until when.
    pub(super) fn longest(&self) -> Option<(Bucket, i64)> {
        let places = self.places();
        let waiting = places.waiting.values().flatten();
        waiting.copied().max_by_key(|(_, until)| *until)
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place<'_> {
    /// Waits for this bucket until then.
    pub(super) fn waits_for(&self, bucket: Bucket, until: i64) {
        let mut places = self.queue.places();
        places.waiting.insert(self.number, Some((bucket, until)));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.places().waiting.remove(&self.number);
    }
}

//! States of an instance in memory, which vanish with it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::moment::Moment;
use super::{Snapshot, SnapshotError};
use crate::store::Store;

#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<BTreeMap<String, Held>>);

#[derive(Debug)]
struct Held {
    snapshot: Snapshot,
    moment: Moment,
    content: Arc<Mutex<Connection>>,
}

impl Shelf {
    pub(super) fn save(
        &self,
        store: &Store,
        name: &str,
        replace: bool,
        moment: Moment,
        now: i64,
    ) -> Result<Snapshot, SnapshotError> {
        if !replace && self.held().contains_key(name) {
            return Err(SnapshotError::Taken(name.to_owned()));
        }
        let content = store.copy_out()?;
        let size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        let snapshot = Snapshot {
            name: name.to_owned(),
            created_at: now,
            bytes: content.query_row(size, [], |row| row.get(0))?,
        };
        let held = Held {
            snapshot: snapshot.clone(),
            moment,
            content: Arc::new(Mutex::new(content)),
        };
        self.held().insert(name.to_owned(), held);
        Ok(snapshot)
    }

    pub(super) fn restore(&self, store: &Store, name: &str) -> Result<Moment, SnapshotError> {
        let absent = || SnapshotError::Absent(name.to_owned());
        let (content, moment) = {
            let all = self.held();
            let held = all.get(name).ok_or_else(absent)?;
            (Arc::clone(&held.content), held.moment.clone())
        };
        store.copy_in(content)?;
        Ok(moment)
    }

    pub(super) fn list(&self) -> Vec<Snapshot> {
        let all = self.held();
        all.values().map(|held| held.snapshot.clone()).collect()
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), SnapshotError> {
        let removed = self.held().remove(name);
        removed
            .map(drop)
            .ok_or_else(|| SnapshotError::Absent(name.to_owned()))
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

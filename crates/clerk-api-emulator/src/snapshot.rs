//! Named states of an instance, to return to: files beside its database, or in memory with it.

mod error;
mod folder;
mod memory;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock::Clock;
use crate::id::{self, Ids};
use crate::resource;
use crate::store::{self, Database};

pub use error::SnapshotError;
use folder::Folder;
use memory::Shelf;

/// A state that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// When it was kept, in Unix milliseconds.
    pub created_at: i64,
    /// How large it is.
    pub bytes: u64,
}

/// The states that were kept of the instance in a file. A server that has the file open sees what is restored at once.
#[derive(Clone, Debug)]
pub struct Snapshots {
    folder: Folder,
}

impl Snapshots {
    /// Those of the instance in this database, which need not exist.
    #[must_use]
    pub fn of(database: &Path) -> Self {
        Self {
            folder: Folder::of(database),
        }
    }

    /// Keeps the present state under a name, and with `replace` forgets what had that name.
    ///
    /// # Errors
    ///
    /// When the name cannot be one or is taken, when there is no database, or when a file cannot be written.
    pub fn save(&self, name: &str, replace: bool) -> Result<Snapshot, SnapshotError> {
        check(name)?;
        self.folder.save(name, replace, &Moment::default())
    }

    /// Returns to the state of this name.
    ///
    /// # Errors
    ///
    /// When there is no such state, or when it cannot be read or the database not be written.
    pub fn restore(&self, name: &str) -> Result<(), SnapshotError> {
        check(name)?;
        let (ids, now) = (Ids::new(None), Clock::system().now());
        let path = self.folder.find(name)?;
        store::load(&path, &self.folder.database, resource::content(), &ids, now)?;
        Ok(())
    }

    /// Lists them by name.
    ///
    /// # Errors
    ///
    /// When their folder cannot be read.
    pub fn list(&self) -> Result<Vec<Snapshot>, SnapshotError> {
        self.folder.list()
    }

    /// Forgets one.
    ///
    /// # Errors
    ///
    /// When there is no such state, or when it cannot be removed.
    pub fn delete(&self, name: &str) -> Result<(), SnapshotError> {
        check(name)?;
        self.folder.delete(name)
    }
}

/// Where the running instance keeps its own.
#[derive(Debug)]
pub(crate) enum Kept {
    InFolder(Folder),
    InMemory(Shelf),
}

impl Kept {
    pub(crate) fn of(database: &Database) -> Self {
        match database {
            Database::File(path) => Self::InFolder(Folder::of(path)),
            Database::Memory => Self::InMemory(Shelf::default()),
        }
    }
}

/// Where a clock that steps and ids that have a seed were; with these a run goes on as it did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Moment {
    now: Option<i64>,
    ids: Option<id::State>,
}

impl Moment {
    fn of(app: &App) -> Self {
        Self {
            now: app.clock.mark(),
            ids: app.ids.mark(),
        }
    }

    fn is_empty(&self) -> bool {
        self.now.is_none() && self.ids.is_none()
    }

    fn return_to(self, app: &App) {
        if let Some(now) = self.now {
            app.clock.rewind(now);
        }
        if let Some(ids) = self.ids {
            app.ids.rewind(ids);
        }
    }
}

/// The same for a running instance, with its clock and its ids. All of it blocks.
impl App {
    pub(crate) fn save(&self, name: &str, replace: bool) -> Result<Snapshot, SnapshotError> {
        check(name)?;
        let moment = Moment::of(self);
        match &self.snapshots {
            Kept::InFolder(folder) => folder.save(name, replace, &moment),
            Kept::InMemory(shelf) => {
                shelf.save(self.store.store(), name, replace, moment, self.clock.peek())
            }
        }
    }

    pub(crate) fn restore(&self, name: &str) -> Result<(), SnapshotError> {
        check(name)?;
        let moment = match &self.snapshots {
            Kept::InFolder(folder) => {
                let path = folder.find(name)?;
                self.store
                    .store()
                    .load(&path, &self.ids, self.clock.peek())?;
                folder.moment(name)
            }
            Kept::InMemory(shelf) => shelf.restore(self.store.store(), name)?,
        };
        moment.return_to(self);
        Ok(())
    }

    pub(crate) fn list_snapshots(&self) -> Result<Vec<Snapshot>, SnapshotError> {
        match &self.snapshots {
            Kept::InFolder(folder) => folder.list(),
            Kept::InMemory(shelf) => Ok(shelf.list()),
        }
    }

    pub(crate) fn delete_snapshot(&self, name: &str) -> Result<(), SnapshotError> {
        check(name)?;
        match &self.snapshots {
            Kept::InFolder(folder) => folder.delete(name),
            Kept::InMemory(shelf) => shelf.delete(name),
        }
    }
}

/// A name becomes a file's.
fn check(name: &str) -> Result<(), SnapshotError> {
    let good = (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if good {
        Ok(())
    } else {
        Err(SnapshotError::Name(name.chars().take(80).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_lead_anywhere_else() {
        for good in ["a", "with-teams_2", &"x".repeat(64)] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a.db", "ä", " a", &"x".repeat(65)] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}

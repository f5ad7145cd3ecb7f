//! The states of a running instance, with its clock and its ids.

use super::folder::Folder;
use super::memory::Shelf;
use super::moment::{Moment, Running};
use super::{Snapshot, SnapshotError, check};
use crate::store::Database;

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

/// All of it blocks.
impl Kept {
    pub(crate) fn save(
        &self,
        running: Running<'_>,
        name: &str,
        replace: bool,
    ) -> Result<Snapshot, SnapshotError> {
        check(name)?;
        let moment = Moment::of(running);
        match self {
            Self::InFolder(folder) => folder.save(name, replace, &moment),
            Self::InMemory(shelf) => {
                shelf.save(running.store, name, replace, moment, running.clock.peek())
            }
        }
    }

    pub(crate) fn restore(&self, running: Running<'_>, name: &str) -> Result<(), SnapshotError> {
        check(name)?;
        let moment = match self {
            Self::InFolder(folder) => {
                let path = folder.find(name)?;
                running
                    .store
                    .load(&path, running.ids, running.clock.peek())?;
                folder.moment(name)
            }
            Self::InMemory(shelf) => shelf.restore(running.store, name)?,
        };
        moment.return_to(running);
        Ok(())
    }

    pub(crate) fn list(&self) -> Result<Vec<Snapshot>, SnapshotError> {
        match self {
            Self::InFolder(folder) => folder.list(),
            Self::InMemory(shelf) => Ok(shelf.list()),
        }
    }

    pub(crate) fn delete(&self, name: &str) -> Result<(), SnapshotError> {
        check(name)?;
        match self {
            Self::InFolder(folder) => folder.delete(name),
            Self::InMemory(shelf) => shelf.delete(name),
        }
    }
}

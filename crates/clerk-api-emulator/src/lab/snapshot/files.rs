//! The states of an instance in a file, whether a server has it open or not.

use std::path::Path;

use super::folder::Folder;
use super::moment::Moment;
use super::{Snapshot, SnapshotError, check};
use crate::id::Ids;
use crate::lab::clock::Clock;
use crate::{resource, store};

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

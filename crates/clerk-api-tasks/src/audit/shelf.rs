//! Where exports of an instance are kept on this machine: the latest one, and dated copies as a history.

use std::io;
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

use super::rule::iso;
use crate::fresh::Fresh;
use crate::private;

const ENDING: &str = "sqlite";

/// The folder of one instance.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// Makes the folder of an instance where it is missing.
    ///
    /// # Errors
    /// It cannot be made, or belongs to somebody else.
    pub fn of(state: &Path, instance: &str) -> Outcome<Self> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if instance.is_empty() || !instance.chars().all(is_part) {
            return Err(Problem::refused(format!(
                "{instance:?} is no id of an instance"
            )));
        }
        let audit = state.join("audit");
        let folder = audit.join(instance);
        for folder in [audit.as_path(), &folder, &folder.join("snapshots")] {
            private::folder(folder).map_err(|error| failed(folder, &error))?;
        }
        Ok(Self { folder })
    }

    /// The latest export, which the next one replaces.
    #[must_use]
    pub fn latest(&self) -> PathBuf {
        self.folder.join("latest").with_extension(ENDING)
    }

    fn snapshot(&self, at: i64) -> PathBuf {
        // No colons, which not every file system takes; the order by name is that of time.
        let name = iso(at).unwrap_or_default().replace(':', "-");
        self.folder.join("snapshots").join(name + "." + ENDING)
    }

    /// Keeps a dated copy of the latest export, read at this moment, and gives its path.
    ///
    /// # Errors
    /// The copy cannot be written, or there is one.
    pub fn keep(&self, at: i64) -> Outcome<PathBuf> {
        let (latest, path) = (self.latest(), self.snapshot(at));
        let mut copy = Fresh::create(&path, false)?;
        fs::File::open(&latest)
            .and_then(|mut latest| io::copy(&mut latest, &mut copy))
            .map_err(|error| failed(&path, &error))?;
        copy.finish()?;
        Ok(path)
    }

    /// The dated copies, the oldest first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn snapshots(&self) -> Outcome<Vec<PathBuf>> {
        let folder = self.folder.join("snapshots");
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, &error))? {
            let path = entry.map_err(|error| failed(&folder, &error))?.path();
            if path.extension().is_some_and(|ending| ending == ENDING) {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    }

    /// Deletes the dated copies that are older than a moment, and gives their paths.
    ///
    /// # Errors
    /// One cannot be deleted.
    pub fn forget(&self, before: i64) -> Outcome<Vec<PathBuf>> {
        let limit = self.snapshot(before);
        let mut gone = self.snapshots()?;
        gone.retain(|path| *path < limit);
        for path in &gone {
            fs::remove_file(path).map_err(|error| failed(path, &error))?;
        }
        Ok(gone)
    }
}

fn failed(path: &Path, error: &io::Error) -> Box<Problem> {
    Problem::io(format!("cannot use {}", path.display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_that_are_older_go() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(folder.path(), "ins_1").unwrap();
        for at in [1_000, 2_000, 3_000] {
            fs::write(shelf.snapshot(at), "").unwrap();
        }
        assert!(
            shelf
                .snapshot(1_000)
                .ends_with("1970-01-01T00-00-01.000Z.sqlite")
        );
        assert_eq!(shelf.forget(2_000).unwrap(), [shelf.snapshot(1_000)]);
        assert_eq!(
            shelf.snapshots().unwrap(),
            [shelf.snapshot(2_000), shelf.snapshot(3_000)]
        );
        assert!(Shelf::of(folder.path(), "../x").is_err());
    }

    #[test]
    fn a_copy_is_whole_or_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::of(folder.path(), "ins_1").unwrap();
        assert!(shelf.keep(1_000).is_err(), "there is nothing to copy");
        assert!(shelf.snapshots().unwrap().is_empty());
        fs::write(shelf.latest(), "rows").unwrap();
        let kept = shelf.keep(1_000).unwrap();
        assert_eq!(fs::read_to_string(&kept).unwrap(), "rows");
        assert_eq!(shelf.snapshots().unwrap(), [kept]);
        assert!(shelf.keep(1_000).is_err(), "it is there already");
    }
}

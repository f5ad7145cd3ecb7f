//! States in files: one database each, in a folder beside that of the instance.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use fs_err as fs;

use super::moment::Moment;
use super::{Snapshot, SnapshotError};
use crate::store::{self, Part, own_file};

#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(super) database: PathBuf,
    path: PathBuf,
}

impl Folder {
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push(".snapshots");
        Self {
            database: database.to_owned(),
            path: path.into(),
        }
    }

    pub(super) fn save(
        &self,
        name: &str,
        replace: bool,
        moment: &Moment,
    ) -> Result<Snapshot, SnapshotError> {
        let path = self.file(name, "db");
        if !replace && path.exists() {
            return Err(SnapshotError::Taken(name.to_owned()));
        }
        if !self.database.exists() {
            return Err(SnapshotError::NoInstance(self.database.clone()));
        }
        let part = store::save(&self.database, &path)?;
        self.keep_moment(name, moment)?;
        part.name(&path)?;
        describe(name, &path)
    }

    /// The file of a state that there is.
    pub(super) fn find(&self, name: &str) -> Result<PathBuf, SnapshotError> {
        let path = self.file(name, "db");
        if path.exists() {
            own_file::check(&path)?;
            Ok(path)
        } else {
            Err(SnapshotError::Absent(name.to_owned()))
        }
    }

    /// Where clock and ids were. Who cannot tell restores the content alone.
    pub(super) fn moment(&self, name: &str) -> Moment {
        fs::read(self.file(name, "json"))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default()
    }

    fn keep_moment(&self, name: &str, moment: &Moment) -> Result<(), SnapshotError> {
        let path = self.file(name, "json");
        if moment.is_empty() {
            return gone(fs::remove_file(path));
        }
        let text = serde_json::to_string(moment).map_err(std::io::Error::from)?;
        Ok(Part::of_text(&text, &path)?.name(&path)?)
    }

    pub(super) fn list(&self) -> Result<Vec<Snapshot>, SnapshotError> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut found = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let is_copy = path.extension().is_some_and(|ending| ending == "db");
            if let Some(name) = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .filter(|_| is_copy)
            {
                found.push(describe(name, &path)?);
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), SnapshotError> {
        let path = self.find(name)?;
        fs::remove_file(path)?;
        gone(fs::remove_file(self.file(name, "json")))
    }

    fn file(&self, name: &str, ending: &str) -> PathBuf {
        self.path.join(format!("{name}.{ending}"))
    }
}

fn describe(name: &str, path: &Path) -> Result<Snapshot, SnapshotError> {
    let facts = fs::metadata(path)?;
    let since = facts.modified()?.duration_since(UNIX_EPOCH);
    Ok(Snapshot {
        name: name.to_owned(),
        created_at: i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX),
        bytes: facts.len(),
    })
}

/// A file that need not have been there.
fn gone(removed: std::io::Result<()>) -> Result<(), SnapshotError> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

//! Why a state could not be kept or restored.

use crate::start_error::StartError;

/// Why a state could not be kept or restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The name is empty, too long, or has other characters than letters, digits, `_` and `-`.
    #[error("{0:?} is not a name for a snapshot: 1 to 64 letters, digits, hyphens and underscores")]
    Name(String),
    /// The name is taken.
    #[error("there is a snapshot {0} already")]
    Taken(String),
    /// No snapshot has this name.
    #[error("there is no snapshot {0}")]
    Absent(String),
    /// There is nothing to keep.
    #[error("there is no instance in {}", .0.display())]
    NoInstance(std::path::PathBuf),
    /// The database or the copy cannot be read or written.
    #[error(transparent)]
    Database(#[from] StartError),
}

impl From<std::io::Error> for SnapshotError {
    fn from(error: std::io::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<rusqlite::Error> for SnapshotError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

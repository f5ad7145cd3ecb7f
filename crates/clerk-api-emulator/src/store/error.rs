//! What can go wrong with the database, without a word about how a request is answered for it.

use std::fmt;

/// A failure of the database or of this program, never a mistake of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// Another process uses the file; the same may succeed a little later.
    Busy,
    /// SQLite failed: the disk, or a statement of ours.
    Database(String),
    /// A stored object is not the JSON that it should be.
    Unreadable(String),
    /// Something that must not happen.
    Broken(&'static str),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("The database is in use by another process. Try again."),
            Self::Database(error) => write!(f, "The database failed: {error}."),
            Self::Unreadable(error) => write!(f, "A stored object cannot be read: {error}."),
            Self::Broken(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy,
            _ => Self::Database(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

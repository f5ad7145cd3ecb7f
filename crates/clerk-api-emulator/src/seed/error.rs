//! Why a seeding failed.

use crate::http::error::ApiError;
use crate::start_error::StartError;
use crate::store::StoreError;

/// Why made-up objects could not be added; the instance is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The database cannot be opened.
    #[error("cannot open the instance")]
    Open(#[from] StartError),
    /// The database cannot be written, or another process is writing to it.
    #[error("cannot write to the instance")]
    Database(#[from] rusqlite::Error),
    /// A made-up object cannot be added, usually because something of it is taken already.
    #[error("the instance refuses a made-up object: {reason}")]
    Refused {
        /// What is wrong with it.
        reason: String,
    },
    /// There are more than can be numbered.
    #[error("cannot make more than {most} users, organizations or memberships at a time")]
    TooMany {
        /// The most of each kind.
        most: u64,
    },
    /// A thread that makes the objects could not be started or ended badly.
    #[error("making the objects failed badly")]
    Broken,
}

impl From<ApiError> for SeedError {
    fn from(error: ApiError) -> Self {
        Self::Refused {
            reason: error.to_string(),
        }
    }
}

impl From<StoreError> for SeedError {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

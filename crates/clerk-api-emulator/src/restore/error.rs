//! Why a restoring failed.

use super::{LeftOut, RestoreKind};
use crate::http::error::ApiError;
use crate::start_error::StartError;
use crate::store::StoreError;

/// Why objects could not be restored; the instance is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// The database cannot be opened or written, or is none of ours.
    #[error("cannot write the instance")]
    Open(#[from] StartError),
    /// The database cannot be written.
    #[error("cannot write the instance")]
    Database(#[from] rusqlite::Error),
    /// The engine failed.
    #[error("cannot write the instance: {0}")]
    Failed(String),
    /// A text is not the object that it should be.
    #[error("an object of {} cannot be read", kind.name())]
    Object {
        /// What it should be.
        kind: RestoreKind,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl RestoreKind {
    /// The list's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::RoleSets => "role_sets",
            Self::Users => "users",
            Self::Organizations => "organizations",
            Self::Memberships => "memberships",
            Self::OrganizationInvitations => "organization_invitations",
            Self::Invitations => "invitations",
            Self::Domains => "domains",
        }
    }
}

/// Why an object ends the restoring; what the API's rules say against it only leaves it out.
pub(super) enum Refusal {
    Unreadable(serde_json::Error),
    Failed(RestoreError),
}

/// An object that was put in, or has no place.
pub(super) type Put = Result<Result<(), LeftOut>, Refusal>;

impl Refusal {
    /// What must not happen to an object that the API's rules are not asked about.
    pub(super) fn broken(error: &ApiError) -> Self {
        Self::Failed(RestoreError::Failed(error.to_string()))
    }

    pub(super) fn of(self, kind: RestoreKind) -> RestoreError {
        match self {
            Self::Unreadable(source) => RestoreError::Object { kind, source },
            Self::Failed(error) => error,
        }
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failed(RestoreError::Failed(error.to_string()))
    }
}

/// An object with no place, for this reason.
pub(super) fn left_out(why: &str) -> Put {
    Ok(Err(LeftOut(why.to_owned())))
}

/// What the API's rules say to an object.
pub(super) fn judged<T>(result: Result<T, ApiError>) -> Put {
    match result {
        Ok(_) => Ok(Ok(())),
        Err(error) if error.status().is_server_error() => Err(Refusal::broken(&error)),
        Err(error) => {
            let problems: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
            Ok(Err(LeftOut(problems.join(", "))))
        }
    }
}

//! What made-up objects are found by, on its way to the thread that makes the search indexes.

use rusqlite::Connection;

use crate::resource::{invitations, organization_invitations, organizations, users};

/// What an object is found by.
#[derive(Clone, Debug)]
pub(super) enum Texts {
    User(users::search::Texts),
    Organization { name: String, slug: Option<String> },
    OrganizationInvitation { email: String },
    Invitation { email: String },
}

impl Texts {
    /// Puts the object into its search index, which must not have it yet.
    pub(super) fn insert(&self, db: &Connection, seq: i64) -> rusqlite::Result<()> {
        match self {
            Self::User(texts) => users::search::insert(db, seq, texts),
            Self::Organization { name, slug } => {
                organizations::search::insert(db, seq, name, slug.as_deref())
            }
            Self::OrganizationInvitation { email } => {
                organization_invitations::search::insert(db, seq, email)
            }
            Self::Invitation { email } => invitations::search::insert(db, seq, email),
        }
    }
}

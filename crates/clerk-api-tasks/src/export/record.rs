//! From the API's objects to rows of tables: each object is read once, in place, and only what the tables have.

mod organizations;
mod shape;
mod users;

use std::collections::BTreeSet;

use clerk_api_admin::problem::Problem;

use super::table::{
    Domain, EmailAddress, Invitation, Membership, Organization, OrganizationInvitation,
    PhoneNumber, Record as _, Role, RoleSetRole, Rows, Table, User,
};
use crate::sweep::Kind;

/// The tables of a kind; the first one has a row for each of its objects.
#[must_use]
pub const fn tables(kind: Kind) -> &'static [&'static Table] {
    match kind {
        Kind::Users => &[User::TABLE, EmailAddress::TABLE, PhoneNumber::TABLE],
        Kind::Organizations => &[Organization::TABLE],
        Kind::Memberships => &[Membership::TABLE],
        Kind::OrganizationInvitations => &[OrganizationInvitation::TABLE],
        Kind::Invitations => &[Invitation::TABLE],
        Kind::Roles => &[Role::TABLE],
        Kind::RoleSets => &[RoleSetRole::TABLE],
        Kind::Domains => &[Domain::TABLE],
    }
}

/// Why an object gave no rows.
#[derive(Debug)]
pub enum Refusal {
    /// It cannot be read.
    Unreadable(serde_json::Error),
    /// Its rows cannot be written.
    Unwritten(Box<Problem>),
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Box<Problem>> for Refusal {
    fn from(problem: Box<Problem>) -> Self {
        Self::Unwritten(problem)
    }
}

/// Reads objects into rows.
#[derive(Debug, Default)]
pub struct Reader {
    /// Whether links of invitations are wanted, which let their reader in.
    pub urls: bool,
    /// The roles that permit to manage members, once roles were read.
    managing: Option<BTreeSet<String>>,
}

impl Reader {
    /// A reader.
    #[must_use]
    pub const fn new(urls: bool) -> Self {
        Self {
            urls,
            managing: None,
        }
    }

    /// Gives the rows of an object away.
    ///
    /// # Errors
    /// The object cannot be read, or its rows cannot be written.
    pub fn read(&mut self, kind: Kind, object: &str, to: &mut dyn Rows) -> Result<(), Refusal> {
        match kind {
            Kind::Users => users::user(object, to),
            Kind::Invitations => users::invitation(object, self.urls, to),
            Kind::Organizations => organizations::organization(object, to),
            Kind::Memberships => organizations::membership(object, to),
            Kind::OrganizationInvitations => {
                organizations::invitation(object, self.urls, self.managing.as_ref(), to)
            }
            Kind::Roles => {
                let managing = self.managing.get_or_insert_default();
                organizations::role(object, managing, to)
            }
            Kind::RoleSets => organizations::role_set(object, to),
            Kind::Domains => organizations::domain(object, to),
        }
    }
}

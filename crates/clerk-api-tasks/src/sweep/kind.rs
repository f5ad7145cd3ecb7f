//! What a sweep can read, and which list gives it.

use clerk_api::Args;
use clerk_api::declare::{Endpoint as _, Meta};
use clerk_api::ops::{
    application_invitations::ListApplicationInvitations,
    domains::ListAllDomains,
    invitations::ListAllInvitations,
    memberships::ListMemberships,
    organizations::ListOrganizations,
    role_sets::ListRoleSets,
    roles::ListRoles,
    users::{CountUsers, ListUsers},
};
use clerk_api_admin::problem::{Outcome, Problem};

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Users, with their addresses and numbers.
    Users,
    /// Organizations, with the number of their members.
    Organizations,
    /// Memberships of all organizations.
    Memberships,
    /// Invitations to organizations.
    OrganizationInvitations,
    /// Invitations to the application.
    Invitations,
    /// Roles.
    Roles,
    /// Role sets.
    RoleSets,
    /// Domains of organizations.
    Domains,
}

impl Kind {
    /// All kinds, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::Users,
        Self::Organizations,
        Self::Memberships,
        Self::OrganizationInvitations,
        Self::Invitations,
        Self::Roles,
        Self::RoleSets,
        Self::Domains,
    ];

    /// Its name, that of the API's objects.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Organizations => "organizations",
            Self::Memberships => "memberships",
            Self::OrganizationInvitations => "organization_invitations",
            Self::Invitations => "invitations",
            Self::Roles => "roles",
            Self::RoleSets => "role_sets",
            Self::Domains => "domains",
        }
    }

    /// The kind of a name, with hyphens or underscores.
    ///
    /// # Errors
    /// There is no such kind.
    pub fn parse(name: &str) -> Outcome<Self> {
        let wanted = name.replace('-', "_");
        let found = Self::ALL.into_iter().find(|kind| kind.name() == wanted);
        found.ok_or_else(|| {
            let names = Self::ALL.map(|kind| kind.name().replace('_', "-"));
            Problem::usage(format!("{name:?} is not a kind of object to export"))
                .hint(format!("the kinds are {}", names.join(", ")))
        })
    }

    /// The list that gives all of them.
    #[must_use]
    pub const fn list(self) -> &'static Meta {
        match self {
            Self::Users => ListUsers::META,
            Self::Organizations => ListOrganizations::META,
            Self::Memberships => ListMemberships::META,
            Self::OrganizationInvitations => ListAllInvitations::META,
            Self::Invitations => ListApplicationInvitations::META,
            Self::Roles => ListRoles::META,
            Self::RoleSets => ListRoleSets::META,
            Self::Domains => ListAllDomains::META,
        }
    }

    /// The operation that counts them, where the list does not say how many there are.
    pub(super) const fn counter(self) -> Option<&'static Meta> {
        match self {
            Self::Users => Some(CountUsers::META),
            _ => None,
        }
    }

    /// Oldest first, so that what is created meanwhile comes at the end and moves nothing; and the extras that are left out unless
    /// they are asked for.
    pub(super) fn args(self) -> Args {
        let mut args = Args::new();
        let extras: &[&str] = match self {
            Self::Organizations => &[
                "include_members_count",
                "include_missing_member_with_elevated_permissions",
            ],
            Self::Invitations => &["paginated"],
            _ => &[],
        };
        // Words and truths always have a JSON form.
        let _ = args.set("order_by", &"+created_at");
        for name in extras {
            let _ = args.set(name, &true);
        }
        args
    }

    /// Whether the list can be ordered by what changed last.
    pub(super) const fn has_changes(self) -> bool {
        matches!(self, Self::Users)
    }

    /// Whether an instance can lack the feature. Users are always there.
    pub(super) const fn is_feature(self) -> bool {
        !matches!(self, Self::Users)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_takes_the_arguments_of_its_kind() {
        for kind in Kind::ALL {
            for (name, _) in kind.args().iter() {
                assert!(kind.list().field(name).is_some(), "{} {name}", kind.name());
            }
            assert_eq!(Kind::parse(kind.name()).unwrap(), kind);
        }
        let hyphened = Kind::parse("organization-invitations").unwrap();
        assert_eq!(hyphened, Kind::OrganizationInvitations);
        assert!(Kind::parse("user").is_err());
    }
}

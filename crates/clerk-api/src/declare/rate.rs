//! The rate limits that the API publishes, and which of them an operation falls under.

use std::time::Duration;

/// Which published rate limit an operation falls under, beside that of the instance.
///
/// The limits are Clerk's own (docs: "System limits", as of 2026-06-15). All keys of an instance share them. Which algorithm counts
/// the requests is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RateClass {
    /// No limit at all: the public keys.
    Unlimited,
    /// The limit of the instance only.
    Instance,
    /// Also a limit for the object that is changed: a user, an organization or a membership.
    Object,
    /// Also a limit per hour for invitations to the application.
    Invitations,
    /// Also a limit per hour for invitations to the application, many at once.
    BulkInvitations,
    /// Also a limit per hour for invitations to organizations, over the whole instance.
    OrganizationInvitations,
    /// Also a limit per hour for invitations to organizations, many at once.
    BulkOrganizationInvitations,
}

/// A number of requests in a time window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests.
    pub requests: u32,
    /// In how much time.
    pub per: Duration,
}

impl RateClass {
    /// Returns the limit of all requests of an instance: 1000 in 10 s for a live one, 100 in 10 s for a development one.
    #[must_use]
    pub const fn of_instance(live: bool) -> RateLimit {
        limit(if live { 1000 } else { 100 }, 10)
    }

    /// Returns the limit that comes on top of the instance's, if there is one.
    #[must_use]
    pub const fn extra(self) -> Option<RateLimit> {
        match self {
            Self::Unlimited | Self::Instance => None,
            Self::Object => Some(limit(10, 10)),
            Self::Invitations => Some(limit(100, HOUR)),
            Self::BulkInvitations => Some(limit(25, HOUR)),
            Self::OrganizationInvitations => Some(limit(250, HOUR)),
            Self::BulkOrganizationInvitations => Some(limit(50, HOUR)),
        }
    }
}

const HOUR: u64 = 3600;

const fn limit(requests: u32, seconds: u64) -> RateLimit {
    RateLimit {
        requests,
        per: Duration::from_secs(seconds),
    }
}

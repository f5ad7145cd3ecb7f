//! The limits: which there are, what they are called, and which of them a request falls under.

use std::time::Duration;

use clerk_api::declare::RateClass;

/// So many requests in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many requests; at least 1 is assumed.
    pub requests: u32,
    /// In how much time. Up to 60 s the requests are spread evenly, over longer times they are counted.
    pub per: Duration,
}

/// The limits of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// All requests of the instance.
    pub instance: Limit,
    /// Changes of one user, organization or membership.
    pub object: Limit,
    /// Invitations to the application, one in each request.
    pub invitations: Limit,
    /// Invitations to the application, many in each request.
    pub bulk_invitations: Limit,
    /// Invitations to organizations, one in each request.
    pub organization_invitations: Limit,
    /// Invitations to organizations, many in each request.
    pub bulk_organization_invitations: Limit,
}

impl Table {
    /// Returns the limits that Clerk publishes for a live or a development instance.
    #[must_use]
    pub fn published(live: bool) -> Self {
        let instance = RateClass::of_instance(live);
        let instance = Limit {
            requests: instance.requests,
            per: instance.per,
        };
        // Each of these classes has one; the instance's is the widest.
        let of = |class: RateClass| {
            class.extra().map_or(instance, |limit| Limit {
                requests: limit.requests,
                per: limit.per,
            })
        };
        Self {
            instance,
            object: of(RateClass::Object),
            invitations: of(RateClass::Invitations),
            bulk_invitations: of(RateClass::BulkInvitations),
            organization_invitations: of(RateClass::OrganizationInvitations),
            bulk_organization_invitations: of(RateClass::BulkOrganizationInvitations),
        }
    }

    pub(super) const fn limit(&self, bucket: Bucket) -> Limit {
        match bucket {
            Bucket::Instance => self.instance,
            Bucket::Object => self.object,
            Bucket::Invitations => self.invitations,
            Bucket::BulkInvitations => self.bulk_invitations,
            Bucket::OrganizationInvitations => self.organization_invitations,
            Bucket::BulkOrganizationInvitations => self.bulk_organization_invitations,
        }
    }
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bucket {
    Instance,
    Invitations,
    BulkInvitations,
    OrganizationInvitations,
    BulkOrganizationInvitations,
    Object,
}

impl Bucket {
    /// Those that there is one of each.
    pub(super) const SINGLE: [Self; 5] = [
        Self::Instance,
        Self::Invitations,
        Self::BulkInvitations,
        Self::OrganizationInvitations,
        Self::BulkOrganizationInvitations,
    ];

    /// The place in a list, and the name in the file.
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// The bucket in words, for plans and progress.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Instance => "requests to the instance",
            Self::Invitations => "invitations per hour",
            Self::BulkInvitations => "bulk invitations per hour",
            Self::OrganizationInvitations => "organization invitations per hour",
            Self::BulkOrganizationInvitations => "bulk organization invitations per hour",
            Self::Object => "changes of one object",
        }
    }

    /// The bucket beside the instance's that requests of this class fall under.
    pub(super) const fn beside_instance(class: RateClass) -> Option<Self> {
        match class {
            RateClass::Object => Some(Self::Object),
            RateClass::Invitations => Some(Self::Invitations),
            RateClass::BulkInvitations => Some(Self::BulkInvitations),
            RateClass::OrganizationInvitations => Some(Self::OrganizationInvitations),
            RateClass::BulkOrganizationInvitations => Some(Self::BulkOrganizationInvitations),
            _ => None,
        }
    }

    /// How long a window lasts where no table says so, in microseconds.
    pub(super) const fn usual_window(self) -> i64 {
        match self {
            Self::Instance | Self::Object => 10_000_000,
            _ => 3_600_000_000,
        }
    }
}

/// What a request needs permits for, besides the instance's.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want<'a> {
    /// A limit that is counted by itself.
    pub(super) extra: Option<Bucket>,
    /// The object that is changed, by the part of the path that names it.
    pub(super) object: Option<&'a str>,
}

impl<'a> Want<'a> {
    /// What a request needs; nothing for one that has no limit.
    pub(super) fn of(class: RateClass, path: &'a str) -> Option<Self> {
        if class == RateClass::Unlimited {
            return None;
        }
        let beside = Bucket::beside_instance(class);
        let object = (beside == Some(Bucket::Object)).then(|| object(path));
        Some(Self {
            extra: beside.filter(|bucket| *bucket != Bucket::Object),
            object,
        })
    }

    /// The buckets with one state for all, the instance's last.
    pub(super) fn buckets(self) -> impl Iterator<Item = Bucket> {
        self.extra.into_iter().chain([Bucket::Instance])
    }
}

/// An object and its metadata share a limit.
fn object(path: &str) -> &str {
    path.strip_suffix("/metadata").unwrap_or(path)
}

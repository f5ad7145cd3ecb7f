//! The domains of organizations: people with an address there can join.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{DomainId, OrganizationId};
use crate::list::List;
use crate::model::{DeletedObject, OrganizationDomain};
use crate::value::{Joined, Limit, Offset, Order, Patch, Word, choice};

choice! {
    /// What the list of all domains can be ordered by.
    pub enum DomainOrder {
        Name = "name",
        CreatedAt = "created_at",
    }
}

choice! {
    /// An enrollment mode that domains must have or, with `-` in front, must not have.
    pub enum EnrollmentModeFilter {
        ManualInvitation = "manual_invitation",
        AutomaticInvitation = "automatic_invitation",
        AutomaticSuggestion = "automatic_suggestion",
        EnterpriseSso = "enterprise_sso",
        NoManualInvitation = "-manual_invitation",
        NoAutomaticInvitation = "-automatic_invitation",
        NoAutomaticSuggestion = "-automatic_suggestion",
        NoEnterpriseSso = "-enterprise_sso",
    }
}

choice! {
    /// Whether domains must be verified.
    pub enum DomainVerified {
        Yes = "true",
        No = "false",
    }
}

endpoint! {
    /// Lists the domains of an organization.
    pub struct ListDomains = "domains.list", ListOrganizationDomains: Get "/organizations/{organization_id}/domains", Read, Offset => List<OrganizationDomain>;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// Only verified domains (true), or only the others (false).
        query verified: Option<String>,
        /// Only with this enrollment mode; `-` in front excludes it.
        query enrollment_mode as "mode": Option<String>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Lists the domains of all organizations, newest first.
    pub struct ListAllDomains = "domains.list_all", ListAllOrganizationDomains: Get "/organization_domains", Read, Offset => List<OrganizationDomain>;
    takes {
        /// Only domains of this organization.
        query organization_id: Option<OrganizationId>,
        /// Only verified domains (true), or only the others (false).
        query verified: Option<DomainVerified>,
        /// Only with this enrollment mode; `-` in front excludes it.
        query enrollment_mode as "mode": Joined<EnrollmentModeFilter>,
        /// Text within the name, or an organization's id.
        query query: Option<String>,
        /// Only domains with exactly these names.
        query domains as "name": Vec<Word>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<DomainOrder>>,
        /// Rows to skip.
        query offset: Option<Offset>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
    }
}

endpoint! {
    /// Adds a domain to an organization, verified by default.
    pub struct CreateDomain = "domains.create", CreateOrganizationDomain: Post "/organizations/{organization_id}/domains", Create, None => OrganizationDomain;
    lookup &DOMAIN_LOOKUP;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// The domain, such as `example.com`.
        body name: Option<String>,
        /// How people with such an address join: see `domains list-all`.
        body enrollment_mode as "mode": Option<String>,
        /// Whether it counts as verified; true by default.
        body verified: Patch<bool>,
    }
}

/// How to find a domain that may have been created: an organization has it once.
static DOMAIN_LOOKUP: Lookup = Lookup {
    list: <ListAllDomains as Endpoint>::META,
    within: "",
    unique: &["name"],
    by: &[("name", "domains")],
    scope: &["organization_id"],
    same: &[("name", "name")],
    second: Second::Made,
};

endpoint! {
    /// Changes how people join by a domain, and its verification.
    pub struct UpdateDomain = "domains.update", UpdateOrganizationDomain: Patch "/organizations/{organization_id}/domains/{domain_id}", Update, None => OrganizationDomain;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The domain, `orgdmn_…`.
        path domain_id: DomainId,
    }
    takes {
        /// How people with an address there join.
        body enrollment_mode as "mode": Patch<String>,
        /// Whether it counts as verified.
        body verified: Patch<bool>,
    }
}

endpoint! {
    /// Removes a domain from an organization.
    pub struct DeleteDomain = "domains.delete", DeleteOrganizationDomain: Delete "/organizations/{organization_id}/domains/{domain_id}", Destroy, None => DeletedObject;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The domain, `orgdmn_…`.
        path domain_id: DomainId,
    }
}

endpoint! {
    /// Marks a domain as owned by the organization, without a DNS check.
    pub struct VerifyDomain = "domains.verify", VerifyOrganizationDomainOwnership: Post "/organizations/{organization_id}/domains/{domain_id}/verify_ownership", Update, None => OrganizationDomain;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The domain, `orgdmn_…`.
        path domain_id: DomainId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListDomains>(),
    Op::of::<ListAllDomains>(),
    Op::of::<CreateDomain>(),
    Op::of::<UpdateDomain>(),
    Op::of::<DeleteDomain>(),
    Op::of::<VerifyDomain>(),
];

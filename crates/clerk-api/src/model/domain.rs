//! The domains of organizations.

use super::organization::PublicOrganization;
use crate::id::{DomainId, OrganizationId};
use crate::time::Timestamp;
use crate::value::choice;

choice! {
    /// How users with addresses at a domain come into its organization.
    pub enum EnrollmentMode {
        /// Somebody invites them.
        ManualInvitation = "manual_invitation",
        /// They are invited by themselves.
        AutomaticInvitation = "automatic_invitation",
        /// They are shown the organization and may ask to join.
        AutomaticSuggestion = "automatic_suggestion",
        /// They sign in through their company.
        EnterpriseSso = "enterprise_sso",
    }
}

model! {
    /// A domain of an organization (spec: `OrganizationDomain`).
    pub struct OrganizationDomain {
        always {
            /// The id, `orgdmn_…`.
            id: DomainId,
        }
        /// `organization_domain`.
        object: String,
        /// The organization.
        organization_id: OrganizationId,
        /// The name, such as `example.com`.
        name: String,
        /// How users with addresses at it come into the organization.
        enrollment_mode: EnrollmentMode,
        /// The address that proved the affiliation.
        affiliation_email_address: String,
        /// Whether somebody there has an address at it.
        affiliation_verification: DomainVerification,
        /// Whether the domain itself is the organization's.
        ownership_verification: DomainVerification,
        /// The old name of `affiliation_verification`.
        verification: DomainVerification,
        /// How many open invitations came of it.
        total_pending_invitations: u64,
        /// How many open suggestions came of it.
        total_pending_suggestions: u64,
        /// The organization, for everybody.
        public_organization_data: PublicOrganization,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// How something about a domain was proven (spec: `OrganizationDomainVerification`).
    pub struct DomainVerification {
        /// `unverified`, `verified`, `failed` or `expired`.
        status: String,
        /// The way, such as `manual_override`.
        strategy: String,
        /// How often it was tried.
        attempts: i64,
        /// When it expires.
        expire_at: Timestamp,
        /// When it was proven; only of ownership.
        verified_at: Timestamp,
    }
}

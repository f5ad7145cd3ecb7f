//! Organizations and their members.

use super::Json;
use crate::id::{MembershipId, OrganizationId, UserId};
use crate::time::Timestamp;

model! {
    /// An organization (spec: `Organization`).
    pub struct Organization {
        always {
            /// The id, `org_…`.
            id: OrganizationId,
        }
        /// `organization`.
        object: String,
        /// The name.
        name: String,
        /// The slug; none where slugs are off, although the specification says text.
        slug: String,
        /// The picture's address, or a placeholder's.
        image_url: String,
        /// The logo's address; only `organizations.set_logo` answers it.
        logo_url: String,
        /// Whether the picture is the organization's own.
        has_image: bool,
        /// The number of members, where it was asked for.
        members_count: u64,
        /// Whether nobody there may manage members, where it was asked for.
        missing_member_with_elevated_permissions: bool,
        /// The number of open invitations.
        pending_invitations_count: u64,
        /// How many members it may have; 0: any.
        max_allowed_memberships: i64,
        /// Whether its admins may delete it themselves.
        admin_delete_enabled: bool,
        /// Metadata that members can read.
        public_metadata: Json,
        /// Metadata for the backend only.
        private_metadata: Json,
        /// The user who created it; empty where nobody did.
        created_by: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When it was last active.
        last_active_at: Timestamp,
        /// The key of its role set.
        role_set_key: String,
    }
}

model! {
    /// What everyone may know of an organization, inside of invitations.
    pub struct PublicOrganization {
        always {
            /// The id, `org_…`.
            id: OrganizationId,
        }
        /// The name.
        name: String,
        /// The slug; none where slugs are off.
        slug: String,
        /// The picture's address, or a placeholder's.
        image_url: String,
        /// Whether the picture is the organization's own.
        has_image: bool,
    }
}

model! {
    /// A user's membership in an organization (spec: `OrganizationMembership`).
    pub struct Membership {
        always {
            /// The id, `orgmem_…`; no operation takes it.
            id: MembershipId,
        }
        /// `organization_membership`.
        object: String,
        /// The role's key, such as `org:admin`.
        role: String,
        /// The role's name.
        role_name: String,
        /// The keys of what the role permits.
        permissions: Vec<String>,
        /// Metadata that the member can read.
        public_metadata: Json,
        /// Metadata for the backend only.
        private_metadata: Json,
        /// The organization.
        organization: Organization,
        /// The member.
        public_user_data: PublicUser,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// What other members may know of a member (spec: `OrganizationMembershipPublicUserData`).
    pub struct PublicUser {
        always {
            /// The user.
            user_id: UserId,
        }
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The picture's address. Deprecated: see `image_url`.
        profile_image_url: String,
        /// The picture's address, or a placeholder's.
        image_url: String,
        /// Whether the picture is the user's own.
        has_image: bool,
        /// What the user is known by, mostly the primary email address.
        identifier: String,
        /// The username.
        username: String,
        /// Whether the user is banned.
        banned: bool,
        /// Whether a directory took the user away.
        deprovisioned: bool,
    }
}

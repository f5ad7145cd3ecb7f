//! Invitations to organizations and to the application.

use super::Json;
use super::organization::PublicOrganization;
use crate::id::{InvitationId, OrganizationId, UserId};
use crate::time::Timestamp;
use crate::value::{SecretText, choice};

choice! {
    /// What became of an invitation.
    pub enum InvitationStatus {
        /// It is open.
        Pending = "pending",
        /// The person came.
        Accepted = "accepted",
        /// It was taken back.
        Revoked = "revoked",
        /// Its time is over.
        Expired = "expired",
    }
}

model! {
    /// An invitation to an organization (spec: `OrganizationInvitation`).
    pub struct OrganizationInvitation {
        always {
            /// The id, `orginv_…`.
            id: InvitationId,
        }
        /// `organization_invitation`.
        object: String,
        /// The invited email address.
        email_address: String,
        /// The role's key, such as `org:member`.
        role: String,
        /// The role's name.
        role_name: String,
        /// The organization.
        organization_id: OrganizationId,
        /// The user in whose name it is.
        inviter_id: UserId,
        /// What the invited person may know of the inviter.
        public_inviter_data: Inviter,
        /// What became of it.
        status: InvitationStatus,
        /// Metadata for the membership that the member can read.
        public_metadata: Json,
        /// Metadata for the membership, for the backend only.
        private_metadata: Json,
        /// The link to accept it by. It lets its reader in.
        url: SecretText,
        /// When it expires.
        expires_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The organization, in lists across organizations.
        public_organization_data: PublicOrganization,
    }
}

model! {
    /// What an invited person may know of the inviter (spec: `OrganizationInvitationPublicUserData`).
    pub struct Inviter {
        always {
            /// The user.
            user_id: UserId,
        }
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The picture's address, or a placeholder's.
        image_url: String,
        /// Whether the picture is the user's own.
        has_image: bool,
        /// What the user is known by, mostly the primary email address.
        identifier: String,
    }
}

model! {
    /// An invitation to sign up to the application (spec: `Invitation`).
    pub struct Invitation {
        always {
            /// The id, `inv_…`.
            id: InvitationId,
        }
        /// `invitation`.
        object: String,
        /// The invited email address.
        email_address: String,
        /// Metadata for the new user that the user can read.
        public_metadata: Json,
        /// Whether it was taken back.
        revoked: bool,
        /// What became of it.
        status: InvitationStatus,
        /// The link to sign up by. It lets its reader in.
        url: SecretText,
        /// When it expires.
        expires_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

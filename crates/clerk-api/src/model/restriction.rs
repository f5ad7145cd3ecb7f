//! Who may sign up: the waitlist, the allowlist, the blocklist.

use super::Invitation;
use crate::id::{InstanceId, InvitationId, ListedIdentifierId, WaitlistEntryId};
use crate::time::Timestamp;
use crate::value::choice;

choice! {
    /// What became of somebody who waits.
    pub enum WaitlistStatus {
        /// Nobody has decided yet.
        Pending = "pending",
        /// They were invited.
        Invited = "invited",
        /// They signed up.
        Completed = "completed",
        /// They were turned down.
        Rejected = "rejected",
    }
}

choice! {
    /// What an identifier on a list is.
    pub enum ListedIdentifierType {
        /// An email address, or all of a domain.
        EmailAddress = "email_address",
        PhoneNumber = "phone_number",
        Web3Wallet = "web3_wallet",
    }
}

model! {
    /// An entry of the waitlist (spec: `WaitlistEntry`).
    pub struct WaitlistEntry {
        always {
            /// The id, `wle_…`.
            id: WaitlistEntryId,
        }
        /// `waitlist_entry`.
        object: String,
        /// The email address.
        email_address: String,
        /// What became of it.
        status: WaitlistStatus,
        /// Whether it is being worked on with many others.
        is_locked: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The invitation, once there is one.
        invitation: Invitation,
    }
}

model! {
    /// An identifier on the allowlist (spec: `AllowlistIdentifier`).
    pub struct AllowlistIdentifier {
        always {
            /// The id, `alid_…`.
            id: ListedIdentifierId,
        }
        /// `allowlist_identifier`.
        object: String,
        /// The invitation that was sent.
        invitation_id: InvitationId,
        /// The identifier.
        identifier: String,
        /// What it is.
        identifier_type: ListedIdentifierType,
        /// The instance.
        instance_id: InstanceId,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// An identifier on the blocklist (spec: `BlocklistIdentifier`).
    pub struct BlocklistIdentifier {
        always {
            /// The id, `blid_…`.
            id: ListedIdentifierId,
        }
        /// `blocklist_identifier`.
        object: String,
        /// The identifier.
        identifier: String,
        /// What it is.
        identifier_type: ListedIdentifierType,
        /// The instance.
        instance_id: InstanceId,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

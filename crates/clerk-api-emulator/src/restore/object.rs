//! Objects as they come: read leniently, since a member that is missing has the value of a new object.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::http::metadata;

/// Metadata, or none.
pub(super) fn metadata(given: Option<Box<RawValue>>) -> Box<RawValue> {
    given
        .filter(|raw| raw.get().starts_with('{'))
        .unwrap_or_else(metadata::empty)
}

/// Whether a verification is done.
pub(super) fn is_verified(verification: Option<&Verification>) -> bool {
    verification.is_some_and(|it| it.status.as_deref() == Some("verified"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Verification {
    pub(super) status: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Keyed {
    pub(super) key: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Role {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) permissions: Option<Vec<Permission>>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) id: Option<String>,
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RoleSet {
    pub(super) id: Option<String>,
    pub(super) key: String,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) roles: Option<Vec<Keyed>>,
    pub(super) default_role: Option<Keyed>,
    pub(super) creator_role: Option<Keyed>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) external_id: Option<String>,
    pub(super) username: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) image_url: Option<String>,
    pub(super) has_image: Option<bool>,
    pub(super) primary_email_address_id: Option<String>,
    pub(super) primary_phone_number_id: Option<String>,
    pub(super) primary_web3_wallet_id: Option<String>,
    pub(super) email_addresses: Option<Vec<EmailAddress>>,
    pub(super) phone_numbers: Option<Vec<PhoneNumber>>,
    pub(super) web3_wallets: Option<Vec<Web3Wallet>>,
    pub(super) passkeys: Option<Vec<IgnoredAny>>,
    pub(super) external_accounts: Option<Vec<IgnoredAny>>,
    pub(super) enterprise_accounts: Option<Vec<IgnoredAny>>,
    pub(super) password_enabled: Option<bool>,
    pub(super) two_factor_enabled: Option<bool>,
    pub(super) totp_enabled: Option<bool>,
    pub(super) backup_code_enabled: Option<bool>,
    pub(super) banned: Option<bool>,
    pub(super) locked: Option<bool>,
    pub(super) deprovisioned: Option<bool>,
    pub(super) delete_self_enabled: Option<bool>,
    pub(super) create_organization_enabled: Option<bool>,
    pub(super) create_organizations_limit: Option<i64>,
    pub(super) mfa_enabled_at: Option<i64>,
    pub(super) mfa_disabled_at: Option<i64>,
    pub(super) password_last_updated_at: Option<i64>,
    pub(super) legal_accepted_at: Option<i64>,
    pub(super) last_sign_in_at: Option<i64>,
    pub(super) last_active_at: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) public_metadata: Option<Box<RawValue>>,
    pub(super) private_metadata: Option<Box<RawValue>>,
    pub(super) unsafe_metadata: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct EmailAddress {
    pub(super) id: String,
    pub(super) email_address: String,
    pub(super) verification: Option<Verification>,
    pub(super) reserved: Option<bool>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PhoneNumber {
    pub(super) id: String,
    pub(super) phone_number: String,
    pub(super) verification: Option<Verification>,
    pub(super) reserved: Option<bool>,
    pub(super) reserved_for_second_factor: Option<bool>,
    pub(super) default_second_factor: Option<bool>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Web3Wallet {
    pub(super) id: String,
    pub(super) web3_wallet: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Invitation {
    pub(super) id: String,
    pub(super) email_address: String,
    pub(super) status: Option<String>,
    pub(super) revoked: Option<bool>,
    pub(super) expires_at: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) public_metadata: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) slug: Option<String>,
    pub(super) created_by: Option<String>,
    pub(super) role_set_key: Option<String>,
    pub(super) max_allowed_memberships: Option<i64>,
    pub(super) admin_delete_enabled: Option<bool>,
    pub(super) image_url: Option<String>,
    pub(super) has_image: Option<bool>,
    pub(super) last_active_at: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) public_metadata: Option<Box<RawValue>>,
    pub(super) private_metadata: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Membership {
    pub(super) id: String,
    pub(super) role: Option<String>,
    pub(super) organization: Option<Named>,
    pub(super) public_user_data: Option<Member>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) public_metadata: Option<Box<RawValue>>,
    pub(super) private_metadata: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Member {
    pub(super) user_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OrganizationInvitation {
    pub(super) id: String,
    pub(super) organization_id: Option<String>,
    pub(super) email_address: String,
    pub(super) role: Option<String>,
    pub(super) role_name: Option<String>,
    pub(super) status: Option<String>,
    pub(super) inviter_id: Option<String>,
    pub(super) expires_at: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    pub(super) public_metadata: Option<Box<RawValue>>,
    pub(super) private_metadata: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Domain {
    pub(super) id: String,
    pub(super) organization_id: Option<String>,
    pub(super) name: String,
    pub(super) enrollment_mode: Option<String>,
    pub(super) affiliation_verification: Option<Verification>,
    pub(super) ownership_verification: Option<Verification>,
    pub(super) verification: Option<Verification>,
    pub(super) total_pending_invitations: Option<u64>,
    pub(super) total_pending_suggestions: Option<u64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

//! Users.

use super::Json;
use super::account::{EnterpriseAccount, ExternalAccount, SamlAccount};
use super::identification::{EmailAddress, Passkey, PhoneNumber, Web3Wallet};
use super::organization::Membership;
use crate::id::{IdentificationId, UserId};
use crate::time::Timestamp;

model! {
    /// A user (spec: `User`).
    pub struct User {
        always {
            /// The id, `user_…`.
            id: UserId,
        }
        /// `user`.
        object: String,
        /// Your own id for the user.
        external_id: String,
        /// Which of the email addresses is the primary one.
        primary_email_address_id: IdentificationId,
        /// Which of the phone numbers is the primary one.
        primary_phone_number_id: IdentificationId,
        /// Which of the wallets is the primary one.
        primary_web3_wallet_id: IdentificationId,
        /// The username.
        username: String,
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The language, as a BCP 47 tag.
        locale: String,
        /// The picture's address. Deprecated: see `image_url`.
        profile_image_url: String,
        /// The picture's address, or a placeholder's.
        image_url: String,
        /// Whether the picture is the user's own.
        has_image: bool,
        /// Metadata that the user can read.
        public_metadata: Json,
        /// Metadata for the backend only.
        private_metadata: Json,
        /// Metadata that the user can write: never trust it.
        unsafe_metadata: Json,
        /// The email addresses.
        email_addresses: Vec<EmailAddress>,
        /// The phone numbers.
        phone_numbers: Vec<PhoneNumber>,
        /// The web3 wallets.
        web3_wallets: Vec<Web3Wallet>,
        /// The passkeys.
        passkeys: Vec<Passkey>,
        /// Whether there is a password.
        password_enabled: bool,
        /// Whether there is a second factor.
        two_factor_enabled: bool,
        /// Whether an authenticator app is set up.
        totp_enabled: bool,
        /// Whether there are backup codes.
        backup_code_enabled: bool,
        /// When second factors were last switched on.
        mfa_enabled_at: Timestamp,
        /// When second factors were last switched off.
        mfa_disabled_at: Timestamp,
        /// When the password was last changed.
        password_last_updated_at: Timestamp,
        /// Accounts at OAuth providers.
        external_accounts: Vec<ExternalAccount>,
        /// Accounts at SAML providers: the older view of `enterprise_accounts`.
        saml_accounts: Vec<SamlAccount>,
        /// Accounts at enterprise providers.
        enterprise_accounts: Vec<EnterpriseAccount>,
        /// Memberships; mostly absent, ask `users.memberships`.
        organization_memberships: Vec<Membership>,
        /// When the user last signed in.
        last_sign_in_at: Timestamp,
        /// Whether the user is banned.
        banned: bool,
        /// Whether the user is locked out.
        locked: bool,
        /// Whether a directory took the user away.
        deprovisioned: bool,
        /// Seconds until the lock ends; none for a locked user means never.
        lockout_expires_in_seconds: i64,
        /// Failed sign-ins left until the lock; none where lockout is off.
        verification_attempts_remaining: i64,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// Whether users may delete themselves.
        delete_self_enabled: bool,
        /// Whether the user may create organizations.
        create_organization_enabled: bool,
        /// How many organizations the user may create; 0: any.
        create_organizations_limit: i64,
        /// When the user was last active.
        last_active_at: Timestamp,
        /// When the user agreed to the legal terms.
        legal_accepted_at: Timestamp,
        /// Whether device checks at sign-in are skipped.
        bypass_client_trust: bool,
        /// What a directory says about the user.
        scim: ScimInfo,
    }
}

impl User {
    /// The primary email address, if there is one. It need not be the first of the list.
    #[must_use]
    pub fn primary_email_address(&self) -> Option<&str> {
        let id = self.primary_email_address_id.as_ref()?;
        let addresses = self.email_addresses.as_deref()?;
        let primary = addresses.iter().find(|address| address.id == *id)?;
        primary.email_address.as_deref()
    }

    /// The primary phone number, if there is one.
    #[must_use]
    pub fn primary_phone_number(&self) -> Option<&str> {
        let id = self.primary_phone_number_id.as_ref()?;
        let numbers = self.phone_numbers.as_deref()?;
        let primary = numbers.iter().find(|number| number.id == *id)?;
        primary.phone_number.as_deref()
    }
}

model! {
    /// What a directory says about a user (spec: `SCIMUserMetadata`).
    pub struct ScimInfo {
        /// The directory.
        directory_id: String,
        /// Whether the directory is on.
        directory_enabled: bool,
        /// The directory's id for the user.
        external_id: String,
    }
}

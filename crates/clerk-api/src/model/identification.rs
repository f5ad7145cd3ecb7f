//! What a user is known by: email addresses, phone numbers, wallets, passkeys, and how each was verified.

use super::Json;
use crate::id::{IdentificationId, VerificationId};
use crate::time::Timestamp;
use crate::value::{SecretText, choice};

choice! {
    /// How far a verification is.
    pub enum VerificationStatus {
        Unverified = "unverified",
        Verified = "verified",
        Failed = "failed",
        Expired = "expired",
        Transferable = "transferable",
    }
}

model! {
    /// How something was verified. One type for all strategies, since their fields overlap and new ones appear.
    pub struct Verification {
        /// The kind, such as `verification_otp`; missing in older responses.
        object: String,
        /// How far it is.
        status: VerificationStatus,
        /// The way, such as `email_code`, `admin` or `from_oauth_google`.
        strategy: String,
        /// How often it was tried.
        attempts: i64,
        /// When it ends.
        expire_at: Timestamp,
        /// How the code was sent.
        channel: String,
        /// The client on which it was done.
        verified_at_client: String,
        /// What to sign, for wallets and passkeys.
        nonce: String,
        /// The message to sign, for wallets.
        message: String,
        /// Where to go on, for OAuth and SAML.
        external_verification_redirect_url: String,
        /// Why it failed.
        error: Json,
    }
}

model! {
    /// A verification by a one-time code (spec: `_VerificationResponse`).
    pub struct CodeVerification {
        always {
            /// The id, for the attempt.
            id: VerificationId,
        }
        /// The kind, such as `verification_otp`.
        object: String,
        /// How far it is.
        status: VerificationStatus,
        /// The way: `email_code` or `phone_code`.
        strategy: String,
        /// How often it was tried.
        attempts: i64,
        /// When the code ends.
        expire_at: Timestamp,
        /// How the code was sent to a phone.
        channel: String,
    }
}

model! {
    /// Where an address or number comes from as well (spec: `IdentificationLink`).
    pub struct IdentificationLink {
        always {
            /// Its id.
            id: String,
        }
        /// The kind, such as `oauth_google`.
        r#type: String,
    }
}

model! {
    /// An email address of a user (spec: `EmailAddress`).
    pub struct EmailAddress {
        always {
            /// The id, `idn_…`.
            id: IdentificationId,
        }
        /// `email_address`.
        object: String,
        /// The address.
        email_address: String,
        /// Whether nobody else can claim it although it is not verified.
        reserved: bool,
        /// How it was verified.
        verification: Verification,
        /// Where it comes from as well.
        linked_to: Vec<IdentificationLink>,
        /// Whether its domain has a single sign-on.
        matches_sso_connection: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A phone number of a user (spec: `PhoneNumber`).
    pub struct PhoneNumber {
        always {
            /// The id, `idn_…`.
            id: IdentificationId,
        }
        /// `phone_number`.
        object: String,
        /// The number, in E.164 form.
        phone_number: String,
        /// Whether it is a second factor only.
        reserved_for_second_factor: bool,
        /// Whether it is the second factor that is asked for first.
        default_second_factor: bool,
        /// Whether nobody else can claim it although it is not verified.
        reserved: bool,
        /// How it was verified.
        verification: Verification,
        /// Where it comes from as well.
        linked_to: Vec<IdentificationLink>,
        /// Backup codes.
        backup_codes: Vec<SecretText>,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A web3 wallet of a user (spec: `Web3Wallet`).
    pub struct Web3Wallet {
        always {
            /// The id, `idn_…`.
            id: IdentificationId,
        }
        /// `web3_wallet`.
        object: String,
        /// The address.
        web3_wallet: String,
        /// How it was verified.
        verification: Verification,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A passkey of a user (spec: `Passkey`).
    pub struct Passkey {
        always {
            /// The id, `idn_…`.
            id: IdentificationId,
        }
        /// `passkey`.
        object: String,
        /// The name the user gave it.
        name: String,
        /// When it was last used.
        last_used_at: Timestamp,
        /// How it was verified.
        verification: Verification,
    }
}

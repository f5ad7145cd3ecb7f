//! What a user has elsewhere: accounts at OAuth and enterprise providers with their tokens, trusted devices.

use super::Json;
use super::identification::Verification;
use crate::id::{ExternalAccountId, IdentificationId, TrustedDeviceId};
use crate::time::Timestamp;
use crate::value::SecretText;

model! {
    /// An account at an OAuth provider (spec: `ExternalAccountWithVerification`).
    pub struct ExternalAccount {
        always {
            /// The id, `eac_…`.
            id: ExternalAccountId,
        }
        /// `external_account`, or `google_account` and `facebook_account` for older ones.
        object: String,
        /// The provider, such as `oauth_google`.
        provider: String,
        /// The identification behind it, `idn_…`.
        identification_id: IdentificationId,
        /// The provider's id for the user.
        provider_user_id: String,
        /// The scopes that the user agreed to, with spaces between.
        approved_scopes: String,
        /// The email address at the provider.
        email_address: String,
        /// Whether the provider says that the address is verified.
        email_address_verified: bool,
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The picture's address. Deprecated: see `image_url`.
        avatar_url: String,
        /// The picture's address.
        image_url: String,
        /// The username.
        username: String,
        /// The phone number.
        phone_number: String,
        /// Metadata that the user can read.
        public_metadata: Json,
        /// A name for it.
        label: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// How it was verified.
        verification: Verification,
    }
}

model! {
    /// An account at an enterprise provider (spec: `EnterpriseAccount`).
    pub struct EnterpriseAccount {
        always {
            /// The id.
            id: String,
        }
        /// `enterprise_account`.
        object: String,
        /// `oauth` or `saml`.
        protocol: String,
        /// The provider.
        provider: String,
        /// Whether it can be used.
        active: bool,
        /// The email address at the provider.
        email_address: String,
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The provider's id for the user.
        provider_user_id: String,
        /// The connection it came by.
        enterprise_connection_id: String,
        /// Metadata that the user can read.
        public_metadata: Json,
        /// How it was verified.
        verification: Verification,
        /// The connection it came by.
        enterprise_connection: EnterpriseConnection,
        /// When the user last signed in with it.
        last_authenticated_at: Timestamp,
    }
}

model! {
    /// The connection of an enterprise account (spec: `EnterpriseAccountConnection`).
    pub struct EnterpriseConnection {
        always {
            /// The id.
            id: String,
        }
        /// `oauth` or `saml`.
        protocol: String,
        /// The provider.
        provider: String,
        /// The name.
        name: String,
        /// The logo's address.
        logo_public_url: String,
        /// The first domain.
        domain: String,
        /// The domains.
        domains: Vec<String>,
        /// Whether it can be used.
        active: bool,
        /// Whether names and such follow the provider.
        sync_user_attributes: bool,
        /// Whether subdomains count.
        allow_subdomains: bool,
        /// Whether a sign-in may start at the provider.
        allow_idp_initiated: bool,
        /// Whether its users can have no other addresses.
        disable_additional_identifications: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// An account at a SAML provider, the older view of an enterprise account (spec: `SAMLAccount`).
    pub struct SamlAccount {
        always {
            /// The id.
            id: String,
        }
        /// `saml_account`.
        object: String,
        /// The provider.
        provider: String,
        /// Whether it can be used.
        active: bool,
        /// The email address at the provider.
        email_address: String,
        /// The given name.
        first_name: String,
        /// The family name.
        last_name: String,
        /// The provider's id for the user.
        provider_user_id: String,
        /// When the user last signed in with it.
        last_authenticated_at: Timestamp,
        /// Metadata that the user can read.
        public_metadata: Json,
        /// How it was verified.
        verification: Verification,
        /// The connection it came by.
        saml_connection: SamlConnection,
    }
}

model! {
    /// The connection of a SAML account (spec: `SAMLAccountConnection`).
    pub struct SamlConnection {
        always {
            /// The id.
            id: String,
        }
        /// The name.
        name: String,
        /// The first domain.
        domain: String,
        /// The domains.
        domains: Vec<String>,
        /// Whether it can be used.
        active: bool,
        /// The provider.
        provider: String,
        /// Whether names and such follow the provider.
        sync_user_attributes: bool,
        /// Whether subdomains count.
        allow_subdomains: bool,
        /// Whether a sign-in may start at the provider.
        allow_idp_initiated: bool,
        /// Whether its users can have no other addresses.
        disable_additional_identifications: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A user's token at an OAuth provider (spec: `OAuthAccessToken`). It acts as the user.
    pub struct OauthAccessToken {
        /// `oauth_access_token`.
        object: String,
        /// The account it belongs to.
        external_account_id: ExternalAccountId,
        /// The provider's id for the user.
        provider_user_id: String,
        /// The token.
        token: SecretText,
        /// When it ends.
        expires_at: Timestamp,
        /// The provider, such as `oauth_google`.
        provider: String,
        /// Metadata of the account.
        public_metadata: Json,
        /// A name for it.
        label: String,
        /// What it is good for.
        scopes: Vec<String>,
        /// The id token, a JWT.
        id_token: SecretText,
        /// The second half of an OAuth 1 token.
        token_secret: SecretText,
    }
}

model! {
    /// A device that a user signs in with (spec: `TrustedDevice`).
    pub struct TrustedDevice {
        always {
            /// The id.
            id: TrustedDeviceId,
        }
        /// `trusted_device`.
        object: String,
        /// `ios` or `android`.
        platform: String,
        /// The application on the device.
        app_identifier: String,
        /// The device's name.
        name: String,
        /// How it signs, such as `ES256`.
        algorithm: String,
        /// `active` or `revoked`.
        status: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When it was last used.
        last_used_at: Timestamp,
        /// When it was revoked.
        revoked_at: Timestamp,
    }
}

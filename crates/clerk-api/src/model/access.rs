//! Tokens that let somebody in, and what decides on the content of tokens and on where they go.

use super::Json;
use crate::id::{ActorTokenId, JwtTemplateId, RedirectUrlId, SignInTokenId, UserId};
use crate::time::Timestamp;
use crate::value::{SecretText, choice};

choice! {
    /// What became of a token that lets somebody in.
    pub enum AccessTokenStatus {
        /// Nobody has used it.
        Pending = "pending",
        /// It was used.
        Accepted = "accepted",
        /// It was taken back.
        Revoked = "revoked",
    }
}

model! {
    /// A token that signs a user in once (spec: `SignInToken`).
    pub struct SignInToken {
        always {
            /// The id, `sit_…`.
            id: SignInTokenId,
        }
        /// `sign_in_token`.
        object: String,
        /// What became of it.
        status: AccessTokenStatus,
        /// The user.
        user_id: UserId,
        /// The token. It lets its holder in.
        token: SecretText,
        /// The link with the token in it. It lets its reader in.
        url: SecretText,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A token that lets somebody act as a user once (spec: `ActorToken`).
    pub struct ActorToken {
        always {
            /// The id, `act_…`.
            id: ActorTokenId,
        }
        /// `actor_token`.
        object: String,
        /// What became of it.
        status: AccessTokenStatus,
        /// The user to act as.
        user_id: UserId,
        /// Who acts.
        actor: Json,
        /// The token. It lets its holder in.
        token: SecretText,
        /// The link with the token in it. It lets its reader in.
        url: SecretText,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A token that bypasses bot detection in tests (spec: `TestingToken`).
    pub struct TestingToken {
        /// `testing_token`.
        object: String,
        /// The token.
        token: SecretText,
        /// When it expires, in seconds since 1970 and not in milliseconds, by the specification's example.
        expires_at: i64,
    }
}

model! {
    /// Claims for tokens, with shortcodes (spec: `JWTTemplate`).
    pub struct JwtTemplate {
        always {
            /// The id, `jtmpl_…`.
            id: JwtTemplateId,
        }
        /// `jwt_template`.
        object: String,
        /// The name to request tokens by.
        name: String,
        /// The claims.
        claims: Json,
        /// Seconds that tokens live.
        lifetime: i64,
        /// Seconds by which clocks may differ.
        allowed_clock_skew: i64,
        /// Whether the template has its own signing key.
        custom_signing_key: bool,
        /// How tokens are signed.
        signing_algorithm: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

model! {
    /// A URL that native applications may be sent back to (spec: `RedirectURL`).
    pub struct RedirectUrl {
        always {
            /// The id, `ru_…`.
            id: RedirectUrlId,
        }
        /// `redirect_url`.
        object: String,
        /// The URL.
        url: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

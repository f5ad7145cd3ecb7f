//! Tokens that sign a user in once.

use crate::declare::{Op, endpoint};
use crate::id::{OrganizationId, SignInTokenId, UserId};
use crate::model::SignInToken;
use crate::value::Patch;

endpoint! {
    /// Creates a token that signs a user in once, without credentials.
    /// Anyone who has the token or its link can use it.
    pub struct CreateSignInToken = "sign_in_tokens.create", CreateSignInToken: Post "/sign_in_tokens", Create, None => SignInToken;
    needs {
        /// The user to sign in.
        body user_id: UserId,
    }
    takes {
        /// The active organization then; the user must be a member.
        body org_id as "organization": Patch<OrganizationId>,
        /// Seconds until it expires; 30 days by default.
        body expires_in_seconds in 1..=9_223_372_036_854_775_807: Patch<u64>,
    }
}

endpoint! {
    /// Revokes a sign-in token that has not been used yet.
    pub struct RevokeSignInToken = "sign_in_tokens.revoke", RevokeSignInToken: Post "/sign_in_tokens/{sign_in_token_id}/revoke", Update, None => SignInToken;
    needs {
        /// The sign-in token, `sit_…`.
        path sign_in_token_id: SignInTokenId,
    }
}

pub(super) static OPS: &[Op] = &[Op::of::<CreateSignInToken>(), Op::of::<RevokeSignInToken>()];

//! Actor tokens: act as a user.

use crate::declare::{Op, endpoint};
use crate::id::{ActorTokenId, UserId};
use crate::model::ActorToken;
use crate::value::Object;

endpoint! {
    /// Creates an actor token: it lets support staff act as a user.
    /// Anyone who has the token or its link can use it once.
    pub struct CreateActorToken = "actor_tokens.create", CreateActorToken: Post "/actor_tokens", Create, None => ActorToken;
    needs {
        /// The user to act as.
        body user_id: UserId,
        /// Who acts: a JSON object with an id in `sub`.
        body actor: Object,
    }
    takes {
        /// Seconds until it expires; an hour by default.
        body expires_in_seconds: Option<u64>,
        /// Seconds that the session lasts at most; 1800 by default.
        body session_max_duration_in_seconds as "session-seconds": Option<u64>,
    }
}

endpoint! {
    /// Revokes an actor token that has not been used yet.
    pub struct RevokeActorToken = "actor_tokens.revoke", RevokeActorToken: Post "/actor_tokens/{actor_token_id}/revoke", Update, None => ActorToken;
    needs {
        /// The actor token, `act_…`.
        path actor_token_id: ActorTokenId,
    }
}

pub(super) static OPS: &[Op] = &[Op::of::<CreateActorToken>(), Op::of::<RevokeActorToken>()];

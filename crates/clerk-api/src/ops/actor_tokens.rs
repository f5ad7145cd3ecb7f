//! Tokens that let somebody act as a user.

use crate::declare::{Op, endpoint};
use crate::id::{ActorTokenId, UserId};
use crate::model::ActorToken;
use crate::value::Object;

endpoint! {
    /// Makes a token that lets somebody act as a user, for support.
    /// Whoever holds the token or its link can use it once.
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
    /// Takes back an actor token that nobody has used.
    pub struct RevokeActorToken = "actor_tokens.revoke", RevokeActorToken: Post "/actor_tokens/{actor_token_id}/revoke", Update, None => ActorToken;
    needs {
        /// The actor token, `act_…`.
        path actor_token_id: ActorTokenId,
    }
}

pub(super) static OPS: &[Op] = &[Op::of::<CreateActorToken>(), Op::of::<RevokeActorToken>()];

//! Calls of the crate's modules for tokens that let somebody in.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{
    actor_tokens_api as actor, sign_in_tokens_api as sign_in, testing_tokens_api as testing,
};

use crate::args::{Args, Outcome, done};

/// Runs an operation on such tokens; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    Ok(Some(match op {
        "CreateSignInToken" => {
            done(sign_in::create_sign_in_token(config, Some(args.body()?)).await)
        }
        "RevokeSignInToken" => {
            done(sign_in::revoke_sign_in_token(config, args.text("sign_in_token_id")).await)
        }
        "CreateActorToken" => done(actor::create_actor_token(config, Some(args.body()?)).await),
        "RevokeActorToken" => {
            done(actor::revoke_actor_token(config, args.text("actor_token_id")).await)
        }
        "CreateTestingToken" => done(testing::create_testing_token(config).await),
        _ => return Ok(None),
    }))
}

//! Calls of the crate's modules for sessions and their tokens, and of its token validator.

use std::sync::Arc;

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{jwks_api, sessions_api as api};
use clerk_rs::clerk::Clerk;
use clerk_rs::validators::authorizer::{ClerkError, validate_jwt};
use clerk_rs::validators::jwks::JwksProviderNoCache;
use serde_json::json;

use crate::args::{Args, Outcome, broken, done};

/// Runs an operation on sessions; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let session = args.text("session_id");
    let (user, client) = (args.maybe_text("user_id"), args.maybe_text("client_id"));
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    Ok(Some(match op {
        "GetSessionList" => {
            let (status, paginated) = (args.maybe_text("status"), args.flag("paginated"));
            done(
                api::get_session_list(config, client, user, status, paginated, limit, offset).await,
            )
        }
        "createSession" => done(api::create_session(config, Some(args.body()?)).await),
        "GetSession" => done(api::get_session(config, session).await),
        "RefreshSession" => done(api::refresh_session(config, session, Some(args.body()?)).await),
        "RevokeSession" => done(api::revoke_session(config, session).await),
        "CreateSessionToken" => {
            let options = args.body_beside(&["session_id"])?;
            done(api::create_session_token(config, session, options).await)
        }
        "CreateSessionTokenFromTemplate" => {
            let options = args.body_beside(&["session_id", "template_name"])?;
            let template = args.text("template_name");
            done(api::create_session_token_from_template(config, session, template, options).await)
        }
        "GetJWKS" => done(jwks_api::get_jwks(config).await),
        "lib:verify a session token" => verify(config, args.text("token")).await,
        _ => return Ok(None),
    }))
}

/// The claims of a token, or why the crate's own validator turns it down.
async fn verify(config: &ClerkConfiguration, token: &str) -> Outcome {
    let keys = Arc::new(JwksProviderNoCache::new(Clerk::new(config.clone())));
    match validate_jwt(token, keys).await {
        Ok(claims) => json!({ "value": claims }),
        Err(ClerkError::Unauthorized(reason)) => json!({ "value": { "rejected": reason } }),
        Err(error) => broken(&error),
    }
}

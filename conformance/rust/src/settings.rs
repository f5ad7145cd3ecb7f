//! Calls of the crate's module for the instance and its settings.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::instance_settings_api as api;

use crate::args::{Args, Outcome, done};

/// Runs an operation on the instance; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    Ok(Some(match op {
        "GetInstance" => done(api::get_instance(config).await),
        "UpdateInstance" => done(api::update_instance(config, Some(args.body()?)).await),
        "UpdateInstanceRestrictions" => {
            done(api::update_instance_restrictions(config, Some(args.body()?)).await)
        }
        "GetInstanceOrganizationSettings" => {
            done(api::get_instance_organization_settings(config).await)
        }
        "UpdateInstanceOrganizationSettings" => {
            done(api::update_instance_organization_settings(config, Some(args.body()?)).await)
        }
        "GetInstanceProtect" => done(api::get_instance_protect(config).await),
        "UpdateInstanceProtect" => {
            done(api::update_instance_protect(config, Some(args.body()?)).await)
        }
        "GetInstanceCommunication" => done(api::get_instance_communication(config).await),
        "UpdateInstanceCommunication" => {
            done(api::update_instance_communication(config, args.body_beside(&[])?).await)
        }
        "GetInstanceOAuthApplicationSettings" => {
            done(api::get_instance_o_auth_application_settings(config).await)
        }
        "UpdateInstanceOAuthApplicationSettings" => {
            done(api::update_instance_o_auth_application_settings(config, Some(args.body()?)).await)
        }
        _ => return Ok(None),
    }))
}

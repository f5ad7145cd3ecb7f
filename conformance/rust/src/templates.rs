//! Calls of the crate's module for JWT templates.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::jwt_templates_api as api;

use crate::args::{Args, Outcome, done};

/// Runs an operation on JWT templates; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let template = args.text("template_id");
    Ok(Some(match op {
        "ListJWTTemplates" => {
            let (limit, offset) = (args.count("limit"), args.count("offset"));
            done(api::list_jwt_templates(config, args.flag("paginated"), limit, offset).await)
        }
        "CreateJWTTemplate" => done(api::create_jwt_template(config, Some(args.body()?)).await),
        "GetJWTTemplate" => done(api::get_jwt_template(config, template).await),
        "UpdateJWTTemplate" => {
            done(api::update_jwt_template(config, template, Some(args.body()?)).await)
        }
        "DeleteJWTTemplate" => done(api::delete_jwt_template(config, template).await),
        _ => return Ok(None),
    }))
}

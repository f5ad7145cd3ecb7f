//! Calls of the crate's modules for organizations and their memberships.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{organization_memberships_api as memberships, organizations_api as api};

use crate::args::{Args, Outcome, done};

/// Runs an operation on organizations or memberships; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let organization = args.text("organization_id");
    Ok(Some(match op {
        "ListOrganizations" => list(config, args).await,
        "CreateOrganization" => done(api::create_organization(config, Some(args.body()?)).await),
        "GetOrganization" => {
            let elevated = args.flag("include_missing_member_with_elevated_permissions");
            let counted = args.flag("include_members_count");
            done(api::get_organization(config, organization, counted, elevated).await)
        }
        "UpdateOrganization" => {
            done(api::update_organization(config, organization, args.body()?).await)
        }
        "DeleteOrganization" => done(api::delete_organization(config, organization).await),
        "MergeOrganizationMetadata" => {
            done(api::merge_organization_metadata(config, organization, args.body()?).await)
        }
        "ReplaceOrganizationMetadata" => {
            done(api::replace_organization_metadata(config, organization, args.body()?).await)
        }
        "UploadOrganizationLogo" => {
            let uploader = args.maybe_text("uploader_user_id");
            done(api::upload_organization_logo(config, organization, args.file(), uploader).await)
        }
        "DeleteOrganizationLogo" => done(api::delete_organization_logo(config, organization).await),
        "GetOrganizationBillingSubscription" => {
            done(api::get_organization_billing_subscription(config, organization).await)
        }
        "GetOrganizationBillingCreditBalance" => {
            done(api::get_organization_billing_credit_balance(config, organization).await)
        }
        "AdjustOrganizationBillingCreditBalance" => done(
            api::adjust_organization_billing_credit_balance(config, organization, args.body()?)
                .await,
        ),
        _ => return on_memberships(config, op, args).await,
    }))
}

async fn list(config: &ClerkConfiguration, args: &Args) -> Outcome {
    done(
        api::list_organizations(
            config,
            args.flag("include_members_count"),
            args.flag("include_missing_member_with_elevated_permissions"),
            args.maybe_text("query"),
            args.texts("user_id"),
            args.texts("organization_id"),
            args.maybe_text("order_by"),
            args.count("limit"),
            args.count("offset"),
        )
        .await,
    )
}

async fn on_memberships(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let (organization, user) = (args.text("organization_id"), args.text("user_id"));
    Ok(Some(match op {
        "ListOrganizationMemberships" => list_members(config, args).await,
        "CreateOrganizationMembership" => done(
            memberships::create_organization_membership(config, organization, args.body()?).await,
        ),
        "UpdateOrganizationMembership" => done(
            memberships::update_organization_membership(config, organization, user, args.body()?)
                .await,
        ),
        "DeleteOrganizationMembership" => {
            done(memberships::delete_organization_membership(config, organization, user).await)
        }
        "UpdateOrganizationMembershipMetadata" => {
            let body = Some(args.body()?);
            done(
                memberships::update_organization_membership_metadata(
                    config,
                    organization,
                    user,
                    body,
                )
                .await,
            )
        }
        "InstanceGetOrganizationMemberships" => {
            let (limit, offset) = (args.count("limit"), args.count("offset"));
            let order = args.maybe_text("order_by");
            done(
                memberships::instance_get_organization_memberships(config, order, limit, offset)
                    .await,
            )
        }
        _ => return Ok(None),
    }))
}

async fn list_members(config: &ClerkConfiguration, args: &Args) -> Outcome {
    done(
        memberships::list_organization_memberships(
            config,
            args.text("organization_id"),
            args.maybe_text("order_by"),
            args.texts("user_id"),
            args.texts("email_address"),
            args.texts("phone_number"),
            args.texts("username"),
            args.texts("web3_wallet"),
            args.texts("role"),
            args.maybe_text("query"),
            args.maybe_text("email_address_query"),
            args.maybe_text("phone_number_query"),
            args.maybe_text("username_query"),
            args.maybe_text("name_query"),
            args.moment("last_active_at_before"),
            args.moment("last_active_at_after"),
            args.moment("created_at_before"),
            args.moment("created_at_after"),
            args.count("limit"),
            args.count("offset"),
        )
        .await,
    )
}

//! Calls of the crate's two modules for invitations.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{invitations_api as application, organization_invitations_api as api};

use crate::args::{Args, Outcome, done};

/// Runs an operation on invitations of either kind; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let (organization, invitation) = (args.text("organization_id"), args.text("invitation_id"));
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    let (status, order) = (args.first_text("status"), args.maybe_text("order_by"));
    Ok(Some(match op {
        "ListOrganizationInvitations" => {
            let address = args.maybe_text("email_address");
            done(
                api::list_organization_invitations(
                    config,
                    organization,
                    status,
                    address,
                    order,
                    limit,
                    offset,
                )
                .await,
            )
        }
        "CreateOrganizationInvitation" => done(
            api::create_organization_invitation(config, organization, Some(args.body()?)).await,
        ),
        "CreateOrganizationInvitationBulk" => done(
            api::create_organization_invitation_bulk(config, organization, args.items()?).await,
        ),
        "GetOrganizationInvitation" => {
            done(api::get_organization_invitation(config, organization, invitation).await)
        }
        "RevokeOrganizationInvitation" => {
            let body = if args.0.contains_key("requesting_user_id") {
                Some(args.body()?)
            } else {
                None
            };
            done(api::revoke_organization_invitation(config, organization, invitation, body).await)
        }
        "ListPendingOrganizationInvitations" => {
            #[expect(
                deprecated,
                reason = "the operation is deprecated and still part of the API"
            )]
            let answer =
                api::list_pending_organization_invitations(config, organization, limit, offset)
                    .await;
            done(answer)
        }
        "ListInstanceOrganizationInvitations" => {
            let query = args.maybe_text("query");
            done(
                api::list_instance_organization_invitations(
                    config, order, status, query, limit, offset,
                )
                .await,
            )
        }
        "ListInvitations" => {
            let (query, paginated) = (args.maybe_text("query"), args.flag("paginated"));
            done(
                application::list_invitations(
                    config, status, query, order, paginated, limit, offset,
                )
                .await,
            )
        }
        "CreateInvitation" => {
            done(application::create_invitation(config, Some(args.body()?)).await)
        }
        "CreateBulkInvitations" => {
            done(application::create_bulk_invitations(config, Some(args.items()?)).await)
        }
        "RevokeInvitation" => done(application::revoke_invitation(config, invitation).await),
        _ => return Ok(None),
    }))
}

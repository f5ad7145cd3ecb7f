//! Calls of the crate's modules for roles, permissions, role sets and domains of organizations.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{
    organization_domains_api as domains, organization_permissions_api as permissions,
    organization_roles_api as roles, role_sets_api as sets,
};

use crate::args::{Args, Outcome, done};

/// Runs an operation on roles, permissions, role sets or domains; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let (role, permission) = (
        args.text("organization_role_id"),
        args.text("permission_id"),
    );
    let (query, order) = (args.maybe_text("query"), args.maybe_text("order_by"));
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    Ok(Some(match op {
        "ListOrganizationRoles" => {
            done(roles::list_organization_roles(config, query, order, limit, offset).await)
        }
        "CreateOrganizationRole" => {
            done(roles::create_organization_role(config, args.body()?).await)
        }
        "GetOrganizationRole" => done(roles::get_organization_role(config, role).await),
        "UpdateOrganizationRole" => {
            done(roles::update_organization_role(config, role, args.body()?).await)
        }
        "DeleteOrganizationRole" => done(roles::delete_organization_role(config, role).await),
        "AssignPermissionToOrganizationRole" => {
            done(roles::assign_permission_to_organization_role(config, role, permission).await)
        }
        "RemovePermissionFromOrganizationRole" => {
            done(roles::remove_permission_from_organization_role(config, role, permission).await)
        }
        "ListOrganizationPermissions" => done(
            permissions::list_organization_permissions(config, query, order, limit, offset).await,
        ),
        "CreateOrganizationPermission" => {
            done(permissions::create_organization_permission(config, args.body()?).await)
        }
        "GetOrganizationPermission" => {
            done(permissions::get_organization_permission(config, permission).await)
        }
        "UpdateOrganizationPermission" => done(
            permissions::update_organization_permission(config, permission, args.body()?).await,
        ),
        "DeleteOrganizationPermission" => {
            done(permissions::delete_organization_permission(config, permission).await)
        }
        _ => return on_sets(config, op, args).await,
    }))
}

async fn on_sets(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let set = args.text("role_set_key_or_id");
    let (query, order) = (args.maybe_text("query"), args.maybe_text("order_by"));
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    Ok(Some(match op {
        "ListRoleSets" => done(sets::list_role_sets(config, query, order, limit, offset).await),
        "CreateRoleSet" => done(sets::create_role_set(config, args.body()?).await),
        "GetRoleSet" => done(sets::get_role_set(config, set).await),
        "UpdateRoleSet" => done(sets::update_role_set(config, set, args.body()?).await),
        "AddRolesToRoleSet" => done(sets::add_roles_to_role_set(config, set, args.body()?).await),
        "ReplaceRoleInRoleSet" => {
            done(sets::replace_role_in_role_set(config, set, args.body()?).await)
        }
        "ReplaceRoleSet" => done(sets::replace_role_set(config, set, args.body()?).await),
        _ => return on_domains(config, op, args).await,
    }))
}

async fn on_domains(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let (organization, domain) = (args.text("organization_id"), args.text("domain_id"));
    let verified = args.maybe_text("verified");
    let (query, order) = (args.maybe_text("query"), args.maybe_text("order_by"));
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    Ok(Some(match op {
        "ListAllOrganizationDomains" => {
            let (modes, names) = (args.texts("enrollment_mode"), args.texts("domains"));
            let organization = args.maybe_text("organization_id");
            done(
                domains::list_all_organization_domains(
                    config,
                    organization,
                    verified,
                    modes,
                    query,
                    names,
                    order,
                    offset,
                    limit,
                )
                .await,
            )
        }
        "ListOrganizationDomains" => {
            let mode = args.maybe_text("enrollment_mode");
            done(
                domains::list_organization_domains(
                    config,
                    organization,
                    verified,
                    mode,
                    limit,
                    offset,
                )
                .await,
            )
        }
        "CreateOrganizationDomain" => {
            done(domains::create_organization_domain(config, organization, args.body()?).await)
        }
        "UpdateOrganizationDomain" => done(
            domains::update_organization_domain(config, organization, domain, args.body()?).await,
        ),
        "DeleteOrganizationDomain" => {
            done(domains::delete_organization_domain(config, organization, domain).await)
        }
        "VerifyOrganizationDomainOwnership" => {
            done(domains::verify_organization_domain_ownership(config, organization, domain).await)
        }
        _ => return Ok(None),
    }))
}

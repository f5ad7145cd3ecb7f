//! Refusals of what concerns roles, permissions and role sets.

use http::StatusCode;

use crate::http::error::{ApiError, forbidden, not_found};
use crate::http::problem::Problem;

pub(crate) fn unknown(id: &str) -> ApiError {
    not_found(format!("No organization role was found with id {id}."))
}

pub(crate) fn unknown_permission(id: &str) -> ApiError {
    not_found(format!(
        "No organization permission was found with id {id}."
    ))
}

pub(crate) fn unknown_set(key_or_id: &str) -> ApiError {
    not_found(format!("No role set was found with key or id {key_or_id}."))
}

/// The response for a role, a permission or a role set that a body names and that does not exist.
pub(crate) fn no_such(param: &str, what: &str, name: &str) -> ApiError {
    let long = format!("There is no {what} {name}.");
    ApiError::new(
        StatusCode::NOT_FOUND,
        Problem::new("resource_not_found", "not found", long).of(param),
    )
}

pub(crate) fn system_permission() -> ApiError {
    forbidden(
        "organization_system_permission_not_modifiable",
        "system permission can't be modified",
        "The permissions that every instance has can be neither changed nor deleted.",
    )
}

pub(crate) fn granted_already() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        Problem::new(
            "organization_role_permission_association_exists",
            "permission assigned already",
            "This role has this permission already.",
        ),
    )
}

pub(crate) fn not_granted() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        Problem::new(
            "organization_role_permission_association_not_found",
            "permission not assigned",
            "This role does not have this permission.",
        ),
    )
}

/// What stands in the way of deleting a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Creator,
    Default,
    Members,
    Invitations,
}

pub(crate) fn in_use(by: Use) -> ApiError {
    let (code, message, long) = match by {
        Use::Creator => (
            "organization_role_default_creator_role",
            "role is the creator role",
            "A role set gives this role to creators of organizations; it can't be deleted.",
        ),
        Use::Default => (
            "organization_role_domain_default_role",
            "role is the default role",
            "A role set gives this role to new members; it can't be deleted.",
        ),
        Use::Members => (
            "organization_role_assigned_members",
            "role is assigned to members",
            "Members of organizations have this role; it can't be deleted.",
        ),
        Use::Invitations => (
            "organization_role_exists_in_invitations",
            "role is in pending invitations",
            "Pending invitations are for this role; revoke them first.",
        ),
    };
    Problem::new(code, message, long).into()
}

/// A creator must be able to manage the organization.
pub(crate) fn creator_needs(permissions: &[&str]) -> ApiError {
    Problem::new(
        "organization_missing_creator_role_permissions",
        "creator role lacks permissions",
        format!(
            "The role of creators must have the permissions {}.",
            permissions.join(", ")
        ),
    )
    .into()
}

pub(crate) fn too_many_roles(most: u64) -> ApiError {
    forbidden(
        "organization_instance_roles_quota_exceeded",
        "roles quota exceeded",
        format!("An instance may have {most} roles of its own."),
    )
}

pub(crate) fn too_many_permissions(most: u64) -> ApiError {
    forbidden(
        "organization_instance_permissions_quota_exceeded",
        "permissions quota exceeded",
        format!("An instance may have {most} permissions of its own."),
    )
}

pub(crate) fn too_many_sets(most: u64) -> ApiError {
    forbidden(
        "organization_instance_role_sets_quota_exceeded",
        "role sets quota exceeded",
        format!("An instance may have {most} role sets."),
    )
}

/// An organization can't have a set without the roles of its members.
pub(crate) fn does_not_fit() -> Problem {
    Problem::new(
        "form_param_value_invalid",
        "is invalid",
        "Members or pending invitations of the organization have roles that are not in this role set.",
    )
    .of("role_set_key")
}

/// Members would be left with a role that they cannot have any more.
pub(crate) fn no_mapping(role: &str) -> Problem {
    Problem::new(
        "form_param_missing",
        "is missing",
        format!("reassignment_mappings must name another role for those who have {role}."),
    )
    .of("reassignment_mappings")
}

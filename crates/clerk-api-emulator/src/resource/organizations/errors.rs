//! Refusals of what concerns organizations and their members.

use http::StatusCode;

use crate::http::error::{ApiError, bad_request, forbidden, not_found};
use crate::http::problem::Problem;

/// The response for an organization that does not exist, in the vendor's words.
pub(crate) fn unknown() -> ApiError {
    not_found("Given organization not found.")
}

/// The response for a role that the instance does not have.
pub(crate) fn unknown_role(key: &str) -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        Problem::new(
            "resource_not_found",
            "not found",
            format!("No role was found with key {key}."),
        )
        .of("role"),
    )
}

/// The response for a user who is not in the organization that the path names.
pub(crate) fn no_member(user: &str) -> ApiError {
    not_found(format!(
        "The user {user} is not a member of this organization."
    ))
}

pub(crate) fn no_creator(user: &str) -> ApiError {
    bad_request(
        "organization_creator_not_found",
        "creator not found",
        format!("No user was found with id {user} to create the organization."),
    )
}

pub(crate) fn already_a_member(user: &str) -> ApiError {
    bad_request(
        "already_a_member_in_organization",
        "already a member",
        format!("The user {user} is already a member of this organization."),
    )
}

/// The last member who may manage an organization must stay one.
pub(crate) fn minimum_permissions_needed() -> ApiError {
    bad_request(
        "organization_minimum_permissions_needed",
        "minimum permissions needed",
        "At least one member must keep a role that can manage the organization and its members.",
    )
}

pub(crate) fn full(most: u64) -> ApiError {
    forbidden(
        "organization_membership_quota_exceeded",
        "membership quota exceeded",
        format!(
            "This organization may have {most} members, pending invitations included, and has no room for more."
        ),
    )
}

/// The response of everything about organizations while the instance has none.
pub(crate) fn not_enabled() -> ApiError {
    forbidden(
        "organization_not_enabled_in_instance",
        "organizations are not enabled",
        "Organizations are turned off in this instance.",
    )
}

pub(crate) fn slugs_disabled() -> ApiError {
    forbidden(
        "organization_slugs_disabled",
        "slugs are disabled",
        "The slugs of organizations are turned off in this instance.",
    )
}

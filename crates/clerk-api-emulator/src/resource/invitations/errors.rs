//! Refusals of what concerns invitations.

use http::StatusCode;
use serde_json::json;

use crate::http::error::{ApiError, bad_request, forbidden, not_found};
use crate::http::problem::Problem;

pub(crate) fn unknown(id: &str) -> ApiError {
    not_found(format!("No invitation was found with id {id}."))
}

/// The response for a ticket that no invitation has.
pub(crate) fn unknown_ticket() -> ApiError {
    not_found("No invitation was found with this ticket.")
}

/// The response to accepting or declining what is settled.
pub(crate) fn settled(status: &str) -> ApiError {
    bad_request(
        "invitation_not_pending",
        "not pending",
        format!("Only pending invitations can be accepted or declined; this one is {status}."),
    )
}

/// These addresses wait for their invitation to the application already.
pub(crate) fn duplicates(emails: &[&str]) -> ApiError {
    pending("duplicate_record", "duplicate invitation", emails)
}

/// These addresses wait for their invitation to the organization already.
pub(crate) fn not_unique(emails: &[&str]) -> ApiError {
    pending(
        "organization_invitation_not_unique",
        "duplicate invitation",
        emails,
    )
}

fn pending(code: &'static str, message: &'static str, emails: &[&str]) -> ApiError {
    let long = format!(
        "An invitation is pending already for: {}.",
        emails.join(", ")
    );
    let problem = Problem::new(code, message, long).with("email_addresses", json!(emails));
    ApiError::new(StatusCode::BAD_REQUEST, problem)
}

pub(crate) fn already_revoked() -> ApiError {
    bad_request(
        "invitation_already_revoked",
        "already revoked",
        "This invitation has been revoked before.",
    )
}

pub(crate) fn already_accepted() -> ApiError {
    bad_request(
        "invitation_already_accepted",
        "already accepted",
        "This invitation has been accepted and can't be revoked any more.",
    )
}

/// The response to revoking what is no longer pending in an organization; not a 400, unlike the application's.
pub(crate) fn not_pending(status: &str) -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        Problem::new(
            "organization_invitation_not_pending",
            "not pending",
            format!("Only pending invitations can be revoked; this one is {status}."),
        ),
    )
}

/// The inviter, or who asks for a revocation, is not in the organization.
pub(crate) fn stranger(user: &str) -> ApiError {
    forbidden(
        "not_a_member_in_organization",
        "not a member",
        format!("The user {user} is not a member of this organization."),
    )
}

/// The inviter, or who asks for a revocation, may not do that.
pub(crate) fn not_permitted(user: &str, permission: &str) -> ApiError {
    let problem = Problem::new(
        "missing_organization_permission",
        "missing permission",
        format!("The user {user} lacks the permission {permission} in this organization."),
    );
    ApiError::new(
        StatusCode::FORBIDDEN,
        problem.with("permissions", json!([permission])),
    )
}

pub(crate) fn bulk_size(most: usize) -> ApiError {
    bad_request(
        "bulk_size_exceeded",
        "bulk size exceeded",
        format!("At most {most} invitations can be created at once."),
    )
}

//! Refusals of what concerns email addresses, phone numbers the codes that are sent to them, and who may sign up with them.

use http::StatusCode;
use serde_json::json;

use crate::http::error::{ApiError, bad_request, not_found};
use crate::http::problem::Problem;

/// `what` names the kind, such as "email address".
pub(crate) fn unknown(what: &str, id: &str) -> ApiError {
    not_found(format!("No {what} was found with id {id}."))
}

/// A connected account needs the address or number.
pub(crate) fn linked(what: &str) -> ApiError {
    bad_request(
        "delete_linked_identification_disallowed",
        "linked to a connected account",
        format!("This {what} is linked to a connected account, which has to go first."),
    )
}

/// Nobody could be that user any more.
pub(crate) fn last(what: &str) -> ApiError {
    bad_request(
        "last_required_identification_deletion_failed",
        "last identification",
        format!("This {what} is the last thing that identifies its user."),
    )
}

pub(crate) fn unknown_verification(id: &str) -> ApiError {
    not_found(format!("No verification was found with id {id}."))
}

pub(crate) fn already_verified() -> ApiError {
    bad_request(
        "verification_already_verified",
        "already verified",
        "The code of this verification has been accepted before.",
    )
}

/// A restriction of the instance keeps these out.
pub(crate) fn not_allowed(identifiers: &[String]) -> ApiError {
    let problem = Problem::new(
        "not_allowed_access",
        "Access not allowed.",
        "The restrictions of this instance do not let this user in.",
    );
    ApiError::new(
        StatusCode::FORBIDDEN,
        problem.with("identifiers", json!(identifiers)),
    )
}

/// The allowlist or the blocklist has it already.
pub(crate) fn listed_already(identifier: &str) -> ApiError {
    let problem = Problem::new(
        "duplicate_record",
        "duplicate identifier",
        format!("The identifier {identifier} is on the list already."),
    );
    ApiError::new(
        StatusCode::BAD_REQUEST,
        problem.with("identifiers", json!([identifier])),
    )
}

/// Codes to one phone number need a pause between them.
pub(crate) fn too_many_codes(seconds: u64) -> ApiError {
    let error = ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        Problem::new(
            "verification_code_too_many_requests",
            "too many requests",
            format!("A code was sent to this phone number just now. Try again in {seconds} s."),
        ),
    );
    error.retry_after(seconds)
}

//! Refusals of what concerns the waitlist.

use http::StatusCode;

use super::wire::Status;
use crate::http::error::{ApiError, bad_request, not_found};
use crate::http::problem::Problem;

pub(crate) fn unknown(id: &str) -> ApiError {
    not_found(format!("No waitlist entry was found with id {id}."))
}

/// The response for an entry that does not wait any more; `None` if it does.
pub(crate) fn settled(status: Status) -> Option<ApiError> {
    let (code, message) = match status {
        Status::Pending => return None,
        Status::Invited => ("waitlist_entry_already_invited", "already invited"),
        Status::Completed => ("waitlist_entry_already_completed", "already completed"),
        Status::Rejected => ("waitlist_entry_already_rejected", "already rejected"),
    };
    let long = format!(
        "Only pending entries can be changed; this one is {}.",
        status.name()
    );
    Some(ApiError::new(
        StatusCode::CONFLICT,
        Problem::new(code, message, long),
    ))
}

pub(crate) fn bulk_size(most: usize) -> ApiError {
    bad_request(
        "bulk_size_exceeded",
        "bulk size exceeded",
        format!("At most {most} entries can be added to the waitlist at once."),
    )
}

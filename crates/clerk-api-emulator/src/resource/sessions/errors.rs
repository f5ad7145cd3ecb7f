//! Refusals of what concerns sessions and their tokens.

use http::StatusCode;

use crate::http::error::{ApiError, bad_request, not_found};
use crate::http::problem::Problem;

pub(crate) fn unknown(id: &str) -> ApiError {
    not_found(format!("No session was found with id {id}."))
}

/// The list of sessions needs somebody whose they are.
pub(crate) fn of_nobody() -> ApiError {
    bad_request(
        "missing_query_parameter",
        "missing query parameter",
        "At least one of the query parameters client_id and user_id must be given.",
    )
}

/// The response to asking for a token of a session that is over.
pub(crate) fn inactive(status: &str) -> ApiError {
    unauthorized(
        "authentication_invalid",
        "Invalid authentication",
        format!("Only an active session has tokens; this one is {status}."),
    )
}

/// The response for a template that does not exist; `attribute` is what it was looked for by.
pub(crate) fn unknown_template(attribute: &str, value: &str) -> ApiError {
    not_found(format!(
        "There is no JWT template with the {attribute} {value}."
    ))
}

/// A template may not name what every token has.
pub(crate) fn reserved_claim(claim: &str) -> ApiError {
    let problem = Problem::new(
        "jwt_template_reserved_claim",
        "reserved claim used",
        format!(
            "A template can't have the claim '{claim}': tokens have it from elsewhere, or not at all."
        ),
    );
    ApiError::new(StatusCode::BAD_REQUEST, problem.of("claims"))
}

/// Only pending tokens can be taken back.
pub(crate) fn not_revocable(code: &'static str, status: &str) -> ApiError {
    bad_request(
        code,
        "cannot revoke",
        format!("Only a pending token can be revoked; this one is {status}."),
    )
}

/// Only pending tokens sign in.
pub(crate) fn not_usable(status: &str) -> ApiError {
    bad_request(
        "token_not_pending",
        "not pending",
        format!("Only a pending token signs in; this one is {status}."),
    )
}

/// A banned user has no sessions.
pub(crate) fn banned(user: &str) -> ApiError {
    crate::http::error::forbidden(
        "user_banned",
        "User banned",
        format!("The user {user} is banned and can't have a session."),
    )
}

/// Why a session is not refreshed. Official clients read the code and make the browser sign in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRefresh {
    OriginInvalid,
    TokenInvalid,
    SidMissing,
    SidMismatch,
    RefreshTokenUnknown,
    SessionUnknown,
    SessionInactive,
}

impl From<NoRefresh> for ApiError {
    fn from(why: NoRefresh) -> Self {
        let (code, message, long) = match why {
            NoRefresh::OriginInvalid => (
                "refresh_request_origin_invalid",
                "Request origin is invalid",
                "request_origin must be an origin such as https://example.com.",
            ),
            NoRefresh::TokenInvalid => (
                "expired_session_token_invalid",
                "Invalid expired_token param",
                "This instance has not signed the given session token.",
            ),
            NoRefresh::SidMissing => (
                "expired_session_token_missing_sid",
                "missing 'sid' claim",
                "The given session token names no session.",
            ),
            NoRefresh::SidMismatch => (
                "refresh_sid_mismatch",
                "Session ID does not match the 'sid' claim",
                "The given session token belongs to another session than the path names.",
            ),
            NoRefresh::RefreshTokenUnknown => (
                "refresh_token_not_found",
                "Refresh token not found",
                "The given refresh token does not exist.",
            ),
            NoRefresh::SessionUnknown => (
                "session_refresh_session_not_found",
                "Session not found",
                "The session of the given token does not exist.",
            ),
            NoRefresh::SessionInactive => (
                "session_refresh_inactive_session",
                "session inactive",
                "The session of the given token is over.",
            ),
        };
        unauthorized(code, message, long)
    }
}

fn unauthorized(
    code: &'static str,
    message: &'static str,
    long: impl Into<std::borrow::Cow<'static, str>>,
) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, Problem::new(code, message, long))
}

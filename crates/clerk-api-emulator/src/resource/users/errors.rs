//! Refusals of what concerns passwords and second factors.

use crate::http::error::{ApiError, bad_request};
use crate::http::problem::Problem;

pub(crate) fn no_password_set() -> ApiError {
    bad_request(
        "no_password_set",
        "no password set",
        "This user has no password.",
    )
}

pub(crate) fn incorrect_password() -> ApiError {
    let problem = Problem::new(
        "incorrect_password",
        "incorrect password",
        "That is not the password of this user.",
    );
    problem.of("password").into()
}

/// The response for a password that was imported as a hash which this server cannot compute.
pub(crate) fn unverifiable(scheme: &str) -> ApiError {
    bad_request(
        "request_invalid_for_instance",
        "Invalid request for instance",
        format!("This local instance keeps hashes made by {scheme}, but cannot verify them."),
    )
}

pub(crate) fn totp_disabled() -> ApiError {
    bad_request(
        "totp_disabled",
        "TOTP is disabled",
        "This user has no authenticator app.",
    )
}

pub(crate) fn totp_incorrect_code() -> ApiError {
    let problem = Problem::new(
        "totp_incorrect_code",
        "incorrect code",
        "That is neither the code of the moment nor a backup code that is left.",
    );
    problem.of("code").into()
}

pub(crate) fn totp_invalid_length() -> ApiError {
    let problem = Problem::new(
        "totp_invalid_length",
        "invalid length",
        "The code of an authenticator app has six digits.",
    );
    problem.of("code").into()
}

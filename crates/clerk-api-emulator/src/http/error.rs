//! Every error response: its status, and the errors that are neither about parameters (those: `problem`) nor of one resource.

use std::borrow::Cow;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{StatusCode, Uri};
use serde::Serialize;

use super::problem::Problem;
use crate::store::StoreError;

/// A response that is not a success.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    problems: Vec<Problem>,
    /// Seconds after which it is worth another try.
    retry_after: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, problem: Problem) -> Self {
        Self {
            status,
            problems: vec![problem],
            retry_after: None,
        }
    }

    /// Says after how many seconds the same request may succeed.
    #[must_use]
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Joins several problems into one response.
    pub(crate) fn with_all(status: StatusCode, problems: Vec<Problem>) -> Self {
        Self {
            status,
            problems,
            retry_after: None,
        }
    }

    /// Joins all that is wrong with the parameters into one 422.
    pub(crate) fn unprocessable(problems: Vec<Problem>) -> Self {
        Self::with_all(StatusCode::UNPROCESSABLE_ENTITY, problems)
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Writes the body of the response.
    pub(crate) fn body(&self, trace: &str) -> Vec<u8> {
        #[derive(Serialize)]
        struct Wire<'a> {
            errors: &'a [Problem],
            clerk_trace_id: &'a str,
        }
        serde_json::to_vec(&Wire {
            errors: &self.problems,
            clerk_trace_id: trace,
        })
        .unwrap_or_default()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for problem in &self.problems {
            write!(f, ", {problem}")?;
        }
        Ok(())
    }
}

/// The body is written by the gate, which knows the trace id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::unprocessable(vec![problem])
    }
}

/// A busy file is worth another try by the caller; anything else is a fault of this program or its disk.
impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Problem::new(
                    "service_unavailable",
                    "Service unavailable",
                    error.to_string(),
                ),
            ),
            _ => internal(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<serde_json::Error> for ApiError {
    fn from(error: serde_json::Error) -> Self {
        StoreError::from(error).into()
    }
}

pub(crate) fn internal(long_message: impl Into<Cow<'static, str>>) -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        Problem::new(
            "internal_clerk_error",
            "Oops, an unexpected error occurred",
            long_message,
        ),
    )
}

pub(crate) fn bad_request(
    code: &'static str,
    message: &'static str,
    long: impl Into<Cow<'static, str>>,
) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, Problem::new(code, message, long))
}

pub(crate) fn forbidden(
    code: &'static str,
    message: &'static str,
    long: impl Into<Cow<'static, str>>,
) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, Problem::new(code, message, long))
}

pub(crate) fn not_found(long: impl Into<Cow<'static, str>>) -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        Problem::new("resource_not_found", "not found", long),
    )
}

/// The response for a path that is not an endpoint, or not one of the requested version.
pub(crate) async fn unknown_endpoint(uri: Uri) -> ApiError {
    not_found(format!("There is no such endpoint: {}.", uri.path()))
}

/// The response for a user that does not exist.
pub(crate) fn user_not_found(id: &str) -> ApiError {
    not_found(format!("No user was found with id {id}."))
}

pub(crate) fn api_version_invalid(long: &'static str) -> ApiError {
    bad_request("api_version_invalid", "invalid API version", long)
}

pub(crate) fn body_invalid(long: impl Into<Cow<'static, str>>) -> ApiError {
    bad_request("request_body_invalid", "Request body invalid", long)
}

pub(crate) fn unauthorized_header() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        Problem::new(
            "authorization_header_format_invalid",
            "Invalid Authorization header format",
            "The Authorization header must be of the form: Bearer <secret key>.",
        ),
    )
}

pub(crate) fn key_invalid(text: &'static str) -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        Problem::new("clerk_key_invalid", text, text),
    )
}

/// A request to the server itself without its token: reliability 11.3.
pub(crate) fn control_token() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        Problem::new(
            "control_token_invalid",
            "Control token is invalid",
            "Requests to /local need the control token that the server printed when it started.",
        ),
    )
}

/// The request was made for another host name: reliability 11.2.
pub(crate) fn misdirected() -> ApiError {
    ApiError::new(
        StatusCode::MISDIRECTED_REQUEST,
        Problem::new(
            "host_invalid",
            "Host is invalid",
            "This server answers only for localhost, 127.0.0.1 and [::1] at its own port.",
        ),
    )
}

pub(crate) fn cross_site() -> ApiError {
    forbidden(
        "authorization_invalid",
        "Unauthorized request",
        "Requests from other sites' pages are refused.",
    )
}

/// More requests came than a limit allows.
pub(crate) fn too_many_requests() -> ApiError {
    ApiError::new(
        StatusCode::TOO_MANY_REQUESTS,
        Problem::new(
            "too_many_requests",
            "Too many requests",
            "Too many requests, retry later",
        ),
    )
}

/// The response of a fault: what the API says with this status.
pub(crate) fn of_fault(status: StatusCode) -> ApiError {
    let (code, message) = match status.as_u16() {
        400 => ("request_body_invalid", "Request body invalid"),
        401 => ("authentication_invalid", "Invalid authentication"),
        402 => (
            "unsupported_subscription_plan_features",
            "Unsupported plan features",
        ),
        403 => ("authorization_invalid", "Unauthorized request"),
        404 => ("resource_not_found", "not found"),
        409 => ("resource_locked", "resource busy"),
        422 => ("form_param_value_invalid", "is invalid"),
        429 => return too_many_requests(),
        503 => ("service_unavailable", "Service unavailable"),
        504 => ("gateway_timeout", "Gateway Timeout"),
        _ => ("internal_clerk_error", "Oops, an unexpected error occurred"),
    };
    let long = "This response was requested: a fault of the local Clerk applied to the request.";
    ApiError::new(status, Problem::new(code, message, long))
}

/// A fault that makes no sense.
pub(crate) fn fault_invalid(reason: String) -> ApiError {
    let problem = Problem::new("fault_invalid", "Fault is invalid", reason);
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
}

/// The instance may have no more users.
pub(crate) fn user_quota_exceeded(cap: u32) -> ApiError {
    forbidden(
        "user_quota_exceeded",
        "User quota exceeded",
        format!("This instance may have {cap} users."),
    )
}

/// All connections are taken but those that are kept for the server's own API.
pub(crate) fn crowded() -> ApiError {
    let problem = Problem::new(
        "service_unavailable",
        "Service unavailable",
        "All connections of this server are in use. Close some, or try again.",
    );
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, problem).retry_after(1)
}

/// A body that stopped before its end.
pub(crate) fn body_stalled() -> ApiError {
    let problem = Problem::new(
        "request_body_invalid",
        "Request body invalid",
        "The rest of the request body did not arrive in time.",
    );
    ApiError::new(StatusCode::REQUEST_TIMEOUT, problem)
}

pub(crate) fn content_type() -> ApiError {
    ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Problem::new(
            "unsupported_content_type",
            "Content-Type is unsupported",
            "The body must be sent as application/json, an image as multipart/form-data.",
        ),
    )
}

pub(crate) fn body_too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        Problem::new(
            "request_body_too_large",
            "Request body too large",
            "The request body is larger than this endpoint takes.",
        ),
    )
}

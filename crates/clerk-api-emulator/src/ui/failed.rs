//! Why there is no page. The page that says so is written by `frame`.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::http::error::ApiError;

/// Why there is no page.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) status: StatusCode,
    pub(super) text: String,
}

impl Failed {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
        }
    }

    pub(super) fn not_found(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }

    /// Somebody without the cookie.
    pub(super) fn locked() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "")
    }

    pub(super) fn of(error: &ApiError) -> Self {
        let texts: Vec<_> = error.problems().iter().map(|one| one.long()).collect();
        Self::new(error.status(), texts.join(" "))
    }
}

impl From<ApiError> for Failed {
    fn from(error: ApiError) -> Self {
        Self::of(&error)
    }
}

/// The body is written by the guard, which knows the site.
impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

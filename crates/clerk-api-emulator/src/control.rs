//! `/local/api/…`: what concerns this server and is no part of Clerk's API. Every request carries the control token.

mod clock;
mod effects;
mod events;
mod faults;
mod limits;
mod mails;
mod page;
pub(crate) mod requests;
mod snapshots;
mod status;
mod tickets;
mod webhooks;

use axum::Router;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde::de::DeserializeOwned;

use crate::app::Shared;
use crate::auth;
use crate::error::{self, ApiError};

/// What all paths of this kind begin with.
const PREFIX: &str = "/local";

/// Builds the routes below `/local/api`. What belongs to one subject is one module.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .merge(clock::router())
        .merge(effects::router())
        .merge(faults::router())
        .merge(limits::router())
        .merge(events::router())
        .merge(mails::router())
        .merge(page::router())
        .merge(requests::router())
        .merge(snapshots::router())
        .merge(status::router())
        .merge(tickets::router())
        .merge(webhooks::router())
}

/// Tells whether a path is this server's own and not Clerk's.
pub(crate) fn is_own(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads the JSON body of a request.
fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| error::body_invalid(format!("The body is not what is expected: {error}.")))
}

/// Checks the control token (reliability 11.3).
pub(crate) fn check(headers: &HeaderMap, expected: &str) -> Result<(), ApiError> {
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "))
        .unwrap_or_default();
    if auth::same(token.as_bytes(), expected.as_bytes()) {
        Ok(())
    } else {
        Err(error::control_token())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_prefix_are_own() {
        for own in ["/local", "/local/", "/local/api/status"] {
            assert!(is_own(own), "{own}");
        }
        for other in ["/", "/localhost", "/v1/local", "/v1/users"] {
            assert!(!is_own(other), "{other}");
        }
    }

    #[test]
    fn the_token_must_be_the_right_one() {
        // reliability 11.3
        let mut headers = HeaderMap::new();
        assert!(check(&headers, "lct_x").is_err());
        for (given, good) in [
            ("Bearer lct_x", true),
            ("lct_x", false),
            ("Bearer lct_y", false),
        ] {
            headers.insert(AUTHORIZATION, given.parse().expect("a header value"));
            assert_eq!(check(&headers, "lct_x").is_ok(), good, "{given}");
        }
    }
}

//! What the bodies of both kinds of invitation share.

use bytes::Bytes;

use super::errors;
use crate::http::body::{Body, Given};
use crate::http::error::{self, ApiError};
use crate::http::{check, problem};

const DAY: i64 = 24 * 60 * 60 * 1_000;
const DAYS_DEFAULT: i64 = 30;
const DAYS: std::ops::RangeInclusive<i64> = 1..=365;
/// Most invitations of one bulk request.
const MOST: usize = 10;

/// Reads the array of a bulk request.
pub(crate) fn items(bytes: &Bytes) -> Result<Vec<Body<'_>>, ApiError> {
    let items = Body::parse_many(bytes)?;
    match items.len() {
        0 => Err(error::body_invalid(
            "The request body must hold at least one invitation.",
        )),
        1..=MOST => Ok(items),
        _ => Err(errors::bulk_size(MOST)),
    }
}

/// Reads the address of the invited, in lower case.
pub(crate) fn email(body: &mut Body<'_>) -> String {
    match body.text("email_address") {
        Given::Value(text) => match check::email("email_address", &text) {
            Ok(email) => return email,
            Err(problem) => body.problem(problem),
        },
        given => return body.required("email_address", given),
    }
    String::new()
}

/// Reads when the invitation expires.
pub(crate) fn expiry(body: &mut Body<'_>, now: i64) -> i64 {
    let days = body.whole("expires_in_days").value();
    let days = days.unwrap_or(DAYS_DEFAULT);
    if !DAYS.contains(&days) {
        let text = days.to_string();
        body.problem(problem::value_invalid("expires_in_days", &text));
    }
    now.saturating_add(days.saturating_mul(DAY))
}

/// Returns when an invitation expires by default.
pub(crate) fn usual_expiry(now: i64) -> i64 {
    now.saturating_add(DAYS_DEFAULT * DAY)
}

/// Reads where the invited shall land: an address with a scheme, which may be that of a native app.
pub(crate) fn redirect_url(body: &mut Body<'_>, given: Option<String>) -> Option<String> {
    let url = given?;
    if !has_scheme(&url) {
        body.problem(problem::format_invalid("redirect_url", "URL"));
    }
    Some(url)
}

/// Schemes that lead nowhere a person could be sent: to files, or to what a browser would run.
const NOWHERE: [&str; 8] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "javascript",
    "vbscript",
    "view-source",
];

/// Returns whether a text looks like an address of the web or of an application.
pub(crate) fn has_scheme(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, rest)| {
        !NOWHERE.iter().any(|one| scheme.eq_ignore_ascii_case(one))
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && !rest.is_empty()
    }) && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::body::Unknown;

    #[test]
    fn addresses_to_land_on_have_a_scheme() {
        let refused = |url: &str| {
            let mut body = Body::parse(b"{}").expect("object");
            redirect_url(&mut body, Some(url.to_owned()));
            body.finish(Unknown::Refuse).is_err()
        };
        for good in [
            "https://example.com/?a=b",
            "http://localhost:3000",
            "my-app://open",
        ] {
            assert!(!refused(good), "{good}");
        }
        for bad in [
            "",
            "/welcome",
            "example.com",
            "://x",
            "1a://x",
            "https://",
            "https://a b",
            "file:///etc/passwd",
            "FILE://host/x",
            "javascript://%0Aalert(1)",
            "data://x",
        ] {
            assert!(refused(bad), "{bad}");
        }
    }
}

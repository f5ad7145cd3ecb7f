//! Who may speak to the emulator: its own key, its own host names, no other sites' pages.

use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST, ORIGIN};

use super::error::{self, ApiError};

/// Checks the `Host` header (reliability 11.2): a page of another site that resolves to loopback is refused.
pub(crate) fn check_host(headers: &HeaderMap, port: u16) -> Result<(), ApiError> {
    let host = headers
        .get(HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if is_ours(host, port) {
        Ok(())
    } else {
        Err(error::misdirected())
    }
}

/// Checks where a browser says a request comes from (reliability 11.2).
pub(crate) fn check_origin(headers: &HeaderMap, port: u16) -> Result<(), ApiError> {
    let ours = headers.get(ORIGIN).is_none_or(|value| {
        value
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|host| is_ours(host, port))
    });
    let cross = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site.as_bytes().eq_ignore_ascii_case(b"cross-site"));
    if ours && !cross {
        Ok(())
    } else {
        Err(error::cross_site())
    }
}

/// Checks the key. A live key is refused without being looked at further (reliability 11.4).
pub(crate) fn check_key(headers: &HeaderMap, expected: &str) -> Result<(), ApiError> {
    let header = headers
        .get(AUTHORIZATION)
        .ok_or_else(error::unauthorized_header)?;
    let key = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim())
        .filter(|key| !key.is_empty())
        .ok_or_else(error::unauthorized_header)?;
    if key.starts_with("sk_live_") {
        return Err(error::key_invalid(
            "This is a local instance: it refuses live keys.",
        ));
    }
    if same(key.as_bytes(), expected.as_bytes()) {
        Ok(())
    } else {
        Err(error::key_invalid(
            "The provided Clerk Secret Key is invalid.",
        ))
    }
}

fn is_ours(host: &str, port: u16) -> bool {
    host.rsplit_once(':').is_some_and(|(name, given)| {
        given.parse() == Ok(port)
            && (name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]")
    })
}

/// Compares in a time that does not depend on where the difference is.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}

/// Checks the control token (reliability 11.3).
pub(crate) fn check_control_token(headers: &HeaderMap, expected: &str) -> Result<(), ApiError> {
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "))
        .unwrap_or_default();
    if same(token.as_bytes(), expected.as_bytes()) {
        Ok(())
    } else {
        Err(error::control_token())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("header value"));
        headers
    }

    #[test]
    fn hosts_other_than_loopback_are_refused() {
        // reliability 11.2
        for good in ["localhost:80", "127.0.0.1:80", "[::1]:80", "LOCALHOST:80"] {
            assert!(check_host(&headers("host", good), 80).is_ok(), "{good}");
        }
        for bad in [
            "evil.test:80",
            "localhost",
            "localhost:81",
            "127.0.0.1.evil.test:80",
            "x@localhost:80",
        ] {
            assert!(check_host(&headers("host", bad), 80).is_err(), "{bad}");
        }
        assert!(check_host(&HeaderMap::new(), 80).is_err());
    }

    #[test]
    fn other_sites_are_refused() {
        // reliability 11.2
        assert!(check_origin(&HeaderMap::new(), 80).is_ok());
        assert!(check_origin(&headers("origin", "http://localhost:80"), 80).is_ok());
        for bad in [
            "null",
            "https://localhost:80",
            "http://evil.test",
            "http://localhost:81",
        ] {
            assert!(check_origin(&headers("origin", bad), 80).is_err(), "{bad}");
        }
        assert!(check_origin(&headers("sec-fetch-site", "cross-site"), 80).is_err());
        assert!(check_origin(&headers("sec-fetch-site", "same-origin"), 80).is_ok());
    }

    #[test]
    fn the_token_must_be_the_right_one() {
        // reliability 11.3
        let mut headers = HeaderMap::new();
        assert!(check_control_token(&headers, "lct_x").is_err());
        for (given, good) in [
            ("Bearer lct_x", true),
            ("lct_x", false),
            ("Bearer lct_y", false),
        ] {
            headers.insert(AUTHORIZATION, given.parse().expect("a header value"));
            assert_eq!(
                check_control_token(&headers, "lct_x").is_ok(),
                good,
                "{given}"
            );
        }
    }
}

//! What admits a browser: values made from the control token, so that they end with it (reliability 11.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use http::header::COOKIE;
use sha2::Sha256;

use crate::auth;

/// The values of one server.
pub(super) struct Pass {
    /// Browsers send cookies to every port of a host: the name keeps several servers apart.
    cookie_name: String,
    cookie: String,
    csrf: String,
    token: String,
}

impl std::fmt::Debug for Pass {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pass(…)")
    }
}

impl Pass {
    pub(super) fn new(control_token: &str, port: u16) -> Self {
        Self {
            cookie_name: format!("clerk_api_local_{port}"),
            cookie: derive(control_token, "cookie of the pages"),
            csrf: derive(control_token, "forms of the pages"),
            token: control_token.to_owned(),
        }
    }

    /// Tells whether this is the token of the start-up address.
    pub(super) fn is_token(&self, given: &str) -> bool {
        auth::same(given.as_bytes(), self.token.as_bytes())
    }

    /// Tells whether a request carries the cookie.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter();
        cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| {
                name == self.cookie_name && auth::same(value.as_bytes(), self.cookie.as_bytes())
            })
    }

    /// The `Set-Cookie` header. It ends with the browser's session.
    pub(super) fn set_cookie(&self) -> String {
        format!(
            "{}={}; Path=/local; HttpOnly; SameSite=Strict",
            self.cookie_name, self.cookie
        )
    }

    /// What every form and every request of the script that changes something carries.
    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    pub(super) fn is_csrf(&self, given: &str) -> bool {
        auth::same(given.as_bytes(), self.csrf.as_bytes())
    }
}

/// Makes a value that tells nothing about the token or about other such values.
fn derive(token: &str, purpose: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else {
        unreachable!("an HMAC takes keys of every length");
    };
    mac.update(purpose.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_only_whole() {
        // reliability 11.3
        let pass = Pass::new("lct_x", 4010);
        let set = pass.set_cookie();
        let pair = set.split(';').next().expect("a pair");
        let mut headers = HeaderMap::new();
        assert!(!pass.admits(&headers));
        for (value, good) in [
            (format!("a=b; {pair}"), true),
            (format!("{pair}x"), false),
            (pair.replace("4010", "4011"), false),
            ("clerk_api_local_4010=lct_x".to_owned(), false),
            ("clerk_api_local_4010=".to_owned(), false),
        ] {
            headers.insert(COOKIE, value.parse().expect("a header value"));
            assert_eq!(pass.admits(&headers), good, "{value}");
        }
        assert!(!set.contains("lct_x"));
    }

    #[test]
    fn values_differ_by_purpose_and_by_token() {
        let (one, other) = (Pass::new("lct_x", 1), Pass::new("lct_y", 1));
        assert_ne!(one.cookie, one.csrf);
        assert_ne!(one.csrf, other.csrf);
        assert!(one.is_csrf(one.csrf()) && !one.is_csrf(other.csrf()) && !one.is_csrf(""));
    }
}

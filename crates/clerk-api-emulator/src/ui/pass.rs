//! What admits a browser: values made from the control token, so that they end with it (reliability 11.3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use http::header::COOKIE;
use sha2::Sha256;

use crate::http::auth;
use crate::lab::clock::Clock;

/// Milliseconds that a browser has to start.
const BRIEF: i64 = 60_000;

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

    /// Returns whether this is the token of the start-up address, or a short-lived one that is still valid.
    pub(super) fn is_token(&self, given: &str) -> bool {
        let now = Clock::system().peek();
        auth::same(given.as_bytes(), self.token.as_bytes()) || is_brief(&self.token, given, now)
    }

    /// Returns whether a request carries the cookie.
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

/// Makes a token for one start of a browser: others may see the address in the list of processes.
pub(super) fn brief(control_token: &str, now: i64) -> String {
    let end = now + BRIEF;
    format!(
        "{end}.{}",
        derive(control_token, &format!("open until {end}"))
    )
}

fn is_brief(control_token: &str, given: &str, now: i64) -> bool {
    let Some((end, proof)) = given.split_once('.') else {
        return false;
    };
    let expected = derive(control_token, &format!("open until {end}"));
    auth::same(proof.as_bytes(), expected.as_bytes()) && end.parse().is_ok_and(|end: i64| now < end)
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
    fn a_brief_token_ends_and_cannot_be_prolonged() {
        // reliability 11.3
        let token = brief("lct_x", 1_000);
        assert!(is_brief("lct_x", &token, 60_999));
        assert!(!is_brief("lct_x", &token, 61_000));
        assert!(!is_brief("lct_y", &token, 2_000));
        let prolonged = token.replace("61000", "99000");
        assert!(prolonged != token && !is_brief("lct_x", &prolonged, 2_000));
        assert!(!is_brief("lct_x", "61000.", 2_000) && !is_brief("lct_x", "", 2_000));
    }

    #[test]
    fn values_differ_by_purpose_and_by_token() {
        let (one, other) = (Pass::new("lct_x", 1), Pass::new("lct_y", 1));
        assert_ne!(one.cookie, one.csrf);
        assert_ne!(one.csrf, other.csrf);
        assert!(one.is_csrf(one.csrf()) && !one.is_csrf(other.csrf()) && !one.is_csrf(""));
    }
}

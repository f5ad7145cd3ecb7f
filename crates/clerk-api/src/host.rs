//! Where a key may be sent.
//!
//! A live key goes to `https://api.clerk.com` and `https://api.clerk.dev` only. A test key may also go to https hosts that were allowed
//! by name, and to http on this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;
use http::uri::Scheme;

const CLERK: [&str; 2] = ["api.clerk.com", "api.clerk.dev"];

/// Why a base URL is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// Not an http or https URL with a plain host and an optional path.
    #[error("{url:?} is not a base URL: {reason}")]
    Malformed {
        /// The URL as given, without user information.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The host may not be sent a live key.
    #[error(
        "a live key is only sent to https://api.clerk.com and https://api.clerk.dev, never to {host}"
    )]
    LiveKey {
        /// The refused host.
        host: String,
    },
    /// The host may not be sent a test key.
    #[error(
        "{host} may not be sent a key: it is neither Clerk, nor this machine, nor an https host named in your configuration"
    )]
    Unknown {
        /// The refused host.
        host: String,
    },
}

/// A base URL that the key may be sent to, normalised: no `/v1`, no slash at its end.
#[derive(Debug, Clone)]
pub struct Base {
    /// Such as `https://api.clerk.com`.
    pub(crate) origin: String,
}

impl Base {
    /// Checks a base URL for a key.
    ///
    /// # Errors
    /// When the URL is malformed, or its host may not be sent this key.
    pub fn parse(url: &str, live_key: bool, allowed: &[String]) -> Result<Self, HostError> {
        let malformed = |reason| HostError::Malformed {
            url: without_userinfo(url),
            reason,
        };
        if url.contains('?') || url.contains('#') {
            return Err(malformed("it has a query or a fragment"));
        }
        let uri: Uri = url
            .parse()
            .map_err(|_| malformed("it cannot be read as a URL"))?;
        let scheme = uri
            .scheme()
            .ok_or_else(|| malformed("it must start with https://"))?;
        let authority = uri.authority().ok_or_else(|| malformed("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(malformed("it contains a user name or password"));
        }
        let port = &authority.as_str()[authority.host().len()..];
        if !port.is_empty() && authority.port_u16().is_none() {
            return Err(malformed("its port is not a number below 65536"));
        }
        let path = uri.path().trim_end_matches('/');
        if !matches!(path, "" | "/v1") {
            return Err(malformed("its path is neither empty nor /v1"));
        }
        let host = authority.host().to_ascii_lowercase();
        let https = *scheme == Scheme::HTTPS;
        if !https && *scheme != Scheme::HTTP {
            return Err(malformed("it is neither http nor https"));
        }
        if host.is_empty() || host.ends_with('.') {
            return Err(malformed("its host is empty or ends in a dot"));
        }
        let loopback = !https && is_loopback(&host);
        let clerk = https
            && CLERK.contains(&host.as_str())
            && matches!(authority.port_u16(), None | Some(443));
        let configured = https && allowed.iter().any(|name| name.eq_ignore_ascii_case(&host));
        if live_key && !clerk {
            return Err(HostError::LiveKey { host });
        }
        if !(clerk || configured || loopback) {
            return Err(HostError::Unknown { host });
        }
        let origin = format!("{scheme}://{}", authority.as_str().to_ascii_lowercase());
        Ok(Self { origin })
    }
}

fn without_userinfo(url: &str) -> String {
    let shown: String = url.chars().take(120).collect();
    match shown.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => shown,
    }
}

/// Literal loopback or `localhost`; IPv4-mapped IPv6 and 0.0.0.0 are not.
pub(crate) fn is_loopback(host: &str) -> bool {
    if host == "localhost" {
        return true;
    }
    if let Some(v6) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return v6
            .parse::<Ipv6Addr>()
            .is_ok_and(|ip| ip == Ipv6Addr::LOCALHOST);
    }
    host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_7_3_a_key_goes_to_known_hosts_only() {
        let allowed = ["clerk.example.com".to_owned()];
        let ok = |url: &str, live| Base::parse(url, live, &allowed).is_ok();
        assert!(ok("https://api.clerk.com/v1", true));
        assert!(ok("https://api.clerk.dev/", true));
        assert!(ok("https://clerk.example.com", false));
        assert!(ok("http://127.0.0.1:4010/v1/", false));
        assert!(ok("http://[::1]:4010", false));
        assert!(ok("http://localhost:4010", false));
        for url in [
            "http://api.clerk.com",
            "https://api.clerk.com.evil.example",
            "https://api.clerk.com.",
            "https://api.clerk.com:8443",
            "https://evil.example",
            "https://user@api.clerk.com",
            "https://api.clerk.com@evil.example",
            "https://api.clerk.com?x=1",
            "http://0.0.0.0:80",
            "http://[::ffff:127.0.0.1]:80",
            "http://2130706433",
            "http://0x7f.1",
            "http://localhost.",
            "http://192.168.1.1",
            "https://127.0.0.1",
            "ftp://127.0.0.1",
            "127.0.0.1",
            "",
            "https://",
            "https://api.clerk.com/v2",
            "http://localhost.evil.example",
            "http://localhost:99999",
        ] {
            assert!(!ok(url, false), "{url}");
        }
        assert!(
            !ok("http://127.0.0.1:4010", true),
            "a live key stays away from a local server"
        );
        assert!(!ok("https://clerk.example.com", true));
    }

    #[test]
    fn user_information_is_not_repeated() {
        let error = Base::parse("https://sk_test_canary@evil.example", false, &[]).unwrap_err();
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

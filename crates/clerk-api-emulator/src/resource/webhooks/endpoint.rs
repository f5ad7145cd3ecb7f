//! Webhook endpoints: their addresses, the events that they get, and their signatures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::Uri;
use pbkdf2::sha2::Sha256;

use super::event;
use crate::http::error::ApiError;
use crate::http::problem::{self, Problem};
use crate::id::Ids;

/// What secrets begin with.
const PREFIX: &str = "whsec_";
/// Bytes that the key of a signature may have, as Svix has it.
const KEY: std::ops::RangeInclusive<usize> = 24..=64;

/// Where a request goes: one of the addresses of this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// As the request names it.
    pub(crate) authority: String,
    pub(crate) hosts: Vec<std::net::IpAddr>,
    pub(crate) port: u16,
    pub(crate) path: String,
}

impl Target {
    /// Reads an address. Only loopback is allowed: what happens on this machine shall not leave it.
    pub(crate) fn parse(url: &str) -> Result<Self, ApiError> {
        use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
        let uri: Uri = url
            .parse()
            .map_err(|_| problem::format_invalid("url", "URL"))?;
        let authority = uri.authority().filter(|one| !one.as_str().contains('@'));
        let (Some("http"), Some(authority)) = (uri.scheme_str(), authority) else {
            return Err(problem::format_invalid("url", "URL that begins with http://").into());
        };
        let host = authority.host();
        let port = match authority.as_str().strip_prefix(host) {
            Some("") => Some(80),
            // A number would be read with a sign too.
            Some(rest) => rest
                .strip_prefix(':')
                .filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|port| port.parse().ok()),
            None => None,
        };
        let port = port
            .filter(|port| *port != 0)
            .ok_or_else(|| problem::format_invalid("url", "URL with a port of 1 to 65535"))?;
        let hosts = if host.eq_ignore_ascii_case("localhost") {
            vec![
                IpAddr::from(Ipv4Addr::LOCALHOST),
                IpAddr::from(Ipv6Addr::LOCALHOST),
            ]
        } else {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let host: Option<IpAddr> = bare.parse().ok();
            host.filter(IpAddr::is_loopback).into_iter().collect()
        };
        if hosts.is_empty() {
            return Err(elsewhere(host).into());
        }
        Ok(Self {
            authority: authority.as_str().to_owned(),
            hosts,
            port,
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
        })
    }
}

fn elsewhere(host: &str) -> Problem {
    Problem::new(
        "form_param_value_invalid",
        "is not on this machine",
        format!(
            "A local Clerk tells only this machine what happens: url must be at localhost, 127.0.0.1 or [::1], not at {host}."
        ),
    )
    .of("url")
}

/// Checks the types of events for an endpoint.
pub(crate) fn check_events(events: &[String]) -> Result<(), ApiError> {
    match events.iter().find(|text| !event::is_filter(text)) {
        Some(bad) => Err(problem::value_invalid("events", bad).into()),
        None => Ok(()),
    }
}

/// Makes a secret.
pub(crate) fn new_secret(ids: &Ids) -> String {
    let digits = ids.secret();
    format!("{PREFIX}{}", STANDARD.encode(&digits.as_bytes()[..32]))
}

/// Checks a secret that was given.
pub(crate) fn check_secret(secret: &str) -> Result<(), ApiError> {
    match key(secret) {
        Some(_) => Ok(()),
        None => Err(problem::format_invalid(
            "secret",
            "secret: whsec_ and 24 to 64 bytes in base64",
        )
        .into()),
    }
}

/// Signs a message as Svix does.
pub(crate) fn sign(secret: &str, id: &str, seconds: i64, payload: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).ok()?;
    for part in [id, ".", &seconds.to_string(), ".", payload] {
        mac.update(part.as_bytes());
    }
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    Some(format!("v1,{signature}"))
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    Some(key).filter(|key| KEY.contains(&key.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_documentation() {
        // The example of docs.svix.com, verifying payloads manually.
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signature.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        assert!(check_secret(&new_secret(&Ids::new(None))).is_ok());
        for bad in [
            "",
            "whsec_",
            "whsec_AAAA",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_?",
        ] {
            assert!(check_secret(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_this_machine_is_told() {
        for (good, port, path) in [
            (
                "http://localhost:3000/api/webhooks?x=1",
                3000,
                "/api/webhooks?x=1",
            ),
            ("http://127.0.0.1", 80, "/"),
            ("http://127.1.2.3:1/", 1, "/"),
            ("http://[::1]:8080/x", 8080, "/x"),
        ] {
            let target = Target::parse(good).expect(good);
            assert_eq!((target.port, target.path.as_str()), (port, path));
            assert!(target.hosts.iter().all(std::net::IpAddr::is_loopback));
        }
        for bad in [
            "http://example.com/",
            "http://localhost.example.com/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://localhost@example.com/",
            "http://user@localhost/",
            "https://localhost/",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:/",
            "http://[::1]:99999/",
            "http://localhost:+80/",
            "http://localhost:80a/",
            "localhost:3000",
            "/x",
            "",
        ] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }
}

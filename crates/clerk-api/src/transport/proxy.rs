//! A proxy: how people write one, and which hosts it is for. How it is reached: `route`.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::host::is_loopback;

/// The longest user name or password in SOCKS (RFC 1929).
const SOCKS_MOST: usize = 255;

/// Why a text does not name a proxy.
///
/// It never repeats a user name or a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the proxy from {named_by} cannot be used: {reason}")]
#[non_exhaustive]
pub struct ProxyError {
    /// Who named the proxy.
    pub named_by: String,
    /// What is wrong.
    pub reason: String,
}

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// CONNECT over plain TCP.
    Http,
    /// CONNECT over TLS.
    Https,
    /// SOCKS 5; the proxy looks the name up, whichever spelling was used.
    Socks,
}

/// A user name and a password, not yet encoded for any protocol.
pub(super) struct Credentials {
    pub(super) user: Zeroizing<Vec<u8>>,
    pub(super) password: Zeroizing<Vec<u8>>,
}

/// A proxy for https.
pub struct Proxy {
    pub(super) protocol: Protocol,
    pub(super) credentials: Option<Credentials>,
    named_by: String,
    scheme: String,
    address: Authority,
    except: String,
}

impl Proxy {
    /// Reads a URL such as `http://user:password@proxy.example:3128`; without a scheme it is `http://`.
    ///
    /// `named_by` says in errors where the URL came from, such as "`HTTPS_PROXY`".
    ///
    /// # Errors
    /// When the text is no URL of a proxy, or its scheme is not one of http, https, socks5 and socks5h.
    pub fn parse(url: &str, named_by: impl Into<String>) -> Result<Self, ProxyError> {
        let named_by = named_by.into();
        match Self::read(url.trim(), &named_by) {
            Ok(proxy) => Ok(proxy),
            Err(reason) => Err(ProxyError { named_by, reason }),
        }
    }

    fn read(url: &str, named_by: &str) -> Result<Self, String> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let scheme = scheme.to_ascii_lowercase();
        let (protocol, usual_port) = match scheme.as_str() {
            "http" => (Protocol::Http, 80),
            "https" => (Protocol::Https, 443),
            "socks5" | "socks5h" => (Protocol::Socks, 1080),
            _ => return Err(unknown_scheme(&scheme)),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if path.contains('@') {
            return Err("the user name or the password contains a character that must be percent-encoded: write %2F for /, %3F for ? and %23 for #".to_owned());
        }
        if !matches!(path, "" | "/") {
            return Err("it has a path; a proxy is a host and a port".to_owned());
        }
        let (credentials, host) = match authority.rsplit_once('@') {
            Some((credentials, host)) => (credentials, host),
            None => ("", authority),
        };
        Ok(Self {
            protocol,
            credentials: read_credentials(credentials, protocol)?,
            address: read_address(host, usual_port)?,
            named_by: named_by.to_owned(),
            scheme,
            except: String::new(),
        })
    }

    /// Hosts that are reached without the proxy, as in `NO_PROXY`: names (their subdomains too), IP addresses, networks such
    /// as `10.0.0.0/8`, or `*` for all, each with or without a port, between commas or spaces.
    #[must_use]
    pub fn except(mut self, list: &str) -> Self {
        list.clone_into(&mut self.except);
        self
    }

    /// Whether a URL is reached through the proxy: https only, and never this machine (reliability.md 7.4).
    #[must_use]
    pub fn is_for(&self, url: &Uri) -> bool {
        let Some(host) = url.host() else {
            return false;
        };
        url.scheme() == Some(&Scheme::HTTPS)
            && !is_loopback(&host.to_ascii_lowercase())
            && !self.excepts(url)
    }

    fn excepts(&self, url: &Uri) -> bool {
        let port = url.port_u16().unwrap_or(443);
        let entries = self.except.split([',', ' ', '\t']);
        let names: Vec<&str> = entries
            .filter_map(|entry| without_port(entry, port))
            .collect();
        // The names are matched as curl does, by the crate that reqwest uses too; which proxy it is does not matter here.
        let matcher = Matcher::builder().https("http://proxy").no(names.join(","));
        matcher.build().intercept(url).is_none()
    }

    /// Where the proxy listens.
    pub(super) fn url(&self) -> Uri {
        Uri::builder()
            .scheme(self.scheme.as_str())
            .authority(self.address.clone())
            .path_and_query("/")
            .build()
            .unwrap_or_default()
    }

    /// The proxy in messages: its address, and who named it.
    pub(super) fn shown(&self) -> String {
        format!("{} ({})", self.address, self.named_by)
    }
}

/// The URL; of a user name and a password only that they are there.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = if self.credentials.is_some() {
            "…@"
        } else {
            ""
        };
        write!(f, "{}://{credentials}{}", self.scheme, self.address)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

impl Credentials {
    /// The `Proxy-Authorization` header, marked sensitive.
    pub(super) fn basic(&self) -> HeaderValue {
        let mut pair = self.user.clone();
        pair.push(b':');
        pair.extend_from_slice(&self.password);
        let text = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(&*pair)));
        let mut value =
            HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }
}

/// A scheme is repeated only where it looks like one: in front of `://` there may also be half a password.
fn unknown_scheme(scheme: &str) -> String {
    const KNOWN: &str = "use http://, https://, socks5:// or socks5h://";
    let is_word = scheme.len() <= 12 && scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_word && !scheme.is_empty() {
        return format!("{scheme}:// is not supported; {KNOWN}");
    }
    format!("the part before :// is not a scheme; {KNOWN}")
}

fn read_credentials(text: &str, protocol: Protocol) -> Result<Option<Credentials>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    let decoded = |part: &str| Zeroizing::new(percent_decode_str(part).collect::<Vec<u8>>());
    let credentials = Credentials {
        user: decoded(user),
        password: decoded(password),
    };
    let fits = |part: &[u8]| part.len() <= SOCKS_MOST && std::str::from_utf8(part).is_ok();
    if protocol == Protocol::Socks && !(fits(&credentials.user) && fits(&credentials.password)) {
        return Err(format!(
            "SOCKS takes a user name and a password of at most {SOCKS_MOST} bytes of UTF-8"
        ));
    }
    Ok(Some(credentials))
}

/// A host and its port. The text may hold a password in the wrong place, so errors do not repeat it.
fn read_address(text: &str, usual_port: u16) -> Result<Authority, String> {
    const WRONG: &str =
        "write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with both percent-encoded";
    let wrong = |_| format!("its host is not valid; {WRONG}");
    let address: Authority = text.parse().map_err(wrong)?;
    let port = &address.as_str()[address.host().len()..];
    if address.host().is_empty() {
        return Err(format!("it has no host; {WRONG}"));
    }
    if matches!(port, "" | ":") {
        return format!("{}:{usual_port}", address.host())
            .parse()
            .map_err(wrong);
    }
    if address.port_u16().is_none_or(|port| port == 0) {
        return Err(format!("its port is not a number from 1 to 65535; {WRONG}"));
    }
    Ok(address)
}

/// An entry of a list of exceptions as a bare name or address, if it is about this port.
fn without_port(entry: &str, port: u16) -> Option<&str> {
    let entry = entry.strip_prefix("*.").unwrap_or(entry);
    let (name, wanted) = match entry.rsplit_once(':') {
        // An IPv6 address has colons of its own; with a port it needs brackets.
        Some((name, wanted)) if !name.contains(':') || name.ends_with(']') => (name, Some(wanted)),
        _ => (entry, None),
    };
    let is_meant = wanted.is_none_or(|wanted| wanted.parse() == Ok(port));
    let name = name.strip_prefix('[').unwrap_or(name);
    is_meant.then(|| name.strip_suffix(']').unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(url: &str) -> Proxy {
        Proxy::parse(url, "HTTPS_PROXY").unwrap()
    }

    fn refused(url: &str) -> String {
        Proxy::parse(url, "HTTPS_PROXY").unwrap_err().to_string()
    }

    #[test]
    fn a_proxy_is_written_with_or_without_scheme_and_port() {
        for (written, shown) in [
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("proxy.example", "http://proxy.example:80"),
            ("HTTP://proxy.example:3128/", "http://proxy.example:3128"),
            ("https://proxy.example", "https://proxy.example:443"),
            ("socks5h://[::1]", "socks5h://[::1]:1080"),
            (
                " http://ada:secret@proxy.example ",
                "http://…@proxy.example:80",
            ),
            (
                "ada:secret@proxy.example:8080",
                "http://…@proxy.example:8080",
            ),
        ] {
            assert_eq!(proxy(written).to_string(), shown, "{written}");
        }
    }

    #[test]
    fn credentials_are_decoded_and_sent_as_basic() {
        let header = |url| proxy(url).credentials.unwrap().basic();
        // "ada:p@ss/word" and, with an at sign that is not encoded, "ada:p@ss".
        assert_eq!(
            header("http://ada:p%40ss%2Fword@proxy.example"),
            "Basic YWRhOnBAc3Mvd29yZA=="
        );
        assert_eq!(
            header("http://ada:p@ss@proxy.example"),
            "Basic YWRhOnBAc3M="
        );
        assert_eq!(header("http://ada@proxy.example"), "Basic YWRhOg==");
        assert!(header("http://ada@proxy.example").is_sensitive());
        assert!(proxy("http://@proxy.example").credentials.is_none());
    }

    #[test]
    fn reliability_7_6_a_refusal_names_its_source_and_repeats_no_password() {
        for url in [
            "ftp://ada:CANARY@proxy.example",
            "http://ada:CANARY/x@proxy.example",
            "http://ada:CANARY#x@proxy.example",
            "http://ada:CANARY:9@:3128",
            "http://ada:CANARY@proxy.example:99999",
            "http://ada:CANARY@proxy.example:0",
            "ada:CANARY://proxy.example",
            "http://ada:CANARY@pro xy",
            "http://ada:CANARY@",
            "http://ada:CANARY",
            "http://proxy.example/CANARY",
        ] {
            let message = refused(url);
            assert!(
                message.starts_with("the proxy from HTTPS_PROXY"),
                "{message}"
            );
            assert!(
                !message.contains("CANARY") && !message.contains("ada"),
                "{message}"
            );
        }
        assert!(refused("ftp://proxy").contains("ftp:// is not supported"));
        assert!(refused("socks4://proxy").contains("socks4:// is not supported"));
        let long = format!("socks5://ada:{}@proxy", "x".repeat(256));
        assert!(refused(&long).contains("255 bytes"));
    }

    #[test]
    fn reliability_7_4_only_https_and_never_this_machine() {
        let proxy = proxy("http://proxy.example:3128");
        let is_for = |url: &str| proxy.is_for(&url.parse().unwrap());
        assert!(is_for("https://api.clerk.com/v1/users"));
        for url in [
            "http://api.clerk.com",
            "https://localhost:8443",
            "https://LOCALHOST",
            "https://127.0.0.1:4010",
            "https://[::1]:4010",
        ] {
            assert!(!is_for(url), "{url}");
        }
    }

    #[test]
    fn exceptions_are_names_ports_addresses_and_networks() {
        let is_direct = |list: &str, url: &str| {
            let proxy = proxy("http://proxy.example:3128").except(list);
            !proxy.is_for(&url.parse().unwrap())
        };
        let clerk = "https://api.clerk.com/v1/users";
        for list in [
            "api.clerk.com",
            "clerk.com",
            ".clerk.com",
            "*.clerk.com",
            "CLERK.COM",
            "*",
            "example.com, clerk.com",
            "example.com clerk.com",
            "api.clerk.com:443",
        ] {
            assert!(is_direct(list, clerk), "{list}");
        }
        for list in [
            "",
            "erk.com",
            "lerk.com",
            "api.clerk.com.evil",
            "api.clerk.com:8443",
            "clerk.co",
        ] {
            assert!(!is_direct(list, clerk), "{list}");
        }
        for list in [
            "10.1.2.3",
            "10.0.0.0/8",
            "10.1.2.3:8443",
            "fd00::1,10.0.0.0/8",
        ] {
            assert!(is_direct(list, "https://10.1.2.3:8443"), "{list}");
        }
        assert!(!is_direct("10.1.2.3:443", "https://10.1.2.3:8443"));
        assert!(!is_direct("10.0.0.0/16", "https://10.1.2.3"));
        for list in ["fd00::1", "[fd00::1]", "[fd00::1]:8443", "fd00::/8"] {
            assert!(is_direct(list, "https://[fd00::1]:8443"), "{list}");
        }
    }
}

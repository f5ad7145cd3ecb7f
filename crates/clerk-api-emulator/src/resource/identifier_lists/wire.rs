//! Identifiers on the allowlist and on the blocklist.

use serde::Serialize;

use crate::http::check;
use crate::http::problem::{self, Problem};

/// The lists; the numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Allow = 1,
    Block = 2,
}

/// An identifier as it is stored and sent. The blocklist's have no invitation.
#[derive(Debug, Serialize)]
pub(crate) struct Listed<'a> {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invitation_id: Option<String>,
    pub(crate) identifier: &'a str,
    pub(crate) identifier_type: &'static str,
    pub(crate) instance_id: &'a str,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// What an identifier can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Email,
    /// All addresses of a domain.
    Domain,
    Phone,
    Wallet,
}

impl Kind {
    /// The type as it is sent, where domains are addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email | Self::Domain => "email_address",
            Self::Phone => "phone_number",
            Self::Wallet => "web3_wallet",
        }
    }
}

/// Returns the type of an identifier, and the identifier in lower case.
pub(crate) fn identify(param: &str, text: &str) -> Result<(Kind, String), Problem> {
    if let Some(domain) = text.strip_prefix("*@") {
        let address = check::email(param, &format!("x@{domain}"))?;
        return Ok((Kind::Domain, address.replacen('x', "*", 1)));
    }
    if text.contains('@') {
        return Ok((Kind::Email, check::email(param, text)?));
    }
    if text.starts_with('+') {
        check::phone(param, text)?;
        return Ok((Kind::Phone, text.to_owned()));
    }
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let ethereum =
        hex.is_some_and(|hex| hex.len() == 40 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    let solana = (32..=44).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() && !b"0OIl".contains(&b));
    if ethereum || solana {
        return Ok((Kind::Wallet, text.to_lowercase()));
    }
    Err(problem::format_invalid(
        param,
        "email address, domain, phone number or web3 wallet",
    ))
}

/// Returns the entry that lists all addresses of an address's domain.
pub(crate) fn domain_of(email: &str) -> Option<String> {
    let (_, domain) = email.rsplit_once('@')?;
    Some(format!("*@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_apart_and_lowered() {
        for (text, kind, identifier) in [
            ("Jane@Example.com", Kind::Email, "jane@example.com"),
            ("*@Example.com", Kind::Domain, "*@example.com"),
            ("+15555550100", Kind::Phone, "+15555550100"),
            (
                "0xAbCdEf0123456789aBcDeF0123456789abcdef01",
                Kind::Wallet,
                "0xabcdef0123456789abcdef0123456789abcdef01",
            ),
            (
                "7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV",
                Kind::Wallet,
                "7ecdhsygxxyscszyep35khn8vvw3svaulktzxwcfltv",
            ),
        ] {
            let found = identify("identifier", text).expect(text);
            assert_eq!(found, (kind, identifier.to_owned()));
        }
        for bad in ["", "jane", "*@", "*@x", "@example.com", "+1", "0x12"] {
            assert!(identify("identifier", bad).is_err(), "{bad}");
        }
        assert_eq!(domain_of("a@b.co").as_deref(), Some("*@b.co"));
    }
}

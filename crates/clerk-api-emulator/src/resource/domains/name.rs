//! Which names a domain of an organization may have.

use super::errors;
use crate::http::check::is_domain_label;
use crate::http::problem::{self, Problem};

/// Providers that everybody can have an address at.
const COMMON: [&str; 18] = [
    "aol.com",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
    "yandex.com",
    "zoho.com",
];
/// Providers of addresses that are thrown away.
const DISPOSABLE: [&str; 6] = [
    "10minutemail.com",
    "guerrillamail.com",
    "mailinator.com",
    "sharklasers.com",
    "temp-mail.org",
    "yopmail.com",
];

/// Returns the domain of an organization in lower case, without blanks around it and a full stop behind it.
pub(super) fn domain(param: &str, text: &str) -> Result<String, Problem> {
    let name = text.trim().to_lowercase();
    let name = name.strip_suffix('.').unwrap_or(&name);
    let good = name.len() <= 253 && name.contains('.') && name.split('.').all(is_domain_label);
    if !good {
        return Err(problem::format_invalid(param, "domain name"));
    }
    if COMMON.contains(&name) {
        return Err(errors::common());
    }
    if DISPOSABLE.contains(&name) {
        return Err(errors::blocked());
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_lowered_or_refused() {
        assert_eq!(
            domain("d", " Example.CO.uk. ").expect("good"),
            "example.co.uk"
        );
        for bad in [
            "",
            "example",
            "a..b",
            "-a.com",
            "a b.com",
            "@example.com",
            "https://example.com",
            "Gmail.com",
            "mailinator.com",
        ] {
            assert!(domain("d", bad).is_err(), "{bad}");
        }
    }
}

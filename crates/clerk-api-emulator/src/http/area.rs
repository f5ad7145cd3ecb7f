//! Which part of the server a path belongs to: what is not the API has other rules at the gate.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What all paths of the server itself begin with.
const PREFIX: &str = "/local";

/// Where anybody may read the keys that tokens are signed with.
pub(crate) const PUBLIC_KEYS: &str = "/.well-known/jwks.json";

/// What the addresses of tickets' pages begin with.
pub(crate) const TICKET_PAGES: &str = "/local/tickets/";

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

/// Returns whether a path is this server's own and not Clerk's.
pub(crate) fn is_control(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns whether a path is the target of a link in an email.
pub(crate) fn is_ticket(path: &str) -> bool {
    path.starts_with("/v1/tickets/")
}

/// The page of a ticket.
pub(crate) fn ticket_page(ticket: &str) -> String {
    format!("{TICKET_PAGES}{}", escaped(ticket))
}

/// Makes text part of a path or of a query.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_prefix_are_own() {
        for own in ["/local", "/local/", "/local/api/status"] {
            assert!(is_control(own), "{own}");
        }
        for other in ["/", "/localhost", "/v1/local", "/v1/users"] {
            assert!(!is_control(other), "{other}");
        }
    }
}

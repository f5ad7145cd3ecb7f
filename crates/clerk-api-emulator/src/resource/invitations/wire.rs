//! The invitation to the application, and what both kinds of invitation share.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::Ids;

/// What a ticket is opened with, below the address of the server.
pub(crate) const LINK: &str = "/v1/tickets/accept?ticket=";
/// Characters of a ticket.
const TICKET: usize = 64;
/// What follows the link. The last one is meant: metadata come before.
const BEHIND_LINK: &str = r#","expires_at":"#;

/// What has become of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pending,
    Accepted,
    Revoked,
    Expired,
}

impl Status {
    /// All of them, as they are written.
    pub(crate) const NAMES: [&str; 4] = ["pending", "accepted", "revoked", "expired"];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// Returns what this is at a moment, as nothing is written when an invitation expires.
    pub(crate) fn at(self, now: i64, expires_at: i64) -> Self {
        if self == Self::Pending && expires_at <= now {
            Self::Expired
        } else {
            self
        }
    }
}

/// Makes the link that grants access, as it is stored: without the server's address.
pub(crate) fn link(ids: &Ids) -> String {
    format!("{LINK}{}", ids.secret())
}

/// Returns the ticket of a link.
pub(crate) fn ticket(link: &str) -> Option<&str> {
    link.strip_prefix(LINK)
}

/// Writes the stored JSON of an invitation of either kind with this server's address in front of its link.
pub(crate) fn write(out: &mut Vec<u8>, wire: &str, server: &str) {
    let (front, rest) = wire.split_at(link_place(wire).unwrap_or(wire.len()));
    out.extend_from_slice(front.as_bytes());
    if !rest.is_empty() {
        out.extend_from_slice(server.as_bytes());
        out.extend_from_slice(rest.as_bytes());
    }
}

/// Finds the link, which only pending invitations have. Counted from the end, so that metadata cannot be mistaken
/// for it.
fn link_place(wire: &str) -> Option<usize> {
    let front = wire[..wire.rfind(BEHIND_LINK)?].strip_suffix('"')?;
    let place = front.len().checked_sub(LINK.len() + TICKET)?;
    let is_link = front.get(place..)?.starts_with(LINK) && front[..place].ends_with(r#""url":""#);
    is_link.then_some(place)
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Invitation {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) email_address: String,
    pub(crate) public_metadata: Box<RawValue>,
    pub(crate) revoked: bool,
    pub(crate) status: Status,
    /// Only while pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Invitation {
    /// Ends the waiting.
    pub(crate) fn settle(&mut self, status: Status) {
        self.status = status;
        self.revoked = status == Status::Revoked;
        self.url = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_in_front_of_the_link_and_nowhere_else() {
        let link = format!("{LINK}{}", "0".repeat(TICKET));
        let trap = format!(r#"{{"url":"{link}","expires_at":1}}"#);
        let written = |url: &str| {
            let wire = format!(r#"{{"public_metadata":{trap}{url},"expires_at":2}}"#);
            let mut out = Vec::new();
            write(&mut out, &wire, "http://x");
            (wire, String::from_utf8(out).expect("UTF-8"))
        };
        let (wire, sent) = written(&format!(r#","url":"{link}""#));
        let place = wire.rfind(LINK).expect("there");
        assert_eq!(
            sent,
            format!("{}http://x{}", &wire[..place], &wire[place..])
        );
        for settled in [r#","url":null"#, r#","status":"accepted""#, ""] {
            let (wire, sent) = written(settled);
            assert_eq!(sent, wire);
        }
    }

    #[test]
    fn only_what_is_pending_expires_and_at_its_very_moment() {
        assert_eq!(Status::Pending.at(9, 10), Status::Pending);
        assert_eq!(Status::Pending.at(10, 10), Status::Expired);
        assert_eq!(Status::Accepted.at(10, 10), Status::Accepted);
        for name in Status::NAMES {
            let status: Status = serde_json::from_str(&format!("\"{name}\"")).expect("a status");
            assert_eq!(status.name(), name);
        }
    }
}

//! The invitation to the application, and what both kinds of invitation share.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::Ids;

/// Names under `localhost` never leave the computer.
const LINK: &str = "https://clerk.localhost/v1/tickets/accept?ticket=";

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

/// Makes the address that admits whoever holds it.
pub(crate) fn link(ids: &Ids) -> String {
    format!("{LINK}{}{}", ids.trace(), ids.trace())
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

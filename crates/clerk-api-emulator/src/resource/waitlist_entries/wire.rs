//! An entry of the waitlist.

use serde::Serialize;
use serde_json::value::RawValue;

/// What has become of somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Invited,
    Completed,
    Rejected,
}

impl Status {
    /// All of them, as they are written.
    pub(crate) const NAMES: [&str; 4] = ["pending", "invited", "completed", "rejected"];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Invited => "invited",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
        }
    }

    pub(crate) fn parse(name: &str) -> Self {
        match name {
            "invited" => Self::Invited,
            "completed" => Self::Completed,
            "rejected" => Self::Rejected,
            _ => Self::Pending,
        }
    }
}

/// An entry as it is sent. Nothing locks one here: that is for what works on many at a time.
#[derive(Debug, Serialize)]
pub(crate) struct WaitlistEntry<'a> {
    object: &'static str,
    id: &'a str,
    email_address: &'a str,
    status: &'static str,
    is_locked: bool,
    created_at: i64,
    updated_at: i64,
    invitation: Option<Box<RawValue>>,
}

impl<'a> WaitlistEntry<'a> {
    pub(crate) fn new(
        id: &'a str,
        email_address: &'a str,
        status: Status,
        (created_at, updated_at): (i64, i64),
        invitation: Option<Box<RawValue>>,
    ) -> Self {
        Self {
            object: "waitlist_entry",
            id,
            email_address,
            status: status.name(),
            is_locked: false,
            created_at,
            updated_at,
            invitation,
        }
    }
}

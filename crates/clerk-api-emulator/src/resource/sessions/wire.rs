//! The session object.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

const DAY: i64 = 24 * 60 * 60 * 1_000;
/// What a new instance allows: the longest life of a session, and how long it may lie idle.
const LIFE: i64 = 7 * DAY;
const IDLE: i64 = 30 * DAY;

/// What has become of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Abandoned,
    Active,
    Ended,
    Expired,
    Removed,
    Replaced,
    Revoked,
}

impl Status {
    /// All of them, as they are written. `pending` sessions, which have tasks left, do not exist here.
    pub(crate) const NAMES: [&str; 7] = [
        "abandoned",
        "active",
        "ended",
        "expired",
        "removed",
        "replaced",
        "revoked",
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Abandoned => "abandoned",
            Self::Active => "active",
            Self::Ended => "ended",
            Self::Expired => "expired",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    pub(crate) status: Status,
    pub(crate) last_active_at: i64,
    pub(crate) actor: Option<Box<RawValue>>,
    pub(crate) last_active_organization_id: Option<String>,
    pub(crate) latest_activity: Option<Box<RawValue>>,
    pub(crate) expire_at: i64,
    pub(crate) abandon_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) tasks: Option<Box<RawValue>>,
}

impl Session {
    /// A session that begins now, of a client that nothing is known of.
    pub(crate) fn new(id: String, client_id: String, user_id: String, now: i64) -> Self {
        Self {
            object: Cow::Borrowed("session"),
            id,
            client_id,
            user_id,
            status: Status::Active,
            last_active_at: now,
            actor: None,
            last_active_organization_id: None,
            latest_activity: None,
            expire_at: now.saturating_add(LIFE),
            abandon_at: now.saturating_add(IDLE),
            created_at: now,
            updated_at: now,
            tasks: None,
        }
    }

    /// Makes the status that of a moment, as nothing is written when a session's time is over.
    pub(crate) fn settle(&mut self, now: i64) {
        if self.status != Status::Active {
        } else if self.expire_at <= now {
            self.status = Status::Expired;
        } else if self.abandon_at <= now {
            self.status = Status::Abandoned;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_active_session_is_over_at_its_very_moment() {
        let at = |status, now| {
            let mut session = Session::new("sess_1".to_owned(), String::new(), String::new(), 0);
            session.status = status;
            session.settle(now);
            session.status
        };
        assert_eq!(at(Status::Active, LIFE - 1), Status::Active);
        assert_eq!(at(Status::Active, LIFE), Status::Expired);
        assert_eq!(at(Status::Revoked, LIFE), Status::Revoked);
        let mut idle = Session::new("sess_1".to_owned(), String::new(), String::new(), 0);
        idle.expire_at = i64::MAX;
        idle.settle(IDLE);
        assert_eq!(idle.status, Status::Abandoned);
        for name in Status::NAMES {
            let status: Status = serde_json::from_str(&format!("\"{name}\"")).expect("a status");
            assert_eq!(status.name(), name);
        }
    }
}

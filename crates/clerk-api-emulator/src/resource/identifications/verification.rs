//! A verification by code, as it is kept and as it is answered.

use serde::Serialize;

/// A code that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) status: Status,
    pub(crate) attempts: i64,
    pub(crate) created_at: i64,
    pub(crate) expire_at: i64,
}

/// What has become of a code. Whether it is too old is found out when somebody tries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Unverified,
    Verified,
    Failed,
    Expired,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    pub(crate) fn parse(name: &str) -> Self {
        match name {
            "verified" => Self::Verified,
            "failed" => Self::Failed,
            "expired" => Self::Expired,
            _ => Self::Unverified,
        }
    }
}

/// What responses say about it.
#[derive(Debug, Serialize)]
pub(crate) struct CodeVerification<'a> {
    object: &'static str,
    id: &'a str,
    status: &'static str,
    strategy: &'static str,
    attempts: i64,
    expire_at: i64,
    channel: Option<&'static str>,
}

impl<'a> CodeVerification<'a> {
    pub(crate) fn new(
        sent: &'a Sent,
        strategy: &'static str,
        channel: Option<&'static str>,
    ) -> Self {
        Self {
            object: "verification_otp",
            id: &sent.id,
            status: sent.status.name(),
            strategy,
            attempts: sent.attempts,
            expire_at: sent.expire_at,
            channel,
        }
    }
}

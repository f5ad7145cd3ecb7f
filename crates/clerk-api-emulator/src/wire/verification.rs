//! A verification by code, as the endpoints for preparing and attempting one answer it.

use serde::Serialize;

use crate::store::verifications::Sent;

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

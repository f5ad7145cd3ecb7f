//! The domain of an organization, stored without what is known of the organization, which is put in when it is sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What follows the organization in a domain's JSON. It cannot occur in a text before: there quotes are escaped.
const BEHIND_ORGANIZATION: &str = r#","created_at":"#;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Domain {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) name: String,
    pub(crate) enrollment_mode: String,
    /// Always null: there is no verification by code here.
    pub(crate) affiliation_email_address: (),
    pub(crate) affiliation_verification: Option<Verification>,
    pub(crate) ownership_verification: Option<Verification>,
    /// The old name of the first verification.
    pub(crate) verification: Option<Verification>,
    pub(crate) total_pending_invitations: u64,
    pub(crate) total_pending_suggestions: u64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Verification {
    status: Cow<'static, str>,
    strategy: Cow<'static, str>,
    attempts: (),
    expire_at: (),
    verified_at: Option<i64>,
}

impl Domain {
    pub(crate) fn new(id: String, organization_id: String, name: String, now: i64) -> Self {
        Self {
            object: Cow::Borrowed("organization_domain"),
            id,
            organization_id,
            name,
            enrollment_mode: "manual_invitation".to_owned(),
            affiliation_email_address: (),
            affiliation_verification: None,
            ownership_verification: None,
            verification: None,
            total_pending_invitations: 0,
            total_pending_suggestions: 0,
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.affiliation_verification.is_some()
    }

    /// Says whether the members have proven to have addresses at the domain.
    pub(crate) fn set_verified(&mut self, verified: bool) {
        let verification = verified.then(|| Verification::of("affiliation_email_code", None));
        self.verification.clone_from(&verification);
        self.affiliation_verification = verification;
    }

    /// Says that the domain itself is the organization's; false if that was known.
    pub(crate) fn own(&mut self, now: i64) -> bool {
        if self.ownership_verification.is_some() {
            return false;
        }
        self.ownership_verification = Some(Verification::of("manual_override", Some(now)));
        true
    }
}

impl Verification {
    fn of(strategy: &'static str, verified_at: Option<i64>) -> Self {
        Self {
            status: Cow::Borrowed("verified"),
            strategy: Cow::Borrowed(strategy),
            attempts: (),
            expire_at: (),
            verified_at,
        }
    }
}

/// Writes a stored domain with what everybody may know of its organization.
pub(crate) fn write(out: &mut Vec<u8>, wire: &str, organization: &str) {
    let (front, rest) = wire.split_at(wire.rfind(BEHIND_ORGANIZATION).unwrap_or(wire.len()));
    out.extend_from_slice(front.as_bytes());
    out.extend_from_slice(br#","public_organization_data":"#);
    out.extend_from_slice(organization.as_bytes());
    out.extend_from_slice(rest.as_bytes());
}

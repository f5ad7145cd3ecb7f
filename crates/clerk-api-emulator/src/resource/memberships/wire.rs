//! The membership object, stored without its role, the organization and the user, which are put in when it is sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::http::metadata;

/// What follows the role. The first one is meant: metadata come behind.
const BEHIND_ROLE: &str = r#","public_metadata":"#;
/// What follows organization and user. The last one is meant: metadata come before.
const BEHIND_PARTIES: &str = r#","created_at":"#;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) id: String,
    pub(crate) object: Cow<'static, str>,
    /// The number of the role's row, which is in a column of its own.
    #[serde(skip)]
    pub(crate) role: i64,
    pub(crate) public_metadata: Box<RawValue>,
    pub(crate) private_metadata: Box<RawValue>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Membership {
    pub(crate) fn new(id: String, role: i64, now: i64) -> Self {
        Self {
            id,
            object: Cow::Borrowed("organization_membership"),
            role,
            public_metadata: metadata::empty(),
            private_metadata: metadata::empty(),
            created_at: now,
            updated_at: now,
        }
    }
}

/// Writes a stored membership with what its role adds, with its organization as it is stored, and with what is public of its user.
pub(crate) fn write(out: &mut Vec<u8>, wire: &str, role: &str, organization: &str, user: &str) {
    let (front, rest) = wire.split_at(wire.find(BEHIND_ROLE).unwrap_or(wire.len()));
    out.extend_from_slice(front.as_bytes());
    out.push(b',');
    out.extend_from_slice(role.as_bytes());
    let (front, rest) = rest.split_at(rest.rfind(BEHIND_PARTIES).unwrap_or(rest.len()));
    out.extend_from_slice(front.as_bytes());
    out.extend_from_slice(br#","organization":"#);
    out.extend_from_slice(organization.as_bytes());
    out.extend_from_slice(br#","public_user_data":"#);
    out.extend_from_slice(user.as_bytes());
    out.extend_from_slice(rest.as_bytes());
}

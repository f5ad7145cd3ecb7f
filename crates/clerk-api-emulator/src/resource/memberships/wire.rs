//! The membership object, stored without its role, the organization and the user, which are put in when it is sent.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::{Finder, FinderRev};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::http::metadata;

/// What follows the role. The first one is meant: metadata come behind.
static BEHIND_ROLE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(br#","public_metadata":"#));
/// What follows organization and user. The last one is meant: metadata come before.
static BEHIND_PARTIES: LazyLock<FinderRev<'_>> =
    LazyLock::new(|| FinderRev::new(br#","created_at":"#));

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
pub(crate) fn write(out: &mut Vec<u8>, wire: &[u8], role: &[u8], organization: &[u8], user: &[u8]) {
    let (front, rest) = wire.split_at(BEHIND_ROLE.find(wire).unwrap_or(wire.len()));
    out.extend_from_slice(front);
    out.push(b',');
    out.extend_from_slice(role);
    let (front, rest) = rest.split_at(BEHIND_PARTIES.rfind(rest).unwrap_or(rest.len()));
    out.extend_from_slice(front);
    out.extend_from_slice(br#","organization":"#);
    out.extend_from_slice(organization);
    out.extend_from_slice(br#","public_user_data":"#);
    out.extend_from_slice(user);
    out.extend_from_slice(rest);
}

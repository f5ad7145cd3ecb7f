//! The organization invitation, stored without what is known of inviter and organization: that is put in when
//! it is sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::resource::invitations::wire::{self as invitation, Status};
use crate::resource::users::public::PublicUserData;
use crate::store::StoreError;

/// Where the inviter is put in. It cannot occur in a text before: there quotes are escaped.
const NO_INVITER: &str = r#""public_inviter_data":null"#;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OrganizationInvitation {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) email_address: String,
    pub(crate) role: Cow<'static, str>,
    pub(crate) role_name: Cow<'static, str>,
    pub(crate) organization_id: String,
    pub(crate) inviter_id: Option<String>,
    /// Null as long as it is stored.
    pub(crate) public_inviter_data: (),
    pub(crate) status: Status,
    pub(crate) public_metadata: Box<RawValue>,
    pub(crate) private_metadata: Box<RawValue>,
    /// Only while pending.
    pub(crate) url: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl OrganizationInvitation {
    /// Ends the waiting.
    pub(crate) fn settle(&mut self, status: Status) {
        self.status = status;
        self.url = None;
    }
}

/// What the invited may know of who invites them.
#[derive(Debug, Serialize)]
struct PublicInviterData<'a> {
    user_id: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    image_url: &'a str,
    has_image: bool,
    identifier: &'a str,
}

/// What the invited may know of the organization; the names are those of its own JSON.
#[derive(Debug, Serialize, Deserialize)]
struct PublicOrganizationData<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    slug: Option<String>,
    #[serde(borrow)]
    image_url: Cow<'a, str>,
    has_image: bool,
}

/// Makes `public_inviter_data` from a user's JSON.
pub(crate) fn inviter(user: &str) -> Result<String, StoreError> {
    let user = serde_json::from_str(user)?;
    let user = PublicUserData::of(&user);
    Ok(serde_json::to_string(&PublicInviterData {
        user_id: user.user_id,
        first_name: user.first_name,
        last_name: user.last_name,
        image_url: user.image_url,
        has_image: user.has_image,
        identifier: user.identifier.unwrap_or_default(),
    })?)
}

/// Makes `public_organization_data` from an organization's JSON.
pub(crate) fn organization(organization: &str) -> Result<String, StoreError> {
    let data: PublicOrganizationData<'_> = serde_json::from_str(organization)?;
    Ok(serde_json::to_string(&data)?)
}

/// Writes a stored invitation with the server's address in its link, with what is known of its inviter and, where
/// it is sent, of its organization.
pub(crate) fn write(
    out: &mut Vec<u8>,
    wire: &str,
    server: &str,
    inviter: Option<&str>,
    organization: Option<&str>,
) {
    let mut rest = wire;
    if let Some(inviter) = inviter
        && let Some(place) = wire.find(NO_INVITER)
    {
        let (front, back) = wire.split_at(place + NO_INVITER.len());
        out.extend_from_slice(front.strip_suffix("null").unwrap_or(front).as_bytes());
        out.extend_from_slice(inviter.as_bytes());
        rest = back;
    }
    match organization {
        None => invitation::write(out, rest, server),
        Some(organization) => {
            invitation::write(out, rest.strip_suffix('}').unwrap_or(rest), server);
            out.extend_from_slice(br#","public_organization_data":"#);
            out.extend_from_slice(organization.as_bytes());
            out.push(b'}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inviter_and_organization_go_to_their_places() {
        let wire = r#"{"inviter_id":"u","public_inviter_data":null,"public_metadata":{"public_inviter_data":null}}"#;
        let written = |inviter, organization| {
            let mut out = Vec::new();
            write(&mut out, wire, "", inviter, organization);
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(written(None, None), wire);
        assert_eq!(
            written(Some("{}"), Some("[]")),
            r#"{"inviter_id":"u","public_inviter_data":{},"public_metadata":{"public_inviter_data":null},"public_organization_data":[]}"#
        );
    }
}

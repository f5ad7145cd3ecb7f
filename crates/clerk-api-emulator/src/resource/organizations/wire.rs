//! The organization object.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::http::metadata;
use crate::resource::images::wire as image;

/// What follows the counts in an organization's JSON. It cannot occur in a text before: there quotes are escaped.
const BEHIND_COUNTS: &str = r#","max_allowed_memberships":"#;
/// What follows the image in an organization's JSON.
const BEHIND_IMAGE_URL: &str = r#","has_image":"#;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Organization {
    pub(crate) object: Cow<'static, str>,
    pub(crate) id: String,
    pub(crate) name: String,
    /// `None` only where slugs are off.
    pub(crate) slug: Option<String>,
    pub(crate) image_url: String,
    pub(crate) has_image: bool,
    pub(crate) max_allowed_memberships: i64,
    pub(crate) admin_delete_enabled: bool,
    pub(crate) public_metadata: Box<RawValue>,
    pub(crate) private_metadata: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created_by: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) last_active_at: i64,
    pub(crate) role_set_key: Option<String>,
    /// The number of the role set's row, which is in a column of its own.
    #[serde(skip)]
    pub(crate) role_set: i64,
}

/// What is known of an organization's members and sent only when asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Members, then pending invitations.
    pub(crate) people: Option<(u64, u64)>,
    /// Whether nobody may manage the organization.
    pub(crate) unmanaged: Option<bool>,
}

impl Organization {
    /// An organization with nothing but a name.
    pub(crate) fn new(id: String, name: String, now: i64) -> Self {
        Self {
            object: Cow::Borrowed("organization"),
            id,
            name,
            slug: None,
            image_url: String::new(),
            has_image: false,
            max_allowed_memberships: 0,
            admin_delete_enabled: true,
            public_metadata: metadata::empty(),
            private_metadata: metadata::empty(),
            created_by: None,
            created_at: now,
            updated_at: now,
            last_active_at: now,
            role_set_key: None,
            role_set: 0,
        }
    }

    /// Redraws the placeholder after the name has changed.
    pub(crate) fn draw_image(&mut self, instance_id: &str) {
        if !self.has_image {
            let initials = image::initials([Some(&self.name), None]);
            self.image_url = image::placeholder(instance_id, &self.id, &initials);
        }
    }
}

/// Writes an organization's JSON with its counts put in.
pub(crate) fn with_counts(out: &mut Vec<u8>, wire: &str, counts: Counts) {
    let (front, rest) = wire.split_at(wire.find(BEHIND_COUNTS).unwrap_or(wire.len()));
    out.extend_from_slice(front.as_bytes());
    if let Some((members, _)) = counts.people {
        out.extend_from_slice(format!(r#","members_count":{members}"#).as_bytes());
    }
    if let Some(unmanaged) = counts.unmanaged {
        let text = format!(r#","missing_member_with_elevated_permissions":{unmanaged}"#);
        out.extend_from_slice(text.as_bytes());
    }
    if let Some((_, pending)) = counts.people {
        out.extend_from_slice(format!(r#","pending_invitations_count":{pending}"#).as_bytes());
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Returns an organization's JSON with the old name of its image's address beside the new one.
pub(crate) fn with_logo(wire: &str, image_url: &str) -> String {
    wire.replacen(
        BEHIND_IMAGE_URL,
        &format!(r#","logo_url":"{image_url}"{BEHIND_IMAGE_URL}"#),
        1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_go_to_their_place_whatever_the_name() {
        let mut organization = Organization::new("org_1".to_owned(), String::new(), 1);
        organization.name = r#"x","max_allowed_memberships":7"#.to_owned();
        let wire = serde_json::to_string(&organization).expect("JSON");
        let counts = Counts {
            people: Some((2, 3)),
            unmanaged: Some(false),
        };
        let mut out = Vec::new();
        with_counts(&mut out, &wire, counts);
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.contains(
            r#""has_image":false,"members_count":2,"missing_member_with_elevated_permissions":false,"pending_invitations_count":3,"max_allowed_memberships":0,"#
        ));
        let mut out = Vec::new();
        with_counts(&mut out, &wire, Counts::default());
        assert_eq!(out, wire.as_bytes());
    }
}

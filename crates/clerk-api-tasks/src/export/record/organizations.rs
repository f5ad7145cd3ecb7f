//! Organizations and what is in them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use clerk_api::time::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Refusal;
use super::shape::{Text, Verification, is_verified, json, text};
use crate::export::address::{domain as domain_of, normalized};
use crate::export::table::{
    Domain, Json, Membership, Organization, OrganizationInvitation, Record as _, Role, RoleSetRole,
    Rows,
};

/// The permission of those who manage an organization's members.
const MANAGE: &str = "org:sys_memberships:manage";

#[derive(Deserialize)]
struct OrganizationObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    name: Option<Text<'a>>,
    slug: Option<Text<'a>>,
    created_by: Option<Text<'a>>,
    role_set_key: Option<Text<'a>>,
    members_count: Option<i64>,
    pending_invitations_count: Option<i64>,
    max_allowed_memberships: Option<i64>,
    admin_delete_enabled: Option<bool>,
    missing_member_with_elevated_permissions: Option<bool>,
    image_url: Option<Text<'a>>,
    has_image: Option<bool>,
    last_active_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(borrow)]
    public_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    private_metadata: Option<&'a RawValue>,
}

pub(super) fn organization(object: &str, to: &mut dyn Rows) -> Result<(), Refusal> {
    let organization: OrganizationObject<'_> = serde_json::from_str(object)?;
    let row = Organization {
        id: Some(organization.id.0),
        name: text(organization.name),
        slug: text(organization.slug),
        // Nobody is an empty text in some answers.
        created_by: text(organization.created_by).filter(|user| !user.is_empty()),
        role_set_key: text(organization.role_set_key),
        members_count: organization.members_count,
        pending_invitations_count: organization.pending_invitations_count,
        max_allowed_memberships: organization.max_allowed_memberships,
        admin_delete_enabled: organization.admin_delete_enabled,
        missing_member_with_elevated_permissions: organization
            .missing_member_with_elevated_permissions,
        image_url: text(organization.image_url),
        has_image: organization.has_image,
        last_active_at: organization.last_active_at,
        created_at: organization.created_at,
        updated_at: organization.updated_at,
        public_metadata: json(organization.public_metadata),
        private_metadata: json(organization.private_metadata),
    };
    Ok(row.give(to)?)
}

#[derive(Deserialize)]
struct MembershipObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    role: Option<Text<'a>>,
    role_name: Option<Text<'a>>,
    #[serde(borrow)]
    permissions: Option<&'a RawValue>,
    organization: Option<WithId<'a>>,
    public_user_data: Option<MemberObject<'a>>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(borrow)]
    public_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    private_metadata: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct WithId<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct MemberObject<'a> {
    #[serde(borrow)]
    user_id: Option<Text<'a>>,
}

pub(super) fn membership(object: &str, to: &mut dyn Rows) -> Result<(), Refusal> {
    let membership: MembershipObject<'_> = serde_json::from_str(object)?;
    let row = Membership {
        id: Some(membership.id.0),
        organization_id: membership.organization.and_then(|it| text(it.id)),
        user_id: membership
            .public_user_data
            .and_then(|user| text(user.user_id)),
        role: text(membership.role),
        role_name: text(membership.role_name),
        can_manage: Some(membership.permissions.is_some_and(permits_to_manage)),
        permissions: json(membership.permissions),
        created_at: membership.created_at,
        updated_at: membership.updated_at,
        public_metadata: json(membership.public_metadata),
        private_metadata: json(membership.private_metadata),
    };
    Ok(row.give(to)?)
}

/// Whether the permission is in an array of keys. The keys have neither quotes nor escapes, so a quoted key is a whole one.
fn permits_to_manage(permissions: &RawValue) -> bool {
    let quoted = |at: usize| permissions.get()[..at].ends_with('"');
    let mut found = permissions.get().match_indices(MANAGE);
    found.any(|(at, key)| quoted(at) && permissions.get()[at + key.len()..].starts_with('"'))
}

#[derive(Deserialize)]
struct InvitationObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    organization_id: Option<Text<'a>>,
    email_address: Option<Text<'a>>,
    role: Option<Text<'a>>,
    role_name: Option<Text<'a>>,
    status: Option<Text<'a>>,
    inviter_id: Option<Text<'a>>,
    url: Option<Text<'a>>,
    expires_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(borrow)]
    public_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    private_metadata: Option<&'a RawValue>,
}

pub(super) fn invitation(
    object: &str,
    urls: bool,
    managing: Option<&BTreeSet<String>>,
    to: &mut dyn Rows,
) -> Result<(), Refusal> {
    let invitation: InvitationObject<'_> = serde_json::from_str(object)?;
    let address = text(invitation.email_address);
    let role = text(invitation.role);
    let manages = |roles: &BTreeSet<String>| role.as_deref().map(|role| roles.contains(role));
    let row = OrganizationInvitation {
        id: Some(invitation.id.0),
        organization_id: text(invitation.organization_id),
        normalized_address: address.as_deref().map(normalized).map(Cow::Owned),
        domain: address.as_deref().and_then(domain_of).map(Cow::Owned),
        email_address: address,
        can_manage: managing.and_then(manages),
        role,
        role_name: text(invitation.role_name),
        status: text(invitation.status),
        inviter_id: text(invitation.inviter_id),
        url: text(invitation.url).filter(|_| urls),
        expires_at: invitation.expires_at,
        created_at: invitation.created_at,
        updated_at: invitation.updated_at,
        public_metadata: json(invitation.public_metadata),
        private_metadata: json(invitation.private_metadata),
    };
    Ok(row.give(to)?)
}

#[derive(Deserialize)]
struct RoleObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    key: Option<Text<'a>>,
    name: Option<Text<'a>>,
    description: Option<Text<'a>>,
    is_creator_eligible: Option<bool>,
    permissions: Option<Vec<Keyed<'a>>>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Keyed<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
}

/// Gives a role away, and remembers it if it permits to manage members.
pub(super) fn role(
    object: &str,
    managing: &mut BTreeSet<String>,
    to: &mut dyn Rows,
) -> Result<(), Refusal> {
    let role: RoleObject<'_> = serde_json::from_str(object)?;
    let permissions = role.permissions.unwrap_or_default();
    let keys = permissions
        .iter()
        .filter_map(|permission| permission.key.as_ref());
    let keys: Vec<&str> = keys.map(|key| &*key.0).collect();
    let can_manage = keys.contains(&MANAGE);
    let key = text(role.key);
    if can_manage && let Some(key) = &key {
        managing.insert(key.to_string());
    }
    let row = Role {
        id: Some(role.id.0),
        key,
        name: text(role.name),
        description: text(role.description),
        is_creator_eligible: role.is_creator_eligible,
        can_manage: Some(can_manage),
        permissions: Some(Json(serde_json::json!(keys).to_string().into())),
        created_at: role.created_at,
        updated_at: role.updated_at,
    };
    Ok(row.give(to)?)
}

#[derive(Deserialize)]
struct RoleSetObject<'a> {
    #[serde(borrow)]
    key: Text<'a>,
    #[serde(rename = "type")]
    kind: Option<Text<'a>>,
    roles: Option<Vec<Keyed<'a>>>,
    default_role: Option<Keyed<'a>>,
    creator_role: Option<Keyed<'a>>,
}

pub(super) fn role_set(object: &str, to: &mut dyn Rows) -> Result<(), Refusal> {
    let set: RoleSetObject<'_> = serde_json::from_str(object)?;
    let is_initial = set.kind.map(|kind| kind.0 == "initial");
    let is = |role: &Option<Keyed<'_>>, key: &str| {
        let own = role.as_ref().and_then(|role| role.key.as_ref());
        own.is_some_and(|own| own.0 == key)
    };
    for key in set
        .roles
        .unwrap_or_default()
        .into_iter()
        .filter_map(|role| role.key)
    {
        let row = RoleSetRole {
            role_set_key: Some(Cow::Borrowed(&set.key.0)),
            is_default: Some(is(&set.default_role, &key.0)),
            is_creator: Some(is(&set.creator_role, &key.0)),
            is_initial,
            role_key: Some(key.0),
        };
        row.give(to)?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct DomainObject<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    organization_id: Option<Text<'a>>,
    name: Option<Text<'a>>,
    enrollment_mode: Option<Text<'a>>,
    affiliation_verification: Option<Verification<'a>>,
    ownership_verification: Option<Verification<'a>>,
    verification: Option<Verification<'a>>,
    total_pending_invitations: Option<i64>,
    total_pending_suggestions: Option<i64>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

pub(super) fn domain(object: &str, to: &mut dyn Rows) -> Result<(), Refusal> {
    let domain: DomainObject<'_> = serde_json::from_str(object)?;
    // `verification` is the old name of it.
    let affiliation = domain.affiliation_verification.or(domain.verification);
    let verified =
        is_verified(affiliation.as_ref()) || is_verified(domain.ownership_verification.as_ref());
    let row = Domain {
        id: Some(domain.id.0),
        organization_id: text(domain.organization_id),
        name: text(domain.name),
        enrollment_mode: text(domain.enrollment_mode),
        verified: Some(verified),
        verification_status: affiliation.and_then(|affiliation| text(affiliation.status)),
        total_pending_invitations: domain.total_pending_invitations,
        total_pending_suggestions: domain.total_pending_suggestions,
        created_at: domain.created_at,
        updated_at: domain.updated_at,
    };
    Ok(row.give(to)?)
}

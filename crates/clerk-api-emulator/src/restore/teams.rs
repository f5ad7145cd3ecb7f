//! Organizations and what is in them.

use super::Restore;
use super::error::{Put, judged, left_out};
use super::object::{self, is_verified, metadata};
use super::people::{TWICE, end, status};
use crate::resource::domains::rows as domains;
use crate::resource::domains::wire::Domain;
use crate::resource::invitations::wire::{Status, link};
use crate::resource::memberships::rows::{self as memberships, Parties};
use crate::resource::memberships::wire::Membership;
use crate::resource::organization_invitations::rows as organization_invitations;
use crate::resource::organization_invitations::wire::OrganizationInvitation;
use crate::resource::organizations::rows as organizations;
use crate::resource::organizations::wire::Organization;

const NO_ORGANIZATION: &str = "its organization did not come";
const NO_ROLE: &str = "its role did not come";
/// The number of no role: that of a settled invitation whose role is gone.
const GONE: i64 = 0;

impl Restore {
    pub(super) fn organization(&mut self, text: &str) -> Put {
        let given: object::Organization = serde_json::from_str(text)?;
        if self.has("organizations", &given.id)? {
            return left_out(TWICE);
        }
        let created = given.created_at.unwrap_or(self.now);
        let name = given.name.unwrap_or_default();
        let mut organization = Organization::new(given.id, name, created);
        organization.slug = given.slug;
        organization.created_by = given.created_by.filter(|user| !user.is_empty());
        organization.role_set = self.roles.set_number(given.role_set_key.as_deref());
        organization.role_set_key = given.role_set_key;
        organization.max_allowed_memberships = given.max_allowed_memberships.unwrap_or(0);
        organization.admin_delete_enabled = given.admin_delete_enabled.unwrap_or(true);
        organization.public_metadata = metadata(given.public_metadata);
        organization.private_metadata = metadata(given.private_metadata);
        organization.updated_at = given.updated_at.unwrap_or(created);
        organization.last_active_at = given.last_active_at.unwrap_or(created);
        organization.has_image = given.has_image.unwrap_or(false);
        match given.image_url {
            Some(url) => organization.image_url = url,
            None if organization.has_image => organization.image_url = self.image(),
            None => organization.draw_image(&self.instance_id),
        }
        let wire = serde_json::to_string(&organization)?;
        let put = organizations::insert(&self.bulk.tx(), &organization, &wire);
        let put = judged(put)?;
        if put.is_ok() {
            self.lose("images", usize::from(organization.has_image));
        }
        Ok(put)
    }

    pub(super) fn membership(&mut self, text: &str) -> Put {
        let given: object::Membership = serde_json::from_str(text)?;
        if self.has("memberships", &given.id)? {
            return left_out(TWICE);
        }
        let organization = given.organization.and_then(|one| one.id);
        let Some(organization) = self.number("organizations", organization.as_deref())? else {
            return left_out(NO_ORGANIZATION);
        };
        let user = given.public_user_data.and_then(|one| one.user_id);
        let Some(user) = self.number("users", user.as_deref())? else {
            return left_out("its user did not come");
        };
        let parties = Parties { organization, user };
        if memberships::exists(self.bulk.db(), parties)? {
            return left_out("its user is a member already");
        }
        let Some(role) = self.roles.number(given.role.as_deref()) else {
            return left_out(NO_ROLE);
        };
        let created = given.created_at.unwrap_or(self.now);
        let mut membership = Membership::new(given.id, role, created);
        membership.public_metadata = metadata(given.public_metadata);
        membership.private_metadata = metadata(given.private_metadata);
        membership.updated_at = given.updated_at.unwrap_or(created);
        let wire = serde_json::to_string(&membership)?;
        memberships::insert(&self.bulk.tx(), parties, &membership, &wire)?;
        Ok(Ok(()))
    }

    pub(super) fn organization_invitation(&mut self, text: &str) -> Put {
        let given: object::OrganizationInvitation = serde_json::from_str(text)?;
        if self.has("organization_invitations", &given.id)? {
            return left_out(TWICE);
        }
        let Some((organization_id, organization)) = self.organization_of(given.organization_id)?
        else {
            return left_out(NO_ORGANIZATION);
        };
        let status = status(given.status.as_deref());
        let role = match self.roles.number(given.role.as_deref()) {
            Some(role) => role,
            None if status != Status::Pending => GONE,
            None => return left_out(NO_ROLE),
        };
        let created = given.created_at.unwrap_or(self.now);
        let key = given.role.unwrap_or_default();
        let mut invitation = OrganizationInvitation {
            object: "organization_invitation".into(),
            id: given.id,
            email_address: given.email_address.to_lowercase(),
            role_name: given.role_name.unwrap_or_else(|| key.clone()).into(),
            role: key.into(),
            organization_id,
            inviter_id: given.inviter_id,
            public_inviter_data: (),
            status: Status::Pending,
            public_metadata: metadata(given.public_metadata),
            private_metadata: metadata(given.private_metadata),
            url: Some(link(&self.ids)),
            expires_at: end(given.expires_at, created),
            created_at: created,
            updated_at: given.updated_at.unwrap_or(created),
        };
        if status != Status::Pending {
            invitation.settle(status);
        }
        let tx = self.bulk.tx();
        organization_invitations::insert(&tx, organization, role, &invitation, None)?;
        Ok(Ok(()))
    }

    pub(super) fn domain(&mut self, text: &str) -> Put {
        let given: object::Domain = serde_json::from_str(text)?;
        if self.has("organization_domains", &given.id)? {
            return left_out(TWICE);
        }
        let Some((organization_id, organization)) = self.organization_of(given.organization_id)?
        else {
            return left_out(NO_ORGANIZATION);
        };
        let created = given.created_at.unwrap_or(self.now);
        let updated = given.updated_at.unwrap_or(created);
        let mut domain = Domain::new(given.id, organization_id, given.name, created);
        if let Some(mode) = given.enrollment_mode {
            domain.enrollment_mode = mode;
        }
        let affiliation = given.affiliation_verification.or(given.verification);
        domain.set_verified(is_verified(affiliation.as_ref()));
        if is_verified(given.ownership_verification.as_ref()) {
            domain.own(updated);
        }
        domain.total_pending_invitations = given.total_pending_invitations.unwrap_or(0);
        domain.total_pending_suggestions = given.total_pending_suggestions.unwrap_or(0);
        domain.updated_at = updated;
        judged(domains::insert(&self.bulk.tx(), organization, &domain))
    }

    /// An organization's id with its number, if it came.
    fn organization_of(&self, id: Option<String>) -> rusqlite::Result<Option<(String, i64)>> {
        let number = self.number("organizations", id.as_deref())?;
        Ok(id.zip(number))
    }
}

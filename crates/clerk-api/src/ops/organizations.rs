//! Organizations: the teams that users belong to. This file has the organization itself, the folder its members and billing.

mod billing;
mod members;

pub use billing::{AdjustOrganizationCredits, GetOrganizationCredits, GetOrganizationSubscription};
pub use members::{
    AddOrganizationMember, ListOrganizationMembers, RemoveOrganizationMember,
    UpdateOrganizationMember, UpdateOrganizationMemberMetadata,
};

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{OrganizationId, OrganizationRef, UserId};
use crate::list::List;
use crate::model::{DeletedObject, Organization};
use crate::time::Rfc3339;
use crate::value::{Limit, Object, Offset, Order, Patch, Signed, Slug, Upload, choice};

choice! {
    /// What a list of organizations can be ordered by.
    pub enum OrganizationOrder {
        Name = "name",
        CreatedAt = "created_at",
        MembersCount = "members_count",
    }
}

endpoint! {
    /// Lists organizations, newest first, with the number of their members.
    pub struct ListOrganizations = "organizations.list", ListOrganizations: Get "/organizations", Read, Offset => List<Organization>;
    preset { include_members_count = "true" }
    takes {
        /// Count the members of each. On by default.
        query include_members_count: Option<bool>,
        /// Say whether nobody in an organization can manage members.
        query include_missing_member_with_elevated_permissions: Option<bool>,
        /// Text within names and slugs, or a full id.
        query query: Option<String>,
        /// Only organizations that have this member.
        query user_id: Vec<Signed<UserId>>,
        /// Only these organizations. Up to 100.
        query organization_id in 1..=100: Vec<Signed<OrganizationId>>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<OrganizationOrder>>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Shows an organization, by its id or its slug.
    pub struct GetOrganization = "organizations.get", GetOrganization: Get "/organizations/{organization_id}", Read, None => Organization;
    preset { include_members_count = "true" }
    needs {
        /// The organization's id or slug.
        path organization_id: OrganizationRef,
    }
    takes {
        /// Count the members. On by default.
        query include_members_count: Option<bool>,
        /// Say whether nobody in an organization can manage members.
        query include_missing_member_with_elevated_permissions: Option<bool>,
    }
}

endpoint! {
    /// Creates an organization.
    /// Without a creator it has no members, so nobody can manage it in the user interface. Names do not have to be unique.
    pub struct CreateOrganization = "organizations.create", CreateOrganization: Post "/organizations", Create, None => Organization;
    lookup &ORGANIZATION_LOOKUP;
    needs {
        /// The name, at most 256 characters.
        body name in 0..=256: String,
    }
    takes {
        /// The user who becomes its creator and first member.
        body created_by: Patch<UserId>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Patch<Object>,
        /// Metadata that members can read.
        body public_metadata as "public" in 0..=8192: Patch<Object>,
        /// The unique slug: lower case, digits, hyphens. The instance must have slugs enabled (403 otherwise).
        body slug: Patch<Slug>,
        /// How many members it may have; 0: any.
        body max_allowed_memberships: Patch<u64>,
        /// When it was created, to back-date it.
        body created_at: Patch<Rfc3339>,
        /// The key of its role set, `role_set:…`.
        body role_set_key: Patch<String>,
    }
}

/// How to find an organization that may have been created. The list matches parts of names, so the whole name is compared.
static ORGANIZATION_LOOKUP: Lookup = Lookup {
    list: <ListOrganizations as Endpoint>::META,
    within: "",
    unique: &["slug"],
    by: &[("slug", "query"), ("name", "query")],
    scope: &[],
    same: &[("slug", "slug"), ("name", "name")],
    second: Second::Made,
};

endpoint! {
    /// Changes an organization; what you do not give stays as it is.
    /// At most 10 changes in 10 seconds for one organization. Metadata has its own operations.
    pub struct UpdateOrganization = "organizations.update", UpdateOrganization: Patch "/organizations/{organization_id}", Update, None => Organization;
    rate Object;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// The name, at most 256 characters.
        body name in 0..=256: Patch<String>,
        /// The unique slug: lower case, digits, hyphens. The instance must have slugs enabled (403 otherwise).
        body slug: Patch<Slug>,
        /// How many members it may have; 0: any.
        body max_allowed_memberships: Patch<u64>,
        /// Whether its admins may delete it themselves.
        body admin_delete_enabled: Patch<bool>,
        /// When it was created, to back-date it.
        body created_at: Patch<Rfc3339>,
        /// The key of its role set, `role_set:…`.
        body role_set_key: Patch<String>,
    }
}

endpoint! {
    /// Permanently deletes an organization with its members and invitations.
    pub struct DeleteOrganization = "organizations.delete", DeleteOrganization: Delete "/organizations/{organization_id}", Destroy, None => DeletedObject;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
}

endpoint! {
    /// Merges metadata into an organization: null removes a key.
    /// Other keys stay, and objects are merged at any depth. At most 10 changes in 10 seconds for one organization, and 8 KB of metadata.
    pub struct UpdateOrganizationMetadata = "organizations.update_metadata", MergeOrganizationMetadata: Patch "/organizations/{organization_id}/metadata", Update, None => Organization;
    rate Object;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// Metadata that members can read.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Option<Object>,
    }
}

endpoint! {
    /// Replaces the metadata of an organization, kind by kind.
    /// A kind that you do not give stays. At most 10 changes in 10 seconds for one organization, and 8 KB of metadata.
    pub struct ReplaceOrganizationMetadata = "organizations.replace_metadata", ReplaceOrganizationMetadata: Put "/organizations/{organization_id}/metadata", Replace, None => Organization;
    rate Object;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// Metadata that members can read.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Option<Object>,
    }
}

endpoint! {
    /// Sets the logo of an organization.
    pub struct SetOrganizationLogo = "organizations.set_logo", UploadOrganizationLogo: Put "/organizations/{organization_id}/logo", Update, None => Organization;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The picture: JPEG, PNG, GIF or WebP, at most 10 MB.
        part file: Upload,
    }
    takes {
        /// The user to record as the uploader.
        part uploader_user_id: Option<UserId>,
    }
}

// The API cannot give the picture back, so this is a Replace and not an Update.
endpoint! {
    /// Removes the logo of an organization; a placeholder takes its place.
    pub struct DeleteOrganizationLogo = "organizations.delete_logo", DeleteOrganizationLogo: Delete "/organizations/{organization_id}/logo", Replace, None => Organization;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
}

static OPS: &[Op] = &[
    Op::of::<ListOrganizations>(),
    Op::of::<GetOrganization>(),
    Op::of::<CreateOrganization>(),
    Op::of::<UpdateOrganization>(),
    Op::of::<DeleteOrganization>(),
    Op::of::<UpdateOrganizationMetadata>(),
    Op::of::<ReplaceOrganizationMetadata>(),
    Op::of::<SetOrganizationLogo>(),
    Op::of::<DeleteOrganizationLogo>(),
];

/// All of the group, by purpose.
pub(super) static GROUP: &[&[Op]] = &[OPS, members::OPS, billing::OPS];

//! The members of one organization. Paths take the user's id, never the membership's own id.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{OrganizationId, UserId};
use crate::list::List;
use crate::model::Membership;
use crate::ops::memberships::MembershipOrder;
use crate::time::Timestamp;
use crate::value::{Email, Limit, Object, Offset, Order, Patch, Phone, Signed, Word};

endpoint! {
    /// Lists the members of an organization.
    /// Date filters apply to the user's dates, not the membership's (spec: `ListOrganizationMemberships`).
    pub struct ListOrganizationMembers = "organizations.members", ListOrganizationMemberships: Get "/organizations/{organization_id}/memberships", Read, Offset => List<Membership>;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// The order; `-` in front is descending.
        query order_by: Option<Order<MembershipOrder>>,
        /// Only these users. Up to 100.
        query user_id in 1..=100: Vec<Signed<UserId>>,
        /// Only users with exactly this email address. Up to 100.
        query email_address as "email" in 1..=100: Vec<Email>,
        /// Only users with exactly this E.164 phone number. Up to 100.
        query phone_number as "phone" in 1..=100: Vec<Phone>,
        /// Only users with exactly this username. Up to 100.
        query username in 1..=100: Vec<Word>,
        /// Only users with this web3 wallet address. Up to 100.
        query web3_wallet in 1..=100: Vec<Word>,
        /// Only members with this role, such as `org:admin`. Up to 100.
        query role in 1..=100: Vec<Word>,
        /// Text within names, addresses, numbers, usernames, ids.
        query query: Option<String>,
        /// Text within an email address, in any case.
        query email_address_query: Option<String>,
        /// Digits within a phone number.
        query phone_number_query: Option<String>,
        /// Text within a username, in any case.
        query username_query: Option<String>,
        /// Text within a name, in any case.
        query name_query: Option<String>,
        /// Only users last active before this.
        query last_active_at_before: Option<Timestamp>,
        /// Only users last active after this.
        query last_active_at_after: Option<Timestamp>,
        /// Only users created before this.
        query created_at_before: Option<Timestamp>,
        /// Only users created after this.
        query created_at_after: Option<Timestamp>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Adds a user to an organization, without an invitation.
    /// If the user is already a member, the error is 400 `already_a_member_in_organization`.
    pub struct AddOrganizationMember = "organizations.add_member", CreateOrganizationMembership: Post "/organizations/{organization_id}/memberships", Create, None => Membership;
    lookup &MEMBER_LOOKUP;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The user who becomes a member.
        body user_id: UserId,
        /// The role's key, such as `org:member`.
        body role: String,
    }
    takes {
        /// Metadata of the membership that the member can read.
        body public_metadata as "public" in 0..=8192: Patch<Object>,
        /// Metadata of the membership for the backend only.
        body private_metadata as "private" in 0..=8192: Patch<Object>,
    }
}

/// How to find a membership that may have been created: a user is a member of an organization once.
static MEMBER_LOOKUP: Lookup = Lookup {
    list: <ListOrganizationMembers as Endpoint>::META,
    within: "",
    unique: &["user_id"],
    by: &[("user_id", "user_id")],
    scope: &["organization_id"],
    same: &[("user_id", "public_user_data.user_id"), ("role", "role")],
    second: Second::Made,
};

endpoint! {
    /// Changes the role of a member.
    /// At most 10 changes in 10 seconds for one membership. The last member who can manage members keeps that permission (400 `organization_minimum_permissions_needed`).
    pub struct UpdateOrganizationMember = "organizations.update_member", UpdateOrganizationMembership: Patch "/organizations/{organization_id}/memberships/{user_id}", Update, None => Membership;
    rate Object;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The user.
        path user_id: UserId,
        /// The role's key, such as `org:admin`.
        body role: String,
    }
}

// Adding the user again creates a new membership: the id, dates and metadata of this one are lost.
endpoint! {
    /// Removes a member from an organization.
    /// The response is the former membership.
    pub struct RemoveOrganizationMember = "organizations.remove_member", DeleteOrganizationMembership: Delete "/organizations/{organization_id}/memberships/{user_id}", Destroy, None => Membership;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Merges metadata into a membership: null removes a key.
    /// Other keys stay, and objects are merged at any depth. At most 10 changes in 10 seconds for one membership.
    pub struct UpdateOrganizationMemberMetadata = "organizations.update_member_metadata", UpdateOrganizationMembershipMetadata: Patch "/organizations/{organization_id}/memberships/{user_id}/metadata", Update, None => Membership;
    rate Object;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Metadata that the member can read.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private" in 0..=8192: Option<Object>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListOrganizationMembers>(),
    Op::of::<AddOrganizationMember>(),
    Op::of::<UpdateOrganizationMember>(),
    Op::of::<RemoveOrganizationMember>(),
    Op::of::<UpdateOrganizationMemberMetadata>(),
];

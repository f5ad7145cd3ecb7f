//! Invitations to an organization; those to the application are in `application_invitations.rs`.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint, record};
use crate::id::{InvitationId, OrganizationId, UserId};
use crate::list::List;
use crate::model::{InvitationStatus, OrganizationInvitation};
use crate::value::{Email, Limit, Object, Offset, Order, Patch, choice};

choice! {
    /// What a list of organization invitations can be ordered by.
    pub enum InvitationOrder {
        CreatedAt = "created_at",
        EmailAddress = "email_address",
    }
}

endpoint! {
    /// Lists the invitations of an organization, newest first.
    /// Invitations that a verified domain created are left out.
    pub struct ListInvitations = "invitations.list", ListOrganizationInvitations: Get "/organizations/{organization_id}/invitations", Read, Offset => List<OrganizationInvitation>;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// Only invitations in this state.
        query status: Option<InvitationStatus>,
        /// Only invitations to exactly this email address.
        query email_address as "email": Option<Email>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<InvitationOrder>>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Invites a person to an organization, by email.
    /// At most 250 an hour. The person does not need an account. Members and pending invitations together must fit the organization's limit.
    pub struct CreateInvitation = "invitations.create", CreateOrganizationInvitation: Post "/organizations/{organization_id}/invitations", Mail, None => OrganizationInvitation;
    lookup &INVITATION_LOOKUP;
    rate OrganizationInvitations;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The email address to invite.
        body email_address as "email": Email,
        /// The role's key, such as `org:member`.
        body role: String,
    }
    takes {
        /// The member who invites. Must be an admin of the organization (spec: `CreateOrganizationInvitation`).
        body inviter_user_id as "inviter": Patch<UserId>,
        /// Metadata for the membership that the member can read.
        body public_metadata as "public" in 0..=8192: Patch<Object>,
        /// Metadata for the membership, for the backend only.
        body private_metadata as "private" in 0..=8192: Patch<Object>,
        /// The URL that the invitation's link redirects to.
        body redirect_url: Patch<String>,
        /// Days until it expires, 1 to 365; 30 by default.
        body expires_in_days in 1..=365: Patch<u64>,
        /// Whether to send the email; true by default.
        body notify: Patch<bool>,
    }
}

/// How to find an invitation that may have been created.
static INVITATION_LOOKUP: Lookup = Lookup {
    list: <ListInvitations as Endpoint>::META,
    within: "",
    unique: &[],
    by: &[("email_address", "email_address")],
    scope: &["organization_id"],
    same: &[("email_address", "email_address"), ("role", "role")],
    second: Second::Refused,
};

record! {
    /// One invitation of a bulk call.
    pub struct NewInvitation;
    needs {
        /// The email address to invite.
        email_address: Email,
        /// The role's key, such as `org:member`.
        role: String,
    }
    takes {
        /// The member who invites. Must be an admin of the organization (spec: `CreateOrganizationInvitationBulk`).
        inviter_user_id: Patch<UserId>,
        /// Metadata for the membership that the member can read.
        public_metadata in 0..=8192: Patch<Object>,
        /// Metadata for the membership, for the backend only.
        private_metadata in 0..=8192: Patch<Object>,
        /// The URL that the invitation's link redirects to.
        redirect_url: Patch<String>,
        /// Days until it expires, 1 to 365; 30 by default.
        expires_in_days in 1..=365: Patch<u64>,
        /// Whether to send the email; true by default.
        notify: Patch<bool>,
    }
}

endpoint! {
    /// Invites up to 10 people to an organization in one call, by email.
    /// At most 50 calls an hour.
    pub struct BulkCreateInvitations = "invitations.bulk_create", CreateOrganizationInvitationBulk: Post "/organizations/{organization_id}/invitations/bulk", Mail, None => List<OrganizationInvitation>;
    rate BulkOrganizationInvitations;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The invitations, 1 to 10.
        whole invitations in 1..=10: Vec<NewInvitation>,
    }
}

endpoint! {
    /// Shows an invitation of an organization.
    pub struct GetInvitation = "invitations.get", GetOrganizationInvitation: Get "/organizations/{organization_id}/invitations/{invitation_id}", Read, None => OrganizationInvitation;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The invitation, `orginv_…`.
        path invitation_id: InvitationId,
    }
}

// The invitation stays on record and the person can be invited again, so this is an Update.
endpoint! {
    /// Revokes a pending invitation: its link stops working.
    /// An invitation that is not pending gives the error 404 `organization_invitation_not_pending`.
    pub struct RevokeInvitation = "invitations.revoke", RevokeOrganizationInvitation: Post "/organizations/{organization_id}/invitations/{invitation_id}/revoke", Update, None => OrganizationInvitation;
    makes status = "\"revoked\"";
    needs {
        /// The organization.
        path organization_id: OrganizationId,
        /// The invitation, `orginv_…`.
        path invitation_id: InvitationId,
    }
    takes {
        /// The member who revokes. Must be an admin of the organization (spec: `RevokeOrganizationInvitation`).
        body requesting_user_id: Patch<UserId>,
    }
}

endpoint! {
    /// Lists the pending invitations of an organization.
    /// Deprecated: `invitations.list` with the status `pending` does the same.
    pub struct ListPendingInvitations = "invitations.list_pending", ListPendingOrganizationInvitations: Get "/organizations/{organization_id}/invitations/pending", Read, Offset => List<OrganizationInvitation>;
    needs {
        /// The organization.
        path organization_id: OrganizationId,
    }
    takes {
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Lists the invitations of all organizations, newest first.
    pub struct ListAllInvitations = "invitations.list_all", ListInstanceOrganizationInvitations: Get "/organization_invitations", Read, Offset => List<OrganizationInvitation>;
    takes {
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<InvitationOrder>>,
        /// Only invitations in this state.
        query status: Option<InvitationStatus>,
        /// Text within the invited email address.
        query query: Option<String>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListInvitations>(),
    Op::of::<CreateInvitation>(),
    Op::of::<BulkCreateInvitations>(),
    Op::of::<GetInvitation>(),
    Op::of::<RevokeInvitation>(),
    Op::of::<ListPendingInvitations>(),
    Op::of::<ListAllInvitations>(),
];

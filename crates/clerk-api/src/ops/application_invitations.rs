//! Invitations to sign up to the application; those to an organization are in `invitations.rs`.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint, record};
use crate::id::InvitationId;
use crate::list::List;
use crate::model::{Invitation, InvitationStatus};
use crate::value::{Email, Limit, Object, Offset, Order, Patch, choice};

choice! {
    /// What a list of application invitations can be ordered by.
    pub enum ApplicationInvitationOrder {
        CreatedAt = "created_at",
        EmailAddress = "email_address",
        ExpiresAt = "expires_at",
    }
}

choice! {
    /// Which email template an invitation to the application uses.
    pub enum InvitationTemplate {
        Invitation = "invitation",
        WaitlistInvitation = "waitlist_invitation",
    }
}

endpoint! {
    /// Lists the invitations to the application, newest first.
    /// Revoked ones are left out unless the status asks for them (spec: `ListInvitations`).
    pub struct ListApplicationInvitations = "application_invitations.list", ListInvitations: Get "/invitations", Read, Offset => List<Invitation>;
    takes {
        /// Only invitations in this state.
        query status: Option<InvitationStatus>,
        /// Text within the invited email address, or an id.
        query query: Option<String>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<ApplicationInvitationOrder>>,
        /// Return the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Invites a person to sign up to the application, by email.
    /// At most 100 an hour.
    pub struct CreateApplicationInvitation = "application_invitations.create", CreateInvitation: Post "/invitations", Mail, None => Invitation;
    lookup &INVITATION_LOOKUP;
    rate Invitations;
    needs {
        /// The email address to invite.
        body email_address as "email": Email,
    }
    takes {
        /// Metadata for the new user that the user can read.
        body public_metadata as "public" in 0..=8192: Option<Object>,
        /// The URL that the invitation's link redirects to.
        body redirect_url: Option<String>,
        /// Whether to send the email; true by default.
        body notify: Patch<bool>,
        /// Invite even if already invited or already a user.
        body ignore_existing: Patch<bool>,
        /// Days until it expires, 1 to 365; 30 by default.
        body expires_in_days in 1..=365: Patch<u64>,
        /// Which email template to use.
        body template_slug as "template": Option<InvitationTemplate>,
    }
}

/// How to find an invitation that may have been created. The list matches parts of addresses, so the whole address is compared.
static INVITATION_LOOKUP: Lookup = Lookup {
    list: <ListApplicationInvitations as Endpoint>::META,
    within: "",
    unique: &[],
    by: &[("email_address", "query")],
    scope: &[],
    same: &[("email_address", "email_address")],
    second: Second::RefusedUnless("ignore_existing"),
};

record! {
    /// One invitation of a bulk call.
    pub struct NewApplicationInvitation;
    needs {
        /// The email address to invite.
        email_address: Email,
    }
    takes {
        /// Metadata for the new user that the user can read.
        public_metadata in 0..=8192: Patch<Object>,
        /// The URL that the invitation's link redirects to.
        redirect_url: Patch<String>,
        /// Whether to send the email; true by default.
        notify: Patch<bool>,
        /// Invite even if already invited. This never invites an existing user (spec: `CreateBulkInvitations`).
        ignore_existing: Patch<bool>,
        /// Days until it expires, 1 to 365; 30 by default.
        expires_in_days in 1..=365: Patch<u64>,
        /// Which email template to use; `invitation` by default.
        template_slug: Option<InvitationTemplate>,
    }
}

endpoint! {
    /// Invites up to 10 people to sign up in one call, by email.
    /// At most 25 calls an hour.
    pub struct BulkCreateApplicationInvitations = "application_invitations.bulk_create", CreateBulkInvitations: Post "/invitations/bulk", Mail, None => List<Invitation>;
    rate BulkInvitations;
    needs {
        /// The invitations, 1 to 10.
        whole invitations in 1..=10: Vec<NewApplicationInvitation>,
    }
}

// The invitation stays on record and the person can be invited again, so this is an Update.
endpoint! {
    /// Revokes a pending invitation: its link stops working.
    /// The person can still sign up another way.
    pub struct RevokeApplicationInvitation = "application_invitations.revoke", RevokeInvitation: Post "/invitations/{invitation_id}/revoke", Update, None => Invitation;
    makes status = "\"revoked\"";
    needs {
        /// The invitation, `inv_…`.
        path invitation_id: InvitationId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListApplicationInvitations>(),
    Op::of::<CreateApplicationInvitation>(),
    Op::of::<BulkCreateApplicationInvitations>(),
    Op::of::<RevokeApplicationInvitation>(),
];

//! The waitlist: people who want to sign up while the application is invitation-only.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint, record};
use crate::id::WaitlistEntryId;
use crate::list::List;
use crate::model::{DeletedObject, WaitlistEntry, WaitlistStatus};
use crate::value::{Email, Limit, Offset, Order, Patch, choice};

choice! {
    /// What the waitlist can be ordered by.
    pub enum WaitlistOrder {
        CreatedAt = "created_at",
        EmailAddress = "email_address",
        InvitedAt = "invited_at",
    }
}

endpoint! {
    /// Lists the entries of the waitlist, newest first.
    pub struct ListWaitlist = "waitlist.list", ListWaitlistEntries: Get "/waitlist_entries", Read, Offset => List<WaitlistEntry>;
    takes {
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
        /// Text within the email address, or an id.
        query query: Option<String>,
        /// Only entries in this state.
        query status: Option<WaitlistStatus>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<WaitlistOrder>>,
    }
}

endpoint! {
    /// Puts an email address on the waitlist.
    /// If it is already there, nothing changes and the response is its entry.
    pub struct AddToWaitlist = "waitlist.add", CreateWaitlistEntry: Post "/waitlist_entries", Mail, None => WaitlistEntry;
    lookup &ENTRY_LOOKUP;
    needs {
        /// The email address.
        body email_address as "email": Email,
    }
    takes {
        /// Whether to send a confirmation; true by default.
        body notify: Patch<bool>,
    }
}

/// How to find an entry that may have been added. The list matches parts of addresses, so the whole address is compared.
static ENTRY_LOOKUP: Lookup = Lookup {
    list: <ListWaitlist as Endpoint>::META,
    within: "",
    unique: &[],
    by: &[("email_address", "query")],
    scope: &[],
    same: &[("email_address", "email_address")],
    second: Second::Made,
};

record! {
    /// One entry of a bulk call.
    pub struct NewWaitlistEntry;
    needs {
        /// The email address.
        email_address: Email,
    }
    takes {
        /// Whether to send a confirmation; true by default.
        notify: Patch<bool>,
    }
}

endpoint! {
    /// Puts up to 50 email addresses on the waitlist in one call.
    /// Existing entries stay as they are and are in the response. Do not give an address twice.
    pub struct BulkAddToWaitlist = "waitlist.bulk_add", CreateBulkWaitlistEntries: Post "/waitlist_entries/bulk", Mail, None => List<WaitlistEntry>;
    needs {
        /// The entries, 1 to 50.
        whole entries in 1..=50: Vec<NewWaitlistEntry>,
    }
}

endpoint! {
    /// Invites a person on the waitlist to sign up, by email.
    pub struct InviteFromWaitlist = "waitlist.invite", InviteWaitlistEntry: Post "/waitlist_entries/{waitlist_entry_id}/invite", Mail, None => WaitlistEntry;
    needs {
        /// The entry, `wle_…`.
        path waitlist_entry_id: WaitlistEntryId,
    }
    takes {
        /// Invite even if already invited or already a user.
        body ignore_existing: Patch<bool>,
    }
}

// The entry stays, and no email is sent.
endpoint! {
    /// Rejects a waitlist entry.
    pub struct RejectFromWaitlist = "waitlist.reject", RejectWaitlistEntry: Post "/waitlist_entries/{waitlist_entry_id}/reject", Update, None => WaitlistEntry;
    needs {
        /// The entry, `wle_…`.
        path waitlist_entry_id: WaitlistEntryId,
    }
}

endpoint! {
    /// Deletes a pending waitlist entry.
    pub struct DeleteFromWaitlist = "waitlist.delete", DeleteWaitlistEntry: Delete "/waitlist_entries/{waitlist_entry_id}", Destroy, None => DeletedObject;
    needs {
        /// The entry, `wle_…`.
        path waitlist_entry_id: WaitlistEntryId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListWaitlist>(),
    Op::of::<AddToWaitlist>(),
    Op::of::<BulkAddToWaitlist>(),
    Op::of::<InviteFromWaitlist>(),
    Op::of::<RejectFromWaitlist>(),
    Op::of::<DeleteFromWaitlist>(),
];

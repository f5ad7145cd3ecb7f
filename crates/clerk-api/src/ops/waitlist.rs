//! The waitlist: who wants to sign up while the application lets in only the invited.

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
        /// Text within the e-mail address, or an id.
        query query: Option<String>,
        /// Only entries in this state.
        query status: Option<WaitlistStatus>,
        /// The order; `-` in front is descending. Default: `-created_at`.
        query order_by: Option<Order<WaitlistOrder>>,
    }
}

endpoint! {
    /// Puts an e-mail address on the waitlist.
    /// If it is there already, its entry is answered and nothing changes.
    pub struct AddToWaitlist = "waitlist.add", CreateWaitlistEntry: Post "/waitlist_entries", Mail, None => WaitlistEntry;
    lookup &ENTRY_LOOKUP;
    needs {
        /// The e-mail address.
        body email_address as "email": Email,
    }
    takes {
        /// Whether to send a confirmation; true by default.
        body notify: Patch<bool>,
    }
}

/// How an entry that may have been added is found again. The list matches parts of addresses, so the address is compared whole.
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
        /// The e-mail address.
        email_address: Email,
    }
    takes {
        /// Whether to send a confirmation; true by default.
        notify: Patch<bool>,
    }
}

endpoint! {
    /// Puts up to 50 e-mail addresses on the waitlist in one call.
    /// Those that are there already are answered as they are; none may be given twice.
    pub struct BulkAddToWaitlist = "waitlist.bulk_add", CreateBulkWaitlistEntries: Post "/waitlist_entries/bulk", Mail, None => List<WaitlistEntry>;
    needs {
        /// The entries, 1 to 50.
        whole entries in 1..=50: Vec<NewWaitlistEntry>,
    }
}

endpoint! {
    /// Invites who waits to sign up, by mail.
    pub struct InviteFromWaitlist = "waitlist.invite", InviteWaitlistEntry: Post "/waitlist_entries/{waitlist_entry_id}/invite", Mail, None => WaitlistEntry;
    needs {
        /// The entry, `wle_…`.
        path waitlist_entry_id: WaitlistEntryId,
    }
    takes {
        /// Invite even if invited already, or known as a user.
        body ignore_existing: Patch<bool>,
    }
}

// The entry stays, and nothing is sent.
endpoint! {
    /// Turns down who waits.
    pub struct RejectFromWaitlist = "waitlist.reject", RejectWaitlistEntry: Post "/waitlist_entries/{waitlist_entry_id}/reject", Update, None => WaitlistEntry;
    needs {
        /// The entry, `wle_…`.
        path waitlist_entry_id: WaitlistEntryId,
    }
}

endpoint! {
    /// Deletes an entry that nobody has decided on.
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

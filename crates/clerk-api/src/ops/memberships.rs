//! Memberships of the whole instance; those of one organization are in `organizations/members.rs`.

use crate::declare::{Op, endpoint};
use crate::list::List;
use crate::model::Membership;
use crate::value::{Limit, Offset, Order, choice};

choice! {
    /// What a list of memberships can be ordered by: fields of the user.
    pub enum MembershipOrder {
        PhoneNumber = "phone_number",
        EmailAddress = "email_address",
        CreatedAt = "created_at",
        FirstName = "first_name",
        LastName = "last_name",
        Username = "username",
    }
}

endpoint! {
    /// Lists the memberships of all organizations.
    pub struct ListMemberships = "memberships.list", InstanceGetOrganizationMemberships: Get "/organization_memberships", Read, Offset => List<Membership>;
    takes {
        /// The order; `-` in front is descending.
        query order_by: Option<Order<MembershipOrder>>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

pub(super) static OPS: &[Op] = &[Op::of::<ListMemberships>()];

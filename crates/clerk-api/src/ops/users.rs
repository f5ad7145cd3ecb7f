//! Users: the accounts of the people who sign in.

use crate::endpoint::{Op, endpoint};
use crate::field::{Cursor, Limit, Object, Offset, Order, Patch, Signed, choice};
use crate::id::{OrganizationId, UserId};
use crate::model::{DeletedObject, User};
use crate::page::List;
use crate::reconcile::Lookup;
use crate::time::{Rfc3339, Timestamp};

choice! {
    /// What a list of users can be ordered by.
    pub enum UserOrder {
        CreatedAt = "created_at",
        UpdatedAt = "updated_at",
        EmailAddress = "email_address",
        Web3Wallet = "web3wallet",
        FirstName = "first_name",
        LastName = "last_name",
        PhoneNumber = "phone_number",
        Username = "username",
        LastActiveAt = "last_active_at",
        LastSignInAt = "last_sign_in_at",
    }
}

endpoint! {
    /// Lists users, newest first.
    pub struct ListUsers = "users.list", GetUserList: Get "/users", Read, Cursor => List<User>;
    takes {
        /// Only users with this e-mail address, exactly.
        query email_address: Vec<String>,
        /// Only users with this external id.
        query external_id: Vec<Signed<String>>,
        /// Only these users.
        query user_id: Vec<Signed<UserId>>,
        /// Only members of this organization.
        query organization_id: Vec<Signed<OrganizationId>>,
        /// Text within names, addresses, numbers, usernames, ids.
        query query: Option<String>,
        /// Only users created after this.
        query created_at_after: Option<Timestamp>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
        /// Start after the user with this id.
        query starting_after: Option<Cursor>,
        /// The order; `-` in front is descending.
        query order_by: Option<Order<UserOrder>>,
    }
}

endpoint! {
    /// Shows a user.
    pub struct GetUser = "users.get", GetUser: Get "/users/{user_id}", Read, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Creates a user.
    pub struct CreateUser = "users.create", CreateUser: Post "/users", Create, None => User;
    lookup &USER_LOOKUP;
    takes {
        /// Your own id for the user, unique.
        body external_id: Patch<String>,
        /// An e-mail address; the first becomes the primary one.
        body email_address: Vec<String>,
        /// When the user was created, to back-date it.
        body created_at: Patch<Rfc3339>,
    }
}

/// How a user that may have been created is found again.
static USER_LOOKUP: Lookup = Lookup {
    list: <ListUsers as crate::endpoint::Endpoint>::META,
    unique: &["external_id", "email_address", "phone_number", "username"],
    by: &[
        ("external_id", "external_id"),
        ("email_address", "email_address"),
        ("phone_number", "phone_number"),
        ("username", "username"),
    ],
    scope: &[],
    same: &[
        ("external_id", "external_id"),
        ("email_address", "email_addresses.email_address"),
        ("phone_number", "phone_numbers.phone_number"),
        ("username", "username"),
        ("first_name", "first_name"),
        ("last_name", "last_name"),
    ],
};

endpoint! {
    /// Merges metadata into a user: null takes a key away, the rest stays.
    pub struct UpdateUserMetadata = "users.update_metadata", UpdateUserMetadata: Patch "/users/{user_id}/metadata", Update, None => User;
    needs {
        /// The user.
        path user_id: UserId,
    }
    takes {
        /// Metadata that the user can read.
        body public_metadata as "public": Option<Object>,
        /// Metadata for the backend only.
        body private_metadata as "private": Option<Object>,
        /// Metadata that the user can write: never trust it.
        body unsafe_metadata as "unsafe": Option<Object>,
    }
}

endpoint! {
    /// Deletes a user for good.
    pub struct DeleteUser = "users.delete", DeleteUser: Delete "/users/{user_id}", Destroy, None => DeletedObject;
    needs {
        /// The user.
        path user_id: UserId,
    }
}

pub(crate) static OPS: &[Op] = &[
    Op::of::<ListUsers>(),
    Op::of::<GetUser>(),
    Op::of::<CreateUser>(),
    Op::of::<UpdateUserMetadata>(),
    Op::of::<DeleteUser>(),
];

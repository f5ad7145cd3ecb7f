//! Small responses that several groups share.

use crate::id::UserId;

model! {
    /// What a deletion answers.
    pub struct DeletedObject {
        /// The kind of thing that was deleted, such as `user`.
        object: String,
        /// Its id.
        id: String,
        /// An organization's slug.
        slug: String,
        /// True.
        deleted: bool,
        /// A user's external id.
        external_id: String,
    }
}

model! {
    /// A count of rows.
    pub struct TotalCount {
        /// `total_count`.
        object: String,
        /// The number of rows.
        total_count: u64,
    }
}

model! {
    /// The user whose second factors were taken away.
    pub struct UserRef {
        /// The user.
        user_id: UserId,
    }
}

model! {
    /// Whether a password or code is right; a wrong one is an error instead.
    pub struct Verified {
        /// True.
        verified: bool,
        /// What kind of code it was: `totp` or `backup_code`.
        code_type: String,
    }
}

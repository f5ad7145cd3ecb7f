//! Users.

use crate::id::UserId;
use crate::time::Timestamp;

model! {
    /// A user (spec: User).
    pub struct User {
        /// The id, `user_…`.
        id: UserId,
        /// The given name.
        first_name: String,
        /// When it was created.
        created_at: Timestamp,
    }
}

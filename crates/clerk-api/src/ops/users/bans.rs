//! Bans and locks. A ban lasts until it is lifted; a lock follows too many failed sign-ins or `users.lock`.

use crate::declare::{Op, endpoint};
use crate::id::UserId;
use crate::list::List;
use crate::model::User;

endpoint! {
    /// Bans a user: ends all sessions and refuses new ones.
    /// The Clerk plan must include bans (402 otherwise).
    pub struct BanUser = "users.ban", BanUser: Post "/users/{user_id}/ban", Update, None => User;
    makes banned = "true";
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Lifts the ban of a user.
    pub struct UnbanUser = "users.unban", UnbanUser: Post "/users/{user_id}/unban", Update, None => User;
    makes banned = "false";
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Bans up to 50 users in one call.
    pub struct BulkBanUsers = "users.bulk_ban", UsersBan: Post "/users/ban", Update, None => List<User>;
    needs {
        /// The users, 1 to 50.
        body user_ids in 1..=50: Vec<UserId>,
    }
}

endpoint! {
    /// Lifts the ban of up to 50 users in one call.
    pub struct BulkUnbanUsers = "users.bulk_unban", UsersUnban: Post "/users/unban", Update, None => List<User>;
    needs {
        /// The users, 1 to 50.
        body user_ids in 1..=50: Vec<UserId>,
    }
}

endpoint! {
    /// Locks a user out of signing in.
    /// The instance must have lockout enabled (403 otherwise); its settings say for how long.
    pub struct LockUser = "users.lock", LockUser: Post "/users/{user_id}/lock", Update, None => User;
    makes locked = "true";
    needs {
        /// The user.
        path user_id: UserId,
    }
}

endpoint! {
    /// Lets a locked user sign in again.
    pub struct UnlockUser = "users.unlock", UnlockUser: Post "/users/{user_id}/unlock", Update, None => User;
    makes locked = "false";
    needs {
        /// The user.
        path user_id: UserId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<BanUser>(),
    Op::of::<UnbanUser>(),
    Op::of::<BulkBanUsers>(),
    Op::of::<BulkUnbanUsers>(),
    Op::of::<LockUser>(),
    Op::of::<UnlockUser>(),
];

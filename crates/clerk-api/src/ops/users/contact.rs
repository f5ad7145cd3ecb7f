//! Replacing all of a user's e-mail addresses or phone numbers by one.

use crate::declare::{Op, endpoint};
use crate::id::UserId;
use crate::model::{EmailAddress, PhoneNumber};
use crate::value::{Email, Patch, Phone, choice};

choice! {
    /// How sure it is that the new address or number belongs to the user.
    pub enum ReplacementStatus {
        /// The user can sign in with it.
        Verified = "verified",
        /// The user can sign in with it, and nobody else can claim it.
        Reserved = "reserved",
        /// No good for signing in, and others can claim it.
        Unverified = "unverified",
    }
}

endpoint! {
    /// Replaces all e-mail addresses of a user by one.
    /// It becomes the primary one, all others are deleted. Refused while one is linked to a connected account.
    pub struct ReplaceUserEmailAddress = "users.replace_email_address", ReplaceUserEmailAddress: Put "/users/{user_id}/email_address", Replace, None => EmailAddress;
    needs {
        /// The user.
        path user_id: UserId,
        /// The new e-mail address.
        body email_address as "email": Email,
    }
    takes {
        /// Its status; verified by default. With `unverified` the user may be locked out.
        body identification_status as "status": Option<ReplacementStatus>,
        /// Tell the former primary address by mail.
        body notify_primary_email_address_changed: Patch<bool>,
    }
}

endpoint! {
    /// Replaces all phone numbers of a user by one.
    /// It becomes the primary one and no second factor; all others are deleted.
    pub struct ReplaceUserPhoneNumber = "users.replace_phone_number", ReplaceUserPhoneNumber: Put "/users/{user_id}/phone_number", Replace, None => PhoneNumber;
    needs {
        /// The user.
        path user_id: UserId,
        /// The new phone number, in E.164 form.
        body phone_number as "phone": Phone,
    }
    takes {
        /// Its status; verified by default. With `unverified` the user may be locked out.
        body identification_status as "status": Option<ReplacementStatus>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ReplaceUserEmailAddress>(),
    Op::of::<ReplaceUserPhoneNumber>(),
];

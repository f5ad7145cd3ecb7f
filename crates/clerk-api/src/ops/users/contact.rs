//! Replaces all email addresses or phone numbers of a user by one.

use crate::declare::{Op, endpoint};
use crate::id::UserId;
use crate::model::{EmailAddress, PhoneNumber};
use crate::value::{Email, Patch, Phone, choice};

choice! {
    /// The status of the new address or number.
    pub enum ReplacementStatus {
        /// The user can sign in with it.
        Verified = "verified",
        /// The user can sign in with it, and nobody else can claim it.
        Reserved = "reserved",
        /// The user cannot sign in with it, and others can claim it.
        Unverified = "unverified",
    }
}

endpoint! {
    /// Replaces all email addresses of a user by one.
    /// It becomes the primary one and all others are deleted. Refused while one of them is linked to a connected account.
    pub struct ReplaceUserEmailAddress = "users.replace_email_address", ReplaceUserEmailAddress: Put "/users/{user_id}/email_address", Replace, None => EmailAddress;
    needs {
        /// The user.
        path user_id: UserId,
        /// The new email address.
        body email_address as "email": Email,
    }
    takes {
        /// Its status; verified by default. With `unverified` the user may be unable to sign in.
        body identification_status as "status": Option<ReplacementStatus>,
        /// Notify the former primary address by email.
        body notify_primary_email_address_changed: Patch<bool>,
    }
}

endpoint! {
    /// Replaces all phone numbers of a user by one.
    /// It becomes the primary one but not a second factor; all others are deleted.
    pub struct ReplaceUserPhoneNumber = "users.replace_phone_number", ReplaceUserPhoneNumber: Put "/users/{user_id}/phone_number", Replace, None => PhoneNumber;
    needs {
        /// The user.
        path user_id: UserId,
        /// The new phone number, in E.164 form.
        body phone_number as "phone": Phone,
    }
    takes {
        /// Its status; verified by default. With `unverified` the user may be unable to sign in.
        body identification_status as "status": Option<ReplacementStatus>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ReplaceUserEmailAddress>(),
    Op::of::<ReplaceUserPhoneNumber>(),
];

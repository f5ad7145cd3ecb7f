//! Email addresses of users: adding, changing, verifying, deleting. Lists of users contain them.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{IdentificationId, UserId, VerificationId};
use crate::model::{CodeVerification, DeletedObject, EmailAddress};
use crate::ops::users::ListUsers;
use crate::value::{Email, Patch, SecretText};

endpoint! {
    /// Adds an email address to a user.
    /// The first address of a user becomes the primary one automatically.
    pub struct CreateEmailAddress = "email_addresses.create", CreateEmailAddress: Post "/email_addresses", Create, None => EmailAddress;
    lookup &EMAIL_LOOKUP;
    needs {
        /// The user.
        body user_id: UserId,
        /// The email address.
        body email_address as "email": Email,
    }
    takes {
        /// Whether it counts as verified; false by default.
        body verified: Patch<bool>,
        /// Whether to make it primary; it must be verified.
        body primary: Patch<bool>,
        /// Notify the former primary address by email.
        body notify_primary_email_address_changed: Patch<bool>,
    }
}

/// How to find an address that may have been added: inside its user.
static EMAIL_LOOKUP: Lookup = Lookup {
    list: <ListUsers as Endpoint>::META,
    within: "email_addresses",
    unique: &["email_address"],
    by: &[("email_address", "email_address")],
    scope: &["user_id"],
    same: &[("email_address", "email_address")],
    second: Second::Made,
};

endpoint! {
    /// Shows an email address.
    pub struct GetEmailAddress = "email_addresses.get", GetEmailAddress: Get "/email_addresses/{email_address_id}", Read, None => EmailAddress;
    needs {
        /// The address, `idn_…`.
        path email_address_id: IdentificationId,
    }
}

endpoint! {
    /// Verifies an email address or makes it primary.
    pub struct UpdateEmailAddress = "email_addresses.update", UpdateEmailAddress: Patch "/email_addresses/{email_address_id}", Update, None => EmailAddress;
    needs {
        /// The address, `idn_…`.
        path email_address_id: IdentificationId,
    }
    takes {
        /// Whether it counts as verified.
        body verified: Patch<bool>,
        /// Make it the user's primary address; it must be verified.
        body primary: Patch<bool>,
        /// Notify the former primary address by email.
        body notify_primary_email_address_changed: Patch<bool>,
    }
}

endpoint! {
    /// Deletes an email address of a user.
    pub struct DeleteEmailAddress = "email_addresses.delete", DeleteEmailAddress: Delete "/email_addresses/{email_address_id}", Destroy, None => DeletedObject;
    needs {
        /// The address, `idn_…`.
        path email_address_id: IdentificationId,
    }
}

endpoint! {
    /// Sends a one-time code to an email address.
    /// Pass the id in the response to `email_addresses.attempt_verification`, with the code.
    pub struct PrepareEmailVerification = "email_addresses.prepare_verification", PrepareEmailAddressVerification: Post "/email_addresses/{email_address_id}/prepare_verification", Mail, None => CodeVerification;
    needs {
        /// The address, `idn_…`.
        path email_address_id: IdentificationId,
    }
}

endpoint! {
    /// Checks a one-time code; the status in the response is the result.
    /// A correct code verifies the address. A wrong or expired code is not an error, but the status is not `verified`.
    pub struct AttemptEmailVerification = "email_addresses.attempt_verification", AttemptEmailAddressVerification: Post "/email_addresses/{email_address_id}/attempt_verification", Once, None => CodeVerification;
    needs {
        /// The address, `idn_…`.
        path email_address_id: IdentificationId,
        /// The verification id from `prepare_verification`.
        body verification_id: VerificationId,
        /// The code from the email.
        body code: SecretText,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<CreateEmailAddress>(),
    Op::of::<GetEmailAddress>(),
    Op::of::<UpdateEmailAddress>(),
    Op::of::<DeleteEmailAddress>(),
    Op::of::<PrepareEmailVerification>(),
    Op::of::<AttemptEmailVerification>(),
];

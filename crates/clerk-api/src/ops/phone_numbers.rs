//! Phone numbers of users: adding, changing, verifying, deleting. Lists of users contain them.

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::{IdentificationId, UserId, VerificationId};
use crate::model::{CodeVerification, DeletedObject, PhoneNumber};
use crate::ops::users::ListUsers;
use crate::value::{Patch, Phone, SecretText};

endpoint! {
    /// Adds a phone number to a user.
    /// The first number of a user becomes the primary one automatically.
    pub struct CreatePhoneNumber = "phone_numbers.create", CreatePhoneNumber: Post "/phone_numbers", Create, None => PhoneNumber;
    lookup &PHONE_LOOKUP;
    needs {
        /// The user.
        body user_id: UserId,
        /// The phone number, in E.164 form.
        body phone_number as "phone": Phone,
    }
    takes {
        /// Whether it counts as verified; false by default.
        body verified: Patch<bool>,
        /// Whether to make it primary; it must be verified.
        body primary: Patch<bool>,
        /// Keep it as a second factor; it must be verified.
        body reserved_for_second_factor as "second_factor": Patch<bool>,
    }
}

/// How to find a number that may have been added: inside its user.
static PHONE_LOOKUP: Lookup = Lookup {
    list: <ListUsers as Endpoint>::META,
    within: "phone_numbers",
    unique: &["phone_number"],
    by: &[("phone_number", "phone_number")],
    scope: &["user_id"],
    same: &[("phone_number", "phone_number")],
    second: Second::Made,
};

endpoint! {
    /// Shows a phone number.
    pub struct GetPhoneNumber = "phone_numbers.get", GetPhoneNumber: Get "/phone_numbers/{phone_number_id}", Read, None => PhoneNumber;
    needs {
        /// The number, `idn_…`.
        path phone_number_id: IdentificationId,
    }
}

endpoint! {
    /// Verifies a phone number, makes it primary or a second factor.
    pub struct UpdatePhoneNumber = "phone_numbers.update", UpdatePhoneNumber: Patch "/phone_numbers/{phone_number_id}", Update, None => PhoneNumber;
    needs {
        /// The number, `idn_…`.
        path phone_number_id: IdentificationId,
    }
    takes {
        /// Whether it counts as verified.
        body verified: Patch<bool>,
        /// Make it the user's primary number; it must be verified.
        body primary: Patch<bool>,
        /// Keep it as a second factor; it must be verified.
        body reserved_for_second_factor as "second_factor": Patch<bool>,
    }
}

endpoint! {
    /// Deletes a phone number of a user.
    pub struct DeletePhoneNumber = "phone_numbers.delete", DeletePhoneNumber: Delete "/phone_numbers/{phone_number_id}", Destroy, None => DeletedObject;
    needs {
        /// The number, `idn_…`.
        path phone_number_id: IdentificationId,
    }
}

endpoint! {
    /// Sends a one-time code to a phone number.
    /// At most one in 30 seconds. Pass the id in the response to `phone_numbers.attempt_verification`, with the code.
    pub struct PreparePhoneVerification = "phone_numbers.prepare_verification", PreparePhoneNumberVerification: Post "/phone_numbers/{phone_number_id}/prepare_verification", Mail, None => CodeVerification;
    needs {
        /// The number, `idn_…`.
        path phone_number_id: IdentificationId,
    }
}

endpoint! {
    /// Checks a one-time code; the status in the response is the result.
    /// A correct code verifies the number. A wrong or expired code is not an error, but the status is not `verified`.
    pub struct AttemptPhoneVerification = "phone_numbers.attempt_verification", AttemptPhoneNumberVerification: Post "/phone_numbers/{phone_number_id}/attempt_verification", Once, None => CodeVerification;
    needs {
        /// The number, `idn_…`.
        path phone_number_id: IdentificationId,
        /// The verification id from `prepare_verification`.
        body verification_id: VerificationId,
        /// The code from the message.
        body code: SecretText,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<CreatePhoneNumber>(),
    Op::of::<GetPhoneNumber>(),
    Op::of::<UpdatePhoneNumber>(),
    Op::of::<DeletePhoneNumber>(),
    Op::of::<PreparePhoneVerification>(),
    Op::of::<AttemptPhoneVerification>(),
];

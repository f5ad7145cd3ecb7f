//! What email addresses and phone numbers have in common, and where they differ.

use serde::Serialize;

use super::wire::{Claim, EmailAddress, Kind, PhoneNumber, Verification};
use crate::http::body::Body;
use crate::http::check;
use crate::http::error::ApiError;
use crate::http::problem::Problem;
use crate::resource::identifier_lists::rows as listed;
use crate::resource::users::wire::User;
use crate::store::Tx;

/// An email address or a phone number.
pub(super) trait Contact: Serialize + Send + Sized + 'static {
    const KIND: Kind;
    /// The type of the object, which is also the name of the parameter that holds its text.
    const NAME: &'static str;
    /// The kind in words.
    const WHAT: &'static str;
    const STRATEGY: &'static str;
    /// How a code gets there, where that is said.
    const CHANNEL: Option<&'static str>;
    /// Milliseconds that must lie between two codes.
    const PAUSE: i64;

    fn new(id: String, text: String, claim: Claim, now: i64) -> Self;
    /// Returns a text as it is stored.
    fn check(text: &str) -> Result<String, Problem>;
    fn list(user: &User) -> &[Self];
    fn all(user: &mut User) -> &mut Vec<Self>;
    fn primary(user: &mut User) -> &mut Option<String>;

    fn id(&self) -> &str;
    fn text(&self) -> &str;
    fn is_linked(&self) -> bool;
    fn verification(&mut self) -> (&mut Option<Verification>, &mut bool);
    fn is_verified(&self) -> bool;
    /// Notes that it has changed.
    fn touch(&mut self, now: i64);

    /// Makes it a proven one, if it is not.
    fn prove(&mut self, how: impl FnOnce() -> Verification) {
        if self.is_verified() {
            return;
        }
        let (verification, reserved) = self.verification();
        *verification = Some(how());
        *reserved = false;
    }

    /// Forgets how it was proven.
    fn disprove(&mut self) {
        *self.verification().0 = None;
    }

    /// Refuses a text that the restrictions of the instance keep from all users; only emails have such.
    fn check_rules(_: &Tx<'_>, _text: &str) -> Result<(), ApiError> {
        Ok(())
    }

    /// Reads what only emails take.
    fn read_notify(_: &mut Body<'_>) {}

    /// Reads whether it shall be a second factor; only phones can.
    fn read_second_factor(_: &mut Body<'_>) -> Option<bool> {
        None
    }

    /// Makes it a second factor, or an ordinary one, or neither; then sees to it that the user's are in order.
    fn set_second_factor(_: &mut User, _id: &str, _on: Option<bool>, _now: i64) {}
}

impl Contact for EmailAddress {
    const KIND: Kind = Kind::Email;
    const NAME: &'static str = "email_address";
    const WHAT: &'static str = "email address";
    const STRATEGY: &'static str = "email_code";
    const CHANNEL: Option<&'static str> = None;
    const PAUSE: i64 = 0;

    fn new(id: String, text: String, claim: Claim, now: i64) -> Self {
        Self::new(id, text, claim, now)
    }

    fn check(text: &str) -> Result<String, Problem> {
        check::email(Self::NAME, text)
    }

    fn list(user: &User) -> &[Self] {
        &user.email_addresses
    }

    fn all(user: &mut User) -> &mut Vec<Self> {
        &mut user.email_addresses
    }

    fn primary(user: &mut User) -> &mut Option<String> {
        &mut user.primary_email_address_id
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn text(&self) -> &str {
        &self.email_address
    }

    fn is_linked(&self) -> bool {
        !self.linked_to.is_empty()
    }

    fn verification(&mut self) -> (&mut Option<Verification>, &mut bool) {
        (&mut self.verification, &mut self.reserved)
    }

    fn is_verified(&self) -> bool {
        self.verification.is_some()
    }

    fn touch(&mut self, now: i64) {
        self.updated_at = now;
    }

    fn check_rules(tx: &Tx<'_>, text: &str) -> Result<(), ApiError> {
        listed::check_subaddress(&tx.settings()?.restrictions, text)
    }

    fn read_notify(body: &mut Body<'_>) {
        // No email is sent yet.
        body.flag("notify_primary_email_address_changed");
    }
}

impl Contact for PhoneNumber {
    const KIND: Kind = Kind::Phone;
    const NAME: &'static str = "phone_number";
    const WHAT: &'static str = "phone number";
    const STRATEGY: &'static str = "phone_code";
    const CHANNEL: Option<&'static str> = Some("sms");
    const PAUSE: i64 = 30_000;

    fn new(id: String, text: String, claim: Claim, now: i64) -> Self {
        Self::new(id, text, claim, now)
    }

    fn check(text: &str) -> Result<String, Problem> {
        check::phone(Self::NAME, text)?;
        Ok(text.to_owned())
    }

    fn list(user: &User) -> &[Self] {
        &user.phone_numbers
    }

    fn all(user: &mut User) -> &mut Vec<Self> {
        &mut user.phone_numbers
    }

    fn primary(user: &mut User) -> &mut Option<String> {
        &mut user.primary_phone_number_id
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn text(&self) -> &str {
        &self.phone_number
    }

    fn is_linked(&self) -> bool {
        !self.linked_to.is_empty()
    }

    fn verification(&mut self) -> (&mut Option<Verification>, &mut bool) {
        (&mut self.verification, &mut self.reserved)
    }

    fn is_verified(&self) -> bool {
        self.verification.is_some()
    }

    fn touch(&mut self, now: i64) {
        self.updated_at = now;
    }

    fn disprove(&mut self) {
        self.verification = None;
        // A second factor must be a proven number.
        self.reserved_for_second_factor = false;
        self.default_second_factor = false;
    }

    fn read_second_factor(body: &mut Body<'_>) -> Option<bool> {
        body.flag("reserved_for_second_factor").value()
    }

    fn set_second_factor(user: &mut User, id: &str, on: Option<bool>, now: i64) {
        let phones = &mut user.phone_numbers;
        if let (Some(on), Some(phone)) = (on, phones.iter_mut().find(|phone| phone.id == id)) {
            phone.reserved_for_second_factor = on;
            phone.default_second_factor &= on;
        }
        let has_default = phones.iter().any(|phone| phone.default_second_factor);
        let first = phones
            .iter_mut()
            .find(|phone| phone.reserved_for_second_factor);
        if let (false, Some(phone)) = (has_default, first) {
            phone.default_second_factor = true;
        }
        user.judge_second_factor(now);
    }
}

//! Made-up users.

use serde_json::json;
use serde_json::value::RawValue;

use super::dice::{Dice, fraction};
use super::names::{DOMAINS, Name, REGIONS};
use super::{DAY, SINCE, UNTIL};
use crate::http::metadata;
use crate::id::Ids;
use crate::resource::identifications::wire::{Claim, EmailAddress, PhoneNumber};
use crate::resource::users::rows::Secrets;
use crate::resource::users::wire::User;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A user and what is kept beside it.
pub(super) struct Person {
    pub(super) user: User,
    pub(super) secrets: Secrets,
}

/// What a person is called and written to by; it depends on the seed and the number alone.
pub(super) struct Identity {
    locale: &'static str,
    first: Name,
    last: Name,
    pub(super) email: String,
    dice: Dice,
}

impl Identity {
    pub(super) fn of(seed: u64, number: u64) -> Self {
        let mut dice = Dice::new(seed, "person", number);
        let region = dice.pick(&REGIONS);
        let (first, last) = (
            Name::of(dice.pick::<&str>(region.first)),
            Name::of(dice.pick::<&str>(region.last)),
        );
        let domain = dice.pick(&DOMAINS);
        Self {
            locale: region.locale,
            // Not by a +tag: people with one name would be spellings of one mailbox.
            email: format!("{}.{}{number}@{domain}", first.plain, last.plain),
            first,
            last,
            dice,
        }
    }
}

/// Makes users one after the other, the oldest first.
pub(super) struct People<'a> {
    pub(super) seed: u64,
    /// The number of the first of them.
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) instance_id: &'a str,
    pub(super) password_hash: &'a str,
    pub(super) ids: &'a Ids,
    /// How many were made.
    pub(super) made: u64,
    /// When the one before was created.
    pub(super) before: i64,
}

impl Iterator for People<'_> {
    type Item = Person;

    fn next(&mut self) -> Option<Person> {
        if self.made == self.count {
            return None;
        }
        let number = self.first + self.made;
        let mut identity = Identity::of(self.seed, number);
        let created = self.created(&mut identity.dice);
        self.made += 1;
        self.before = created;
        let mut user = User::new(self.ids.next("user", created), created);
        self.identify(&mut user, &mut identity, number);
        let mut dice = identity.dice;
        describe(&mut user, &mut dice, number, identity.locale);
        live(&mut user, &mut dice);
        let secrets = self.secure(&mut user, &mut dice);
        user.draw_image(self.instance_id);
        Some(Person { user, secrets })
    }
}

impl People<'_> {
    /// A business that grows: the later, the more. Some came in one import, at the same moment.
    fn created(&self, dice: &mut Dice) -> i64 {
        let tie = dice.percent(8);
        let place = fraction(self.made, self.count) + dice.fraction() / fraction(self.count, 1);
        if tie && self.made > 0 {
            return self.before;
        }
        within(SINCE, UNTIL, place).max(self.before)
    }

    fn identify(&self, user: &mut User, identity: &mut Identity, number: u64) {
        let (created, dice) = (user.created_at, &mut identity.dice);
        let id = || self.ids.next("idn", created);
        if !dice.percent(4) {
            user.first_name = Some(identity.first.written.to_owned());
            user.last_name = (!dice.percent(5)).then(|| identity.last.written.to_owned());
        }
        let with_phone = dice.percent(12);
        if !with_phone || dice.percent(90) {
            let claim = if dice.percent(3) {
                Claim::Reserved
            } else {
                Claim::Verified
            };
            let email = EmailAddress::new(id(), identity.email.clone(), claim, created);
            user.primary_email_address_id = Some(email.id.clone());
            user.email_addresses.push(email);
            if dice.percent(6) {
                let second = format!("{}{number}@work.example.com", identity.last.plain);
                user.email_addresses.push(EmailAddress::new(
                    id(),
                    second,
                    Claim::Verified,
                    created,
                ));
            }
        }
        if with_phone {
            // Ten digits and more from the ten-millionth on, which E.164 has room for.
            let phone =
                PhoneNumber::new(id(), format!("+1555{number:07}"), Claim::Verified, created);
            user.primary_phone_number_id = Some(phone.id.clone());
            user.phone_numbers.push(phone);
        }
        if dice.percent(40) {
            user.username = Some(format!(
                "{}_{}{number}",
                identity.first.plain, identity.last.plain
            ));
        }
        if dice.percent(70) {
            user.external_id = Some(format!("crm-{number:08}"));
        }
    }

    /// Every password is the same, so that one can sign in as anybody, and so that it is hashed once.
    fn secure(&self, user: &mut User, dice: &mut Dice) -> Secrets {
        let mut secrets = Secrets::default();
        if !user.email_addresses.is_empty() && dice.percent(55) {
            secrets.password_hash = Some(self.password_hash.to_owned());
            user.password_enabled = true;
            user.password_last_updated_at =
                Some(user.created_at + dice.span(user.updated_at - user.created_at));
            if dice.percent(12) {
                let mut bits = dice.draw();
                let mut text = String::with_capacity(16);
                for _ in 0..16 {
                    text.push(char::from(BASE32[usize::try_from(bits % 32).unwrap_or(0)]));
                    bits = bits / 32 + dice.below(1 << 40);
                }
                secrets.totp_secret = Some(text);
                user.totp_enabled = true;
                user.judge_second_factor(user.password_last_updated_at.unwrap_or(user.created_at));
            }
        }
        secrets
    }
}

fn describe(user: &mut User, dice: &mut Dice, number: u64, locale: &str) {
    user.locale = dice.percent(80).then(|| locale.to_owned());
    let plan = match dice.below(100) {
        0..60 => "free",
        60..85 => "pro",
        85..97 => "team",
        _ => "enterprise",
    };
    user.public_metadata = object(&json!({"plan": plan, "beta": dice.percent(10)}));
    if dice.percent(30) {
        let score = dice.below(1_000);
        user.private_metadata =
            object(&json!({"billing_id": format!("cus_{number:08}"), "risk": {"score": score}}));
    }
    if dice.percent(20) {
        let theme = dice.pick(&["dark", "light", "system"]);
        user.unsafe_metadata = object(&json!({"theme": theme, "onboarded": dice.percent(85)}));
    }
    user.legal_accepted_at = dice.percent(60).then_some(user.created_at);
}

/// What happened since: most were here lately, some never came back.
fn live(user: &mut User, dice: &mut Dice) {
    let age = UNTIL - user.created_at;
    if dice.percent(85) {
        let since = if dice.percent(60) {
            dice.span(age.min(30 * DAY))
        } else {
            dice.span(age)
        };
        let seen = UNTIL - since;
        user.last_sign_in_at = Some(seen - dice.span((seen - user.created_at).min(7 * DAY)));
        // Activity is known by the day.
        user.last_active_at = Some((seen - seen.rem_euclid(DAY)).max(user.created_at));
    }
    user.updated_at = match user.last_sign_in_at {
        Some(seen) if dice.percent(70) => seen,
        _ => user.created_at + dice.span(age.min(DAY)),
    };
    user.banned = dice.percent(1);
    user.locked = !user.banned && dice.below(1_000) < 5;
    user.delete_self_enabled = !dice.percent(5);
}

pub(super) fn object(value: &serde_json::Value) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).unwrap_or_else(|_| metadata::empty())
}

/// A moment between two, at a place from 0 to 1; twice as far from the first is twice as crowded.
pub(super) fn within(since: i64, until: i64, place: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds of some years are exact as a float"
    )]
    let after = ((until - since) as f64 * place.clamp(0.0, 1.0).sqrt()) as i64;
    since + after.min(until - since - 1)
}

//! Supabase: rows of the table `auth.users`.

use clerk_api_admin::problem::Outcome;

use super::super::date;
use super::super::person::Person;
use super::super::record::{Found, Record};
use super::{Aids, Reading};

pub(super) fn read(record: &Record<'_>, aids: &Aids<'_>) -> Outcome<Reading> {
    if record.get("deleted_at").is_some() {
        return Ok(Reading::Left("deleted users are left out"));
    }
    if record
        .get("is_anonymous")
        .is_some_and(|found| found.is_true())
    {
        return Ok(Reading::Left("anonymous users are left out"));
    }
    let mut person = Person::default();
    person.text("external_id", record, &["id"]);
    let user = "raw_user_meta_data";
    let names = |name: &str| format!("{user}.{name}");
    person.text(
        "first_name",
        record,
        &[&names("first_name"), &names("given_name")],
    );
    person.text(
        "last_name",
        record,
        &[&names("last_name"), &names("family_name")],
    );
    person.whole_name(record, &[&names("full_name"), &names("name")]);
    if let Some(email) = record.get("email") {
        let confirmed = record.any(&["email_confirmed_at", "confirmed_at"]);
        person.email(&email, confirmed.is_some());
    }
    if let Some(number) = record.get("phone") {
        person.phone(
            record,
            &international(number),
            record.get("phone_confirmed_at").is_some(),
        )?;
    }
    person.date("created_at", record, &["created_at"])?;
    if let Some(until) = record.get("banned_until") {
        let is_over = date::read(&until.text).is_some_and(|(at, _)| at <= aids.now);
        if !is_over {
            person.set("banned", "true".to_owned(), &until.column);
        }
    }
    // Who may write and read it stays the same: users write the one, and read the other in their token.
    if let Some(found) = record.get(user) {
        person.metadata("unsafe_metadata", record, &found)?;
    }
    if let Some(found) = record.get("raw_app_meta_data") {
        person.metadata("public_metadata", record, &found)?;
    }
    if let Some(found) = record.get("encrypted_password") {
        person.digest(&found);
    }
    Ok(Reading::Person(person))
}

/// The table has numbers in E.164 form without the plus.
fn international(found: Found) -> Found {
    let digits = found.text.trim();
    let bare =
        !digits.starts_with('0') && digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit());
    if bare {
        return Found::text(&found.column, &format!("+{digits}"));
    }
    found
}

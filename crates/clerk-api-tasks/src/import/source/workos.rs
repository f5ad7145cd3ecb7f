//! `WorkOS`: user objects of its API, with hashes where its support adds them.

use clerk_api_admin::problem::Outcome;

use super::super::person::Person;
use super::super::record::Record;
use super::Reading;

pub(super) fn read(record: &Record<'_>) -> Outcome<Reading> {
    let mut person = Person::default();
    person.text("external_id", record, &["external_id", "id"]);
    person.text("first_name", record, &["first_name"]);
    person.text("last_name", record, &["last_name"]);
    person.text("locale", record, &["locale"]);
    if let Some(email) = record.get("email") {
        let verified = record.get("email_verified");
        person.email(&email, verified.is_some_and(|found| found.is_true()));
    }
    person.date("created_at", record, &["created_at"])?;
    if let Some(found) = record.get("metadata") {
        person.metadata("private_metadata", record, &found)?;
    }
    if let Some(found) = record.any(&["password_hash", "password_digest"]) {
        person.digest(&found);
    }
    Ok(Reading::Person(person))
}

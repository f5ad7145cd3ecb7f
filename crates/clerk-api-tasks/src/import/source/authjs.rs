//! Auth.js (`NextAuth`): rows of its table of users. It keeps no passwords of its own.

use clerk_api_admin::problem::Outcome;

use super::super::person::Person;
use super::super::record::Record;
use super::Reading;

pub(super) fn read(record: &Record<'_>) -> Outcome<Reading> {
    let mut person = Person::default();
    person.text("external_id", record, &["id", "_id.$oid", "_id"]);
    person.whole_name(record, &["name"]);
    if let Some(email) = record.get("email") {
        // The moment of verification, or, in tables of one's own, whether there was one.
        let verified = record.any(&["emailVerified", "email_verified"]);
        let is_no = |text: &str| {
            matches!(
                text.trim().to_ascii_lowercase().as_str(),
                "false" | "f" | "0"
            )
        };
        person.email(&email, verified.is_some_and(|found| !is_no(&found.text)));
    }
    person.date("created_at", record, &["createdAt", "created_at"])?;
    if let Some(found) = record.any(&[
        "password",
        "passwordHash",
        "password_hash",
        "hashedPassword",
    ]) {
        person.digest(&found);
    }
    Ok(Reading::Person(person))
}

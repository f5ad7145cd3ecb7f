//! Firebase: `auth:export`, as JSON or as CSV without a header.

use clerk_api_admin::problem::Outcome;

use super::super::person::Person;
use super::super::record::Record;
use super::{Aids, Reading};

/// The columns of the CSV, by the names that the JSON has for them. Four for each of four providers are not used.
pub(super) const NAMES: &[&str] = &[
    "localId",
    "email",
    "emailVerified",
    "passwordHash",
    "salt",
    "displayName",
    "photoUrl",
    "google.id",
    "google.email",
    "google.displayName",
    "google.photoUrl",
    "facebook.id",
    "facebook.email",
    "facebook.displayName",
    "facebook.photoUrl",
    "twitter.id",
    "twitter.email",
    "twitter.displayName",
    "twitter.photoUrl",
    "github.id",
    "github.email",
    "github.displayName",
    "github.photoUrl",
    "createdAt",
    "lastSignedInAt",
    "phoneNumber",
    "disabled",
    "customAttributes",
];

pub(super) fn read(record: &Record<'_>, aids: &Aids<'_>) -> Outcome<Reading> {
    let mut person = Person::default();
    person.text("external_id", record, &["localId", "uid"]);
    person.whole_name(record, &["displayName"]);
    if let Some(verified) = record.get("emailVerified")
        && !matches!(
            verified.text.trim().to_ascii_lowercase().as_str(),
            "true" | "false"
        )
    {
        // A comma in a name that was not quoted moves everything behind it.
        return Err(record.wrong(&verified, "must be true or false").hint(
            "the columns of this row are shifted: put cells with a comma in them into quotes",
        ));
    }
    if let Some(email) = record.get("email") {
        let verified = record.get("emailVerified");
        person.email(&email, verified.is_some_and(|found| found.is_true()));
    }
    if let Some(number) = record.get("phoneNumber") {
        // A number is there only after its code was typed in.
        person.phone(record, &number, true)?;
    }
    person.date("created_at", record, &["createdAt"])?;
    if record.get("disabled").is_some_and(|found| found.is_true()) {
        person.set("banned", "true".to_owned(), "disabled");
    }
    if let Some(found) = record.any(&["customAttributes", "customClaims"]) {
        person.metadata("public_metadata", record, &found)?;
    }
    if let (Some(hash), Some(salt)) = (record.get("passwordHash"), record.get("salt")) {
        match aids.hash {
            Some(parameters) => {
                let digest = parameters.digest(hash.text.trim(), salt.text.trim());
                person.hashed(&digest, "scrypt_firebase", &hash.column);
            }
            None => person.note("the password comes along only with --firebase-hash FILE"),
        }
    }
    Ok(Reading::Person(person))
}

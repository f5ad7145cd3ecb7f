//! Auth0: the NDJSON or CSV of its export of users, and the file of password hashes that its support gives.

use clerk_api_admin::problem::Outcome;

use super::super::digest;
use super::super::person::Person;
use super::super::record::{Found, Record};
use super::Reading;

pub(super) fn read(record: &Record<'_>) -> Outcome<Reading> {
    let mut person = Person::default();
    id(&mut person, record);
    person.text("first_name", record, &["given_name"]);
    person.text("last_name", record, &["family_name"]);
    person.whole_name(record, &["name"]);
    person.text("username", record, &["username"]);
    if let Some(email) = record.get("email") {
        let verified = record.any(&["email_verified", "emailVerified"]);
        person.email(&email, verified.is_some_and(|found| found.is_true()));
    }
    if let Some(number) = record.get("phone_number") {
        let verified = record.any(&["phone_verified", "phone_number_verified"]);
        person.phone(
            record,
            &number,
            verified.is_some_and(|found| found.is_true()),
        )?;
    }
    person.date("created_at", record, &["created_at"])?;
    if record.get("blocked").is_some_and(|found| found.is_true()) {
        person.set("banned", "true".to_owned(), "blocked");
    }
    // Who may write and read it stays the same: users write the one, and only the backend sees the other.
    if let Some(found) = record.get("user_metadata") {
        person.metadata("unsafe_metadata", record, &found)?;
    }
    if let Some(found) = record.get("app_metadata") {
        person.metadata("private_metadata", record, &found)?;
    }
    if let Some(found) = record.any(&["passwordHash", "password_hash"]) {
        person.digest(&found);
    } else if let Some(found) = record.get("custom_password_hash") {
        custom(&mut person, &found);
    }
    Ok(Reading::Person(person))
}

/// The id with its connection in front, `auth0|…`, as it stands in tokens; the file of hashes has only what follows.
fn id(person: &mut Person, record: &Record<'_>) {
    if let Some(found) = record.any(&["user_id", "id"]) {
        person.set("external_id", found.text.trim().to_owned(), &found.column);
    } else if let Some(found) = record.any(&["_id.$oid", "_id"]) {
        person.set(
            "external_id",
            format!("auth0|{}", found.text.trim()),
            &found.column,
        );
    }
}

/// A hash that was imported into Auth0, with its algorithm.
fn custom(person: &mut Person, found: &Found) {
    let algorithm = found.member("algorithm").map(|found| found.text);
    let hash = found.member("hash");
    let value = hash
        .as_ref()
        .and_then(|hash| hash.member("value"))
        .map(|found| found.text);
    let encoding = hash
        .as_ref()
        .and_then(|hash| hash.member("encoding"))
        .map(|found| found.text);
    let salted = found.member("salt").is_some();
    let (algorithm, value) = (algorithm.unwrap_or_default(), value.unwrap_or_default());
    let hex = encoding.as_deref() == Some("hex") && !salted;
    let hasher = match algorithm.as_str() {
        "md5" if hex => Some("md5"),
        "sha256" if hex => Some("sha256"),
        "bcrypt" | "argon2" | "ldap" => digest::hasher(&value),
        _ => None,
    };
    match hasher {
        Some(hasher) => person.hashed(&value, hasher, &found.column),
        None => person.note(&format!(
            "column {}: Clerk takes no digests of the kind {algorithm:?}; the user comes without a password",
            found.column
        )),
    }
}

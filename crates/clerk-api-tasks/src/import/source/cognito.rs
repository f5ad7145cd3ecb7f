//! Amazon Cognito: the JSON of `list-users`, or a CSV of it. Cognito gives no password hashes to anyone.

use clerk_api::form::is_phone;
use clerk_api_admin::problem::Outcome;

use super::super::person::Person;
use super::super::record::{Found, Record};
use super::Reading;

pub(super) fn read(record: &Record<'_>) -> Outcome<Reading> {
    let mut person = Person::default();
    let listed = record
        .get("Attributes")
        .map(|found| found.items())
        .unwrap_or_default();
    let attribute = |name: &str| {
        let named = listed
            .iter()
            .find(|item| item.member("Name").is_some_and(|found| found.text == name));
        let value = named.and_then(|item| item.member("Value"));
        value
            .map(|value| Found::text(name, &value.text))
            .or_else(|| record.get(name))
    };
    if let Some(sub) = attribute("sub") {
        person.set("external_id", sub.text.trim().to_owned(), &sub.column);
    }
    for (name, from) in [
        ("first_name", "given_name"),
        ("last_name", "family_name"),
        ("locale", "locale"),
    ] {
        if let Some(found) = attribute(from) {
            person.set(name, found.text.trim().to_owned(), &found.column);
        }
    }
    if let Some(name) = attribute("name").filter(|_| !listed.is_empty()) {
        let whole = name.text.trim().rsplit_once(' ');
        if let (false, Some((first, last))) = (person.has("first_name"), whole) {
            person.set("first_name", first.to_owned(), &name.column);
            person.set("last_name", last.to_owned(), &name.column);
        }
    }
    person.whole_name(record, &["name"]);
    username(&mut person, record, attribute("sub").as_ref());
    if let Some(email) = attribute("email") {
        person.email(
            &email,
            attribute("email_verified").is_some_and(|found| found.is_true()),
        );
    }
    if let Some(number) = attribute("phone_number") {
        let verified = attribute("phone_number_verified").is_some_and(|found| found.is_true());
        person.phone(record, &number, verified)?;
    }
    person.date(
        "created_at",
        record,
        &["UserCreateDate", "user_create_date"],
    )?;
    if record
        .any(&["Enabled", "enabled"])
        .is_some_and(|found| !found.is_true())
    {
        person.set("banned", "true".to_owned(), "Enabled");
    }
    custom(&mut person, record, &listed)?;
    person.note("Cognito gives no password hashes; these users come without a password");
    Ok(Reading::Person(person))
}

/// A username that is no address, number or id of Cognito's own.
fn username(person: &mut Person, record: &Record<'_>, sub: Option<&Found>) {
    let Some(found) = record.any(&["cognito:username", "Username"]) else {
        return;
    };
    let name = found.text.trim();
    let is_id = sub.is_some_and(|sub| sub.text == name);
    if !name.contains('@') && !is_phone(name) && !is_id {
        person.set("username", name.to_owned(), &found.column);
    }
}

/// Attributes of one's own, `custom:plan`, which only the backend should go on to see.
fn custom(person: &mut Person, record: &Record<'_>, listed: &[Found]) -> Outcome<()> {
    let attributes = listed.iter().filter_map(|item| {
        let (name, value) = (item.member("Name")?, item.member("Value")?);
        Some(Found::text(&name.text, &value.text))
    });
    let all: Vec<Found> = attributes.chain(record.cells()).collect();
    for found in &all {
        if let Some(name) = found.column.strip_prefix("custom:") {
            person.member(
                "private_metadata",
                record,
                &[name.to_owned()],
                found,
                found.cell(),
            )?;
        }
    }
    Ok(())
}

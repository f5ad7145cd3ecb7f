//! A file whose columns have the names of the arguments of `users create`.

use clerk_api::declare::Kind;
use clerk_api_admin::call::operation;
use clerk_api_admin::problem::Outcome;

use super::super::digest;
use super::super::person::{CREATE, Person};
use super::super::record::{Found, Record};
use crate::rows::aim;

pub(super) fn read(record: &Record<'_>) -> Outcome<Person> {
    let meta = operation(CREATE)?;
    let mut person = Person::default();
    for found in record.cells() {
        let Some(aim) = aim(meta, &found.column) else {
            continue;
        };
        let field = aim.field;
        if !aim.path.is_empty() {
            person.member(field.name, record, &aim.path, &found, found.cell())?;
            continue;
        }
        match field.kind {
            Kind::Object => person.metadata(field.name, record, &found)?,
            Kind::Instant => {
                let text = record.date(&found, &mut person.told)?;
                person.set(field.name, text, &found.column);
            }
            Kind::Boolean => {
                let text = found.text.trim().to_ascii_lowercase();
                person.set(field.name, text, &found.column);
            }
            _ if field.name == "phone_number" => {
                for one in several(&found, field.kind) {
                    person.phone(record, &one, true)?;
                }
            }
            kind if field.many => {
                let texts = several(&found, kind).into_iter();
                person.set_all(
                    field.name,
                    texts.map(|one| one.text).collect(),
                    &found.column,
                );
            }
            _ => person.set(field.name, found.text.trim().to_owned(), &found.column),
        }
    }
    if person.has("password_digest") && !person.has("password_hasher") {
        name_hasher(&mut person, record);
    }
    Ok(person)
}

/// The hasher of a digest whose form names it; of any other, the API says that a column is missing.
fn name_hasher(person: &mut Person, record: &Record<'_>) {
    let found = record.any(&["password_digest", "password-digest"]);
    let hasher = found.as_ref().and_then(|found| digest::hasher(&found.text));
    if let (Some(found), Some(hasher)) = (&found, hasher) {
        person.set("password_hasher", hasher.to_owned(), &found.column);
    }
}

/// The values in one cell: those of a JSON list, or with commas or bars between them where no value can hold one.
fn several(found: &Found, kind: Kind) -> Vec<Found> {
    if found.text.starts_with('[') && !found.items().is_empty() {
        return found.items();
    }
    let splits = kind.is_without_commas();
    let parts = found.text.split(move |c| splits && matches!(c, ',' | '|'));
    parts
        .map(|part| Found::text(&found.column, part.trim()))
        .filter(|part| !part.text.is_empty())
        .collect()
}

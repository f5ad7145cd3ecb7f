//! A user in the making: what a source found in a row, and which columns it is from.

use std::collections::BTreeMap;

use clerk_api::declare::{Field, Kind};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::input::draft::{Draft, Labels};
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::problem::{Outcome, Problem};

use super::digest;
use super::note::Told;
use super::record::{Found, Record};
use crate::rows::{Members, aim, shown};

/// The operation whose arguments a user in the making has.
pub(super) const CREATE: &str = "users.create";

/// A user in the making.
#[derive(Debug, Default)]
pub(super) struct Person {
    given: BTreeMap<&'static str, Given>,
    emails: Vec<Address>,
    phones: Vec<Address>,
    metadata: BTreeMap<&'static str, (Vec<String>, Members)>,
    pub(super) told: Told,
}

/// The texts of an argument, and the column that they are from.
#[derive(Debug)]
struct Given {
    column: String,
    texts: Vec<String>,
}

#[derive(Debug)]
struct Address {
    column: String,
    text: String,
    verified: bool,
}

impl Person {
    /// Sets an argument from the first of these columns that says something.
    pub(super) fn text(&mut self, name: &'static str, record: &Record<'_>, paths: &[&str]) {
        if let Some(found) = record.any(paths) {
            self.set(name, found.text.trim().to_owned(), &found.column);
        }
    }

    /// Sets an argument.
    pub(super) fn set(&mut self, name: &'static str, text: String, column: &str) {
        let column = column.to_owned();
        let texts = vec![text];
        self.given.insert(name, Given { column, texts });
    }

    /// Sets an argument of several values.
    pub(super) fn set_all(&mut self, name: &'static str, texts: Vec<String>, column: &str) {
        let column = column.to_owned();
        self.given.insert(name, Given { column, texts });
    }

    /// Whether an argument is set.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// Notes something that a person should know of the row.
    pub(super) fn note(&mut self, note: &str) {
        self.told.notes.push(note.to_owned());
    }

    /// Adds an e-mail address, unless the user has it already.
    pub(super) fn email(&mut self, found: &Found, verified: bool) {
        let text = found.text.trim().to_owned();
        let same = |other: &Address| other.text.eq_ignore_ascii_case(&text);
        if !self.emails.iter().any(same) {
            let column = found.column.clone();
            self.emails.push(Address {
                column,
                text,
                verified,
            });
        }
    }

    /// Adds a phone number, unless the user has it already.
    pub(super) fn phone(
        &mut self,
        record: &Record<'_>,
        found: &Found,
        verified: bool,
    ) -> Outcome<()> {
        let text = record.phone(found)?;
        if !self.phones.iter().any(|other| other.text == text) {
            let column = found.column.clone();
            self.phones.push(Address {
                column,
                text,
                verified,
            });
        }
        Ok(())
    }

    /// Sets a date.
    pub(super) fn date(
        &mut self,
        name: &'static str,
        record: &Record<'_>,
        paths: &[&str],
    ) -> Outcome<()> {
        if let Some(found) = record.any(paths) {
            let text = record.date(&found, &mut self.told)?;
            self.set(name, text, &found.column);
        }
        Ok(())
    }

    /// Sets names from one column with the whole name: the last word is the family name. A name that is an address is
    /// none, and one with a comma is not taken apart: what its parts are, nobody can know.
    pub(super) fn whole_name(&mut self, record: &Record<'_>, paths: &[&str]) {
        let unnamed = !self.has("first_name") && !self.has("last_name");
        let Some(found) = record
            .any(paths)
            .filter(|found| unnamed && !found.text.contains('@'))
        else {
            return;
        };
        let name = found.text.trim();
        match name.rsplit_once(char::is_whitespace) {
            Some((first, last)) if !name.contains(',') => {
                self.set("first_name", first.trim().to_owned(), &found.column);
                self.set("last_name", last.to_owned(), &found.column);
            }
            _ => self.set("first_name", name.to_owned(), &found.column),
        }
    }

    /// Sets a digest whose form names its hasher; any other is left out and noted.
    pub(super) fn digest(&mut self, found: &Found) {
        match digest::hasher(found.text.trim()) {
            Some(hasher) => self.hashed(found.text.trim(), hasher, &found.column),
            None => self.note(&format!(
                "column {}: Clerk takes no digests of this kind; the user comes without a password",
                found.column
            )),
        }
    }

    /// Sets a digest and its hasher.
    pub(super) fn hashed(&mut self, digest: &str, hasher: &str, column: &str) {
        self.set("password_digest", digest.to_owned(), column);
        self.set("password_hasher", hasher.to_owned(), column);
    }

    /// Takes a whole object of metadata.
    pub(super) fn metadata(
        &mut self,
        name: &'static str,
        record: &Record<'_>,
        found: &Found,
    ) -> Outcome<()> {
        let members = found.members().ok_or_else(|| {
            record.bad(
                Some(&found.column),
                "must be a JSON object; the value is not shown",
            )
        })?;
        for (member, raw) in members {
            self.member(
                name,
                record,
                &[member],
                found,
                crate::rows::Cell::Json(&raw),
            )?;
        }
        Ok(())
    }

    /// Sets one member of metadata, at the end of a path.
    pub(super) fn member(
        &mut self,
        name: &'static str,
        record: &Record<'_>,
        path: &[String],
        found: &Found,
        cell: crate::rows::Cell<'_>,
    ) -> Outcome<()> {
        let (columns, members) = self.metadata.entry(name).or_default();
        if !columns.contains(&found.column) {
            columns.push(found.column.clone());
        }
        if members.set(path, cell) {
            return Ok(());
        }
        let what = format!("{} is set by another column too", path.join("."));
        Err(record.bad(Some(&found.column), &what))
    }

    /// Takes the columns that are named like members of metadata, such as `public_metadata.plan`.
    pub(super) fn named_metadata(&mut self, record: &Record<'_>) -> Outcome<()> {
        let meta = operation(CREATE)?;
        for found in record.cells() {
            if let Some(aim) = aim(meta, &found.column).filter(|aim| !aim.path.is_empty()) {
                self.member(aim.field.name, record, &aim.path, &found, found.cell())?;
            }
        }
        Ok(())
    }

    /// The call that creates the user.
    pub(super) fn call(mut self, record: &Record<'_>) -> Outcome<(Call, Told)> {
        self.addresses();
        for (name, (columns, members)) in std::mem::take(&mut self.metadata) {
            if let Some(json) = members.json() {
                self.set(name, json, &columns.join(", "));
            }
        }
        let identifiers = ["email_address", "phone_number", "username", "web3_wallet"];
        if !identifiers.iter().any(|name| self.has(name)) {
            return Err(record.bad(
                None,
                "the row has no e-mail address, phone number or username",
            ));
        }
        if !self.has("password")
            && !self.has("password_digest")
            && !self.has("skip_password_requirement")
        {
            self.set("skip_password_requirement", "true".to_owned(), "");
        }
        let meta = operation(CREATE)?;
        let labels: Labels = meta
            .fields
            .iter()
            .filter_map(|field| {
                Some((
                    field.name,
                    format!("column {}", self.given.get(field.name)?.column),
                ))
            })
            .collect();
        let mut draft = Draft::new(meta, Spelling::Members).calling(&labels);
        for field in meta.fields {
            if let Some(given) = self.given.get(field.name) {
                let texts: Vec<&str> = given.texts.iter().map(String::as_str).collect();
                let set = draft.set_all(field, &texts);
                set.map_err(|problem| refused(record, field, given, problem))?;
            }
        }
        let call = draft.finish().map_err(|problem| placed(record, problem))?;
        Ok((call, self.told))
    }

    /// Makes arguments of addresses and numbers. All are verified unless their status says otherwise, so it is said only then.
    fn addresses(&mut self) {
        let lists = [
            (
                "email_address",
                "email_address_identification_status",
                std::mem::take(&mut self.emails),
            ),
            (
                "phone_number",
                "phone_number_identification_status",
                std::mem::take(&mut self.phones),
            ),
        ];
        for (name, status, list) in lists {
            let Some(first) = list.first() else {
                continue;
            };
            let column = first.column.clone();
            if list.iter().any(|address| !address.verified) {
                let word = |address: &Address| {
                    if address.verified {
                        "verified"
                    } else {
                        "reserved"
                    }
                };
                let words = list.iter().map(|address| word(address).to_owned());
                self.set_all(status, words.collect(), &column);
            }
            self.set_all(
                name,
                list.into_iter().map(|address| address.text).collect(),
                &column,
            );
        }
    }
}

/// The problem of a value that its argument does not take. Secrets, and objects that may hold some, are not shown.
fn refused(
    record: &Record<'_>,
    field: &Field,
    given: &Given,
    mut problem: Box<Problem>,
) -> Box<Problem> {
    if matches!(field.kind, Kind::Object | Kind::Secret) && !problem.message.contains("characters")
    {
        return record.bad(
            Some(&given.column),
            "is refused; the value is not shown, since it may hold a secret",
        );
    }
    let shown = shown(&given.texts.join(", "));
    if !matches!(field.kind, Kind::Object | Kind::Secret)
        && !given
            .texts
            .iter()
            .any(|text| problem.message.contains(text.as_str()))
    {
        problem.message = format!("{}: {shown}", problem.message);
    }
    placed(record, problem)
}

fn placed(record: &Record<'_>, mut problem: Box<Problem>) -> Box<Problem> {
    problem.message = format!("line {}, {}", record.row.at.line, problem.message);
    problem
}

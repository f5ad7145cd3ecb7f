//! The exports that are understood as they are. Each source is a function from a row to a user in the making.

mod auth0;
mod authjs;
mod clerk;
mod cognito;
mod firebase;
mod plain;
mod supabase;
mod workos;

use clerk_api_admin::problem::Outcome;
use serde::{Deserialize, Serialize};

use super::firebase_hash::HashParameters;
use super::passwords::Passwords;
use super::person::Person;
use super::policy::unknown;
use super::record::Record;

/// Whose export a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Clerk: the dashboard's CSV, or user objects of the API.
    Clerk,
    /// Auth0: the job that exports users, or the file of hashes that its support gives.
    Auth0,
    /// Firebase: `auth:export`, JSON or CSV.
    Firebase,
    /// Supabase: rows of `auth.users`.
    Supabase,
    /// Auth.js: rows of its table of users.
    #[serde(rename = "authjs")]
    AuthJs,
    /// `WorkOS`: user objects of its API.
    #[serde(rename = "workos")]
    WorkOs,
    /// Amazon Cognito: `list-users`, JSON or CSV.
    Cognito,
}

/// What a source works with besides the row.
pub(super) struct Aids<'a> {
    /// The digests that are joined by id.
    pub(super) passwords: Option<&'a Passwords>,
    /// The parameters of Firebase's digests.
    pub(super) hash: Option<&'a HashParameters>,
    /// Now, in milliseconds since 1970.
    pub(super) now: i64,
}

/// What a row is.
pub(super) enum Reading {
    /// A user.
    Person(Person),
    /// Something that is not to be imported, and why.
    Left(&'static str),
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 7] = [
        Self::Clerk,
        Self::Auth0,
        Self::Firebase,
        Self::Supabase,
        Self::AuthJs,
        Self::WorkOs,
        Self::Cognito,
    ];
    /// The words for them, as they are written.
    pub const WORDS: [&str; 7] = [
        "clerk", "auth0", "firebase", "supabase", "authjs", "workos", "cognito",
    ];

    /// Reads one of the words.
    ///
    /// # Errors
    /// It is none of them.
    pub fn parse(word: &str) -> Outcome<Self> {
        let place = Self::WORDS.iter().position(|known| *known == word);
        place
            .and_then(|place| Self::ALL.get(place).copied())
            .ok_or_else(|| unknown("--from", word, &Self::WORDS))
    }

    /// The columns of an export whose cells have no header.
    pub(super) const fn names(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Firebase => Some(firebase::NAMES),
            _ => None,
        }
    }
}

/// What a row of a source is. Without a source, columns have the names of the arguments.
pub(super) fn read(
    source: Option<Source>,
    record: &Record<'_>,
    aids: &Aids<'_>,
) -> Outcome<Reading> {
    let mut reading = match source {
        None => return plain::read(record).map(Reading::Person),
        Some(Source::Clerk) => clerk::read(record, aids),
        Some(Source::Auth0) => auth0::read(record),
        Some(Source::Firebase) => firebase::read(record, aids),
        Some(Source::Supabase) => supabase::read(record, aids),
        Some(Source::AuthJs) => authjs::read(record),
        Some(Source::WorkOs) => workos::read(record),
        Some(Source::Cognito) => cognito::read(record),
    }?;
    if let Reading::Person(person) = &mut reading {
        person.named_metadata(record)?;
    }
    Ok(reading)
}

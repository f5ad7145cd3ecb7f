//! What is done with what is there already, and how it is found.

use clerk_api_admin::problem::{Outcome, Problem};
use serde::{Deserialize, Serialize};

/// What is done with a row whose object is there already.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exists {
    /// It stays as it is.
    #[default]
    Skip,
    /// What differs is changed.
    Update,
    /// The row fails as a conflict.
    Fail,
}

impl Exists {
    /// The words for it, as they are written.
    pub const WORDS: [&str; 3] = ["skip", "update", "fail"];

    /// Reads one of the words.
    ///
    /// # Errors
    /// It is none of them.
    pub fn parse(word: &str) -> Outcome<Self> {
        match word {
            "skip" => Ok(Self::Skip),
            "update" => Ok(Self::Update),
            "fail" => Ok(Self::Fail),
            other => Err(unknown("--if-exists", other, &Self::WORDS)),
        }
    }
}

/// What a user is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// The id in another system.
    ExternalId,
    /// Any e-mail address.
    EmailAddress,
    /// Any phone number.
    PhoneNumber,
    /// The username.
    Username,
}

impl Key {
    /// All keys, the surest first.
    pub const ALL: [Self; 4] = [
        Self::ExternalId,
        Self::EmailAddress,
        Self::PhoneNumber,
        Self::Username,
    ];
    /// The words for them, as they are written.
    pub const WORDS: [&str; 4] = ["external-id", "email-address", "phone-number", "username"];

    /// Reads one of the words.
    ///
    /// # Errors
    /// It is none of them.
    pub fn parse(word: &str) -> Outcome<Self> {
        let place = Self::WORDS.iter().position(|known| *known == word);
        place
            .and_then(|place| Self::ALL.get(place).copied())
            .ok_or_else(|| unknown("--match", word, &Self::WORDS))
    }

    /// The name of the argument, and of the list's filter.
    pub(super) const fn parameter(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::EmailAddress => "email_address",
            Self::PhoneNumber => "phone_number",
            Self::Username => "username",
        }
    }

    /// For messages: "a user with this …".
    pub(super) const fn called(self) -> &'static str {
        match self {
            Self::ExternalId => "external id",
            Self::EmailAddress => "e-mail address",
            Self::PhoneNumber => "phone number",
            Self::Username => "username",
        }
    }

    /// A value as it is compared: letter case means nothing in addresses and usernames.
    pub(super) fn folded(self, value: &str) -> String {
        match self {
            Self::EmailAddress | Self::Username => value.to_lowercase(),
            Self::ExternalId | Self::PhoneNumber => value.to_owned(),
        }
    }
}

/// The problem of a word that is not known.
pub(super) fn unknown(flag: &str, word: &str, known: &[&str]) -> Box<Problem> {
    Problem::usage(format!(
        "{flag} takes one of {}, not {word:?}",
        known.join(", ")
    ))
}

//! What is asked for besides the file of an import of users.

use std::path::PathBuf;

use clerk_api_admin::problem::{Outcome, Problem};
use serde::{Deserialize, Serialize};

use super::phone;
use super::policy::{Exists, Key};
use super::source::Source;

/// What was asked for besides the file. No secret is in it, so that it can be written down.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct UserOptions {
    /// Whose export it is; without one, columns have the names of the arguments.
    pub source: Option<Source>,
    /// What users are found by; without one, by whatever the row has.
    pub by: Option<Key>,
    /// What is done with users who are there already.
    pub exists: Exists,
    /// The code of the country of phone numbers that have none, such as `+49`.
    pub phone_country: Option<String>,
    /// A file with password digests, joined by id. Only for Clerk.
    pub passwords: Option<PathBuf>,
    /// A file with the parameters of Firebase's digests.
    pub firebase_hash: Option<PathBuf>,
}

impl UserOptions {
    /// Refuses options that do not fit together.
    pub(super) fn check(&self) -> Outcome<()> {
        if let Some(country) = &self.phone_country
            && !phone::is_country(country)
        {
            let problem =
                format!("--phone-country takes the code of a country such as +49, not {country:?}");
            return Err(Problem::usage(problem));
        }
        if self.passwords.is_some() && self.source != Some(Source::Clerk) {
            return Err(Problem::usage("--passwords is for --from clerk"));
        }
        if self.firebase_hash.is_some() && self.source != Some(Source::Firebase) {
            return Err(Problem::usage("--firebase-hash is for --from firebase"));
        }
        Ok(())
    }
}

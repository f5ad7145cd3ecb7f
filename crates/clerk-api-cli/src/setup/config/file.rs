//! The user's configuration file, `clerk-api/config.toml` in the configuration folder.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use fs_err as fs;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use clerk_api_admin::problem::{Outcome, Problem};

/// The whole file. Unknown names are refused: a misspelled guard guards nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The profile that is used when none is named.
    pub(crate) profile: Option<String>,
    pub(crate) output: Option<String>,
    /// `always`: destructive commands need `--yes` everywhere.
    pub(crate) confirm: Option<String>,
    pub(crate) read_only: Option<bool>,
    /// Whether single commands are written down like jobs, so that they can be undone.
    pub(crate) journal: Option<bool>,
    /// https hosts that test keys may be sent to.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// Ids, email addresses and slugs that no write touches.
    #[serde(default)]
    pub(crate) protected: Vec<String>,
    /// The proxy for https, and the hosts that are reached without it.
    pub(crate) proxy: Option<String>,
    pub(crate) no_proxy: Option<String>,
    /// Certificates that are trusted besides the built-in ones.
    pub(crate) ca_file: Option<PathBuf>,
    /// Whether completion may ask the API with a live key.
    pub(crate) completion_lookups: Option<bool>,
    /// The share of the rate limit, from 0.05 to 0.90.
    pub(crate) share: Option<f64>,
    /// Which limits the server has.
    pub(crate) limits: Option<LimitSetting>,
    #[serde(default)]
    pub(crate) http: Http,
    #[serde(default)]
    pub(crate) profiles: BTreeMap<String, Profile>,
}

/// One profile: a key and what goes with it.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    pub(crate) key_file: Option<PathBuf>,
    /// A program that prints the key.
    pub(crate) key_command: Option<CommandLine>,
    pub(crate) api_url: Option<String>,
    /// `test` or `live`: a key of the other environment is refused.
    pub(crate) env: Option<String>,
    pub(crate) output: Option<String>,
    pub(crate) confirm: Option<String>,
    pub(crate) read_only: Option<bool>,
    pub(crate) journal: Option<bool>,
    pub(crate) proxy: Option<String>,
    pub(crate) no_proxy: Option<String>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) share: Option<f64>,
    pub(crate) limits: Option<LimitSetting>,
}

/// A program and its arguments: as a list, or as one line that is split at blanks outside quotes, never by a shell.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum CommandLine {
    Line(String),
    Words(Vec<String>),
}

impl CommandLine {
    /// The words; nothing for a line whose quotes do not end.
    pub(crate) fn words(&self) -> Option<Vec<String>> {
        match self {
            Self::Line(line) => shlex::split(line),
            Self::Words(words) => Some(words.clone()),
        }
    }
}

/// The limits of the server: a word, or numbers of its own.
#[derive(Debug, Clone)]
pub(crate) enum LimitSetting {
    Word(String),
    Numbers(LimitNumbers),
}

/// Limits that differ from those that Clerk publishes for the key.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitNumbers {
    pub(crate) instance_per_10s: Option<NonZeroU32>,
    pub(crate) object_per_10s: Option<NonZeroU32>,
    pub(crate) invitations_per_hour: Option<NonZeroU32>,
    pub(crate) bulk_invitations_per_hour: Option<NonZeroU32>,
    pub(crate) organization_invitations_per_hour: Option<NonZeroU32>,
    pub(crate) bulk_organization_invitations_per_hour: Option<NonZeroU32>,
}

impl<'de> Deserialize<'de> for LimitSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LimitVisitor)
    }
}

/// Tells a word from a table, so that a wrong name in the table is named.
struct LimitVisitor;

impl<'de> Visitor<'de> for LimitVisitor {
    type Value = LimitSetting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("auto, live, test, none or a table of numbers")
    }

    fn visit_str<E>(self, word: &str) -> Result<LimitSetting, E> {
        Ok(LimitSetting::Word(word.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LimitSetting, A::Error> {
        LimitNumbers::deserialize(MapAccessDeserializer::new(map)).map(LimitSetting::Numbers)
    }
}

/// Time limits and attempts, for slow networks and for tests.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) connect_timeout_ms: Option<u64>,
    pub(crate) first_byte_timeout_ms: Option<u64>,
    pub(crate) idle_timeout_ms: Option<u64>,
    pub(crate) total_ms: Option<u64>,
    pub(crate) attempts: Option<u32>,
    pub(crate) backoff_ms: Option<u64>,
    /// The longest wait for a rate limit before the command gives up.
    pub(crate) longest_wait_ms: Option<u64>,
    /// Waits before each of the three looks for a write whose outcome is unknown.
    pub(crate) looks_ms: Option<[u64; 3]>,
    /// The first pause of a job while most of its requests fail; it doubles.
    pub(crate) breaker_ms: Option<u64>,
}

impl File {
    /// Reads the file; none is an empty one.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(
                    Problem::config("cannot read the configuration").cause(error.to_string())
                );
            }
        };
        toml::from_str(&text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            Problem::config(format!(
                "{}: line {line}: {}",
                path.display(),
                error.message()
            ))
        })
    }
}

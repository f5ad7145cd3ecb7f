//! What a job is: written once, but for how far it is.

use serde::{Deserialize, Serialize};

/// What a job is (reliability.md 4.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The version of the program that made it.
    pub version: String,
    /// What kind of work it is, such as `rows`.
    pub kind: String,
    /// What it does, such as `users.update_metadata`.
    pub operation: String,
    /// The id of the instance.
    pub instance: String,
    /// Whether the instance is live.
    pub live: bool,
    /// The fingerprint of the key.
    pub key: String,
    /// The base URL.
    pub url: String,
    /// The version of the API.
    pub api_version: String,
    /// The path of the input as it was given; `-` for a pipe.
    pub input: String,
    /// The SHA-256 of the input, in hex.
    pub sha256: String,
    /// The size of the input in bytes.
    pub size: u64,
    /// What decides which requests are made: arguments, columns, conditions. Equal options and inputs are the same job.
    pub options: serde_json::Value,
    /// The words of the command line that made it, without secrets; for continuing it.
    pub command: Vec<String>,
    /// A name that a caller gave it, so that running it again continues it.
    pub job_key: Option<String>,
    /// Whether no row is sent again that may have been done.
    pub at_most_once: bool,
    /// Whether nothing is kept of what objects were like before.
    pub no_backup: bool,
    /// The job that this one undoes.
    pub undoes: Option<String>,
    /// The secret under which natural keys are hashed, in hex.
    pub salt: String,
}

impl Meta {
    /// Whether it does the same to the same input on the same instance.
    #[must_use]
    pub fn does_the_same_as(&self, other: &Self) -> bool {
        let what = |meta: &Self| {
            (
                meta.kind.clone(),
                meta.operation.clone(),
                meta.instance.clone(),
                meta.sha256.clone(),
            )
        };
        what(self) == what(other) && self.options == other.options && self.undoes == other.undoes
    }
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "phase")]
#[non_exhaustive]
pub enum Phase {
    /// Its rows are written down; nothing was sent.
    Planned,
    /// A process works on it, or died over it.
    Running,
    /// It waits for something, and can be continued.
    Parked {
        /// Why.
        reason: String,
        /// When it is worth continuing, in milliseconds since 1970.
        resume_after: Option<i64>,
    },
    /// Every row is in its last state.
    Ended {
        /// When, in milliseconds since 1970.
        at: i64,
    },
    /// Somebody cancelled what was left of it.
    Cancelled {
        /// When, in milliseconds since 1970.
        at: i64,
    },
}

/// Why a job waits that somebody asked to stop.
const STOPPED: &str = "it was asked to stop";

impl Phase {
    /// Whether it can be continued.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Planned | Self::Running | Self::Parked { .. })
    }

    /// What a job says that somebody asked to stop.
    pub(crate) fn stopped() -> Self {
        Self::Parked {
            reason: STOPPED.to_owned(),
            resume_after: None,
        }
    }

    /// Whether it waits because somebody asked it to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Parked { reason, .. } if reason == STOPPED)
    }

    /// The word for it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Parked { .. } => "parked",
            Self::Ended { .. } => "ended",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

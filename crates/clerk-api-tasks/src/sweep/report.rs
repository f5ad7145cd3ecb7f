//! What a sweep came to.

use clerk_api::time::Timestamp;
use serde::{Serialize, Serializer};

use super::kind::Kind;

/// What became of one kind.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// How many there were at the beginning, as the API counts them.
    pub before: Option<u64>,
    /// How many rows were read.
    pub rows: u64,
    /// How many there were at the end.
    pub after: Option<u64>,
    /// Whether everything that was there all the time is known to have been read, once.
    pub consistent: bool,
    /// Why the instance has none of them: what the API says of a feature that is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off: Option<String>,
    /// Where only what changed was wanted: since when. There are no counts then, and some older rows come too.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "text")]
    pub since: Option<Timestamp>,
    #[serde(skip)]
    kind: Kind,
}

impl Count {
    pub(crate) const fn of(kind: Kind) -> Self {
        Self {
            before: None,
            rows: 0,
            after: None,
            consistent: true,
            off: None,
            since: None,
            kind,
        }
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

/// What a sweep came to, by kind, in the order of the kinds.
#[derive(Debug, Clone, Default)]
pub struct Sweep {
    /// Each kind.
    pub counts: Vec<Count>,
}

impl Sweep {
    /// Whether all kinds are consistent.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        self.counts.iter().all(|count| count.consistent)
    }
}

fn text<S: Serializer>(instant: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => serializer.collect_str(instant),
        None => serializer.serialize_none(),
    }
}

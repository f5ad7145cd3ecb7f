//! What a question to a human is bound to, sealed, so that the client can carry it (reliability.md 10.3).

use rmcp::model::RequestStateCodec;
use rmcp::model::SealOptions;
use serde::{Deserialize, Serialize};

use crate::answer::{random, random_hex};

/// Seals with a key that lives as long as this process.
pub(crate) struct Seal(RequestStateCodec);

/// What is in a seal besides what it is bound to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// Used once.
    pub(crate) nonce: String,
    /// When it is over, in milliseconds since 1970.
    pub(crate) until: i64,
}

impl Seal {
    pub(crate) fn new() -> Self {
        Self(RequestStateCodec::new_unchecked(random::<32>()))
    }

    /// A new seal, bound to these bytes.
    pub(crate) fn seal(&self, bound: &str, until: i64) -> String {
        let sealed = Sealed {
            nonce: random_hex::<16>(),
            until,
        };
        let body = serde_json::to_vec(&sealed).unwrap_or_default();
        let options = SealOptions::new().associated_data(bound.as_bytes());
        self.0.seal_with(&body, &options)
    }

    /// What is in a seal; nothing if it is not ours, or bound to something else.
    pub(crate) fn open(&self, state: &str, bound: &str) -> Option<Sealed> {
        let body = self.0.open_with(state, bound.as_bytes()).ok()?;
        serde_json::from_slice(&body).ok()
    }
}

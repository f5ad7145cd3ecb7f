//! What every request handler is given.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::data::Data;
use crate::http::error::ApiError;
use crate::http::version::ApiVersion;
use crate::id::Ids;
use crate::jwt::key::{Key, Known};
use crate::lab::clock::Clock;
use crate::lab::effects::Effects;
use crate::lab::faults::{Fault, Faults};
use crate::lab::limits::Limiter;
use crate::lab::record::Recorder;
use crate::lab::requests::RequestLog;
use crate::lab::snapshot::{Kept, Running};

/// The running instance.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Data,
    /// Told when something is to be delivered.
    pub(crate) waiting: Arc<Notify>,
    pub(crate) snapshots: Kept,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) secret_key: SecretKey,
    /// What requests to the server itself must carry.
    pub(crate) control_token: SecretKey,
    pub(crate) default_version: ApiVersion,
    pub(crate) port: u16,
    /// What session tokens are signed with, as `jwt::key` has it.
    pub(crate) key: Known,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) limiter: Limiter,
    pub(crate) faults: Faults,
    pub(crate) effects: Effects,
    pub(crate) requests: RequestLog,
    /// Whether what an operation does not read is refused.
    pub(crate) strict: bool,
}

pub(crate) type Shared = Arc<App>;

/// The key that requests must carry; it is never printed.
pub(crate) struct SecretKey(pub(crate) String);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl App {
    /// The address of this instance, without `/v1`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Puts a fault in force and returns its number. Blocks if it is to freeze what reads see.
    pub(crate) fn add_fault(&self, fault: Fault) -> Result<u64, String> {
        let frozen = if fault.stale {
            Some(
                self.store
                    .engine()
                    .freeze()
                    .map_err(|error| error.to_string())?,
            )
        } else {
            None
        };
        self.faults.add(fault, frozen)
    }

    /// What a state of this instance consists of.
    pub(crate) fn running(&self) -> Running<'_> {
        Running {
            store: self.store.engine(),
            clock: &self.clock,
            ids: &self.ids,
        }
    }

    /// Returns the key that session tokens are signed with.
    pub(crate) async fn key(&self) -> Result<Arc<Key>, ApiError> {
        self.key.get(&self.store).await
    }

    /// Makes an id for a new object.
    pub(crate) fn new_id(&self, prefix: &str, now: i64) -> String {
        self.ids.next(prefix, now)
    }
}

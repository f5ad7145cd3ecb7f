//! What an emulator is started with.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::http::version::ApiVersion;
use crate::lab::clock::Clock;
use crate::lab::faults::Fault;
use crate::lab::limits::Limits;
use crate::store::Database;

/// The times of webhook deliveries, which are those of the computer's clock.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WebhookPace {
    /// How long an endpoint has to answer.
    pub timeout: Duration,
    /// What the pauses between attempts are multiplied by: a small one makes a test of them quick.
    pub scale: f64,
}

impl Default for WebhookPace {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(15),
            scale: 1.0,
        }
    }
}

/// The settings of one emulator; `Config::new` fills in those of a new instance.
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where the data is kept.
    pub database: Database,
    /// The loopback port; 0 takes a free one.
    pub port: u16,
    /// The key that every request must carry.
    pub secret_key: String,
    /// The token that requests to the server itself must carry; made up where absent.
    pub control_token: Option<String>,
    /// The API version for requests that name none.
    pub default_version: ApiVersion,
    /// Where the time comes from.
    pub clock: Clock,
    /// Makes ids and trace ids repeatable; `None` draws them anew.
    pub seed: Option<u64>,
    /// A folder that receives every exchange as a line of NDJSON.
    pub record: Option<PathBuf>,
    /// The request limits at the start; none by default. They can be changed while the server runs.
    pub limits: Limits,
    /// The faults at the start; none by default.
    pub faults: Vec<Fault>,
    /// Whether what is done is counted from the start.
    pub count_effects: bool,
    /// Whether parameters and fields that an operation does not have are refused with 400, instead of ignored as Clerk does.
    pub strict: bool,
    /// How quickly webhook endpoints are given up and tried again.
    pub webhooks: WebhookPace,
    /// Whether organizations of a new instance may have slugs. It is a setting of the instance, which can be changed later.
    pub slugs_enabled: bool,
    /// Members and pending invitations a new organization of a new instance may have; 0 is no limit. A setting as well.
    pub max_allowed_memberships: u32,
}

impl Config {
    /// Settings of a new instance in memory, on a free port, with this key.
    #[must_use]
    pub fn new(secret_key: impl Into<String>) -> Self {
        Self {
            database: Database::Memory,
            port: 0,
            secret_key: secret_key.into(),
            control_token: None,
            default_version: ApiVersion::LATEST,
            clock: Clock::system(),
            seed: None,
            record: None,
            limits: Limits::default(),
            faults: Vec::new(),
            count_effects: false,
            strict: false,
            webhooks: WebhookPace::default(),
            slugs_enabled: true,
            max_allowed_memberships: 5,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("database", &self.database)
            .field("port", &self.port)
            .field("secret_key", &"…")
            .field("default_version", &self.default_version)
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

//! The local Clerk: a server that answers Clerk's Backend API from a SQLite database, on loopback only.
//!
//! It is for development and tests, not for production data: passwords are hashed cheaply.
//!
//! ```
//! use clerk_api_emulator::{Config, Emulator};
//!
//! let clerk = Emulator::start(Config::new("sk_test_0123456789"))?;
//! assert!(clerk.url().starts_with("http://127.0.0.1:"));
//! clerk.stop();
//! # Ok::<(), clerk_api_emulator::StartError>(())
//! ```
#![warn(missing_docs)]

mod app;
mod archive;
mod area;
mod auth;
mod body;
mod check;
mod clock;
mod config;
mod context;
mod control;
mod data;
mod effects;
mod error;
mod faults;
mod gate;
mod id;
mod limits;
mod list;
mod mask;
mod metadata;
mod page;
mod params;
mod problem;
mod record;
mod reply;
mod request_log;
mod resource;
mod router;
mod seed;
mod server;
mod snapshot;
mod start_error;
mod store;
mod token;
mod unread;
mod upload;
mod version;

pub use archive::{ArchiveError, Manifest, check_export, export, holds_something, import};
pub use clock::Clock;
pub use config::{Config, WebhookPace};
pub use faults::{Fault, FaultBody, FaultCut};
pub use limits::{LimitProfile, LimitWindow, Limits};
pub use metadata::METADATA_LIMIT;
pub use seed::{Seed, SeedError, SeedProgress, SeedStage, SeedSummary, seed};
pub use server::{Emulator, Handle};
pub use snapshot::{Snapshot, SnapshotError, Snapshots};
pub use start_error::StartError;
pub use store::Database;
pub use upload::UPLOAD_LIMIT;
pub use version::ApiVersion;

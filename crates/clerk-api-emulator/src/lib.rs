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
mod config;
mod control;
mod data;
mod http;
mod id;
mod jwt;
mod lab;
mod resource;
mod router;
mod seed;
mod server;
mod start_error;
mod store;
mod ui;

pub use crate::http::metadata::METADATA_LIMIT;
pub use crate::http::upload::UPLOAD_LIMIT;
pub use crate::http::version::ApiVersion;
pub use config::{Config, WebhookPace};
pub use lab::archive::{ArchiveError, Manifest, check_export, export, holds_something, import};
pub use lab::clock::Clock;
pub use lab::faults::{Fault, FaultBody, FaultCut};
pub use lab::limits::{LimitProfile, LimitWindow, Limits};
pub use lab::snapshot::{Snapshot, SnapshotError, Snapshots};
pub use seed::{Seed, SeedError, SeedProgress, SeedStage, SeedSummary, seed};
pub use server::{Emulator, Handle};
pub use start_error::StartError;
pub use store::Database;

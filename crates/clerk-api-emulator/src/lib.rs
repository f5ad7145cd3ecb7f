//! The local Clerk: a server that answers Clerk's Backend API from a SQLite database, on this machine only.
//!
//! Tests and development servers use it in place of Clerk: same paths, same JSON, same error codes, no network. It is not for production
//! data: passwords are hashed cheaply.
//!
//! ```
//! use std::io::{Read as _, Write as _};
//! use std::net::TcpStream;
//!
//! use clerk_api_emulator::{Config, Emulator};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clerk = Emulator::start(Config::new("sk_test_0123456789"))?;
//!
//! // Any client of Clerk works: give it this URL and this key.
//! let address = clerk.url().strip_prefix("http://").ok_or("not on this machine")?;
//! let mut connection = TcpStream::connect(address)?;
//! write!(
//!     connection,
//!     "GET /v1/users/count HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
//!     clerk.secret_key(),
//! )?;
//! let mut response = String::new();
//! connection.read_to_string(&mut response)?;
//! assert!(response.ends_with(r#"{"object":"total_count","total_count":0}"#));
//!
//! clerk.stop();
//! # Ok(())
//! # }
//! ```
//!
//! [`Config`] has the settings: a file for the data instead of memory, a fixed clock and fixed ids for repeatable tests, rate limits and
//! faults. [`seed()`] fills an instance with generated users and organizations, and [`Handle::save_snapshot`] and
//! [`Handle::restore_snapshot`] bring it back to a known state. The control API below `/local/api` does the same over HTTP.
#![warn(missing_docs)]

mod app;
mod blocking;
mod config;
mod control;
mod data;
mod http;
mod id;
mod jwt;
mod lab;
mod resource;
mod restore;
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
pub use restore::{Restore, RestoreError, RestoreKind, RestoreSummary};
pub use seed::{Seed, SeedError, SeedProgress, SeedStage, SeedSummary, seed};
pub use server::{Emulator, Handle};
pub use start_error::StartError;
pub use store::Database;

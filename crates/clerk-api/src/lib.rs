//! Client for Clerk's Backend API: typed, retrying, tolerant of answers it does not know.
//!
//! Every operation is declared once, in [`ops`]; its request struct, its facts ([`Meta`]) and its request follow from that.
//! [`Client::send`] takes a typed request, [`Client::call`] a name and JSON, [`Client::list`] walks a list.

#![deny(missing_docs, missing_debug_implementations)]

pub mod args;
mod client;
pub mod declare;
mod error;
pub mod form;
pub mod host;
pub mod id;
pub mod list;
pub mod model;
pub mod ops;
pub mod pace;
mod reconcile;
pub mod request;
mod response;
pub mod retry;
mod secret;
pub mod time;
pub mod transport;
pub mod value;

// The names that these modules had before; they go when the CLI has moved.
#[doc(hidden)]
pub use declare as endpoint;
#[doc(hidden)]
pub use list as page;
#[doc(hidden)]
pub use value as field;

pub use args::Args;
pub use client::{API_VERSION, Client, ClientBuilder, Reason, Reply, Waiting};
pub use declare::{Endpoint, Meta, Op};
pub use error::{ApiError, Error, ErrorKind, ErrorReport, Sent};
pub use list::{Pager, Pages, Rows, Walk};
pub use request::RawRequest;
pub use retry::RetryPolicy;
pub use secret::{KeyError, SecretKey};
pub use value::METADATA_LIMIT;

//! Client for Clerk's Backend API: typed, retrying, tolerant of answers it does not know.
//!
//! Every operation is declared once, in [`ops`]; its request struct, its facts ([`endpoint::Meta`]) and its request follow from that.
//! [`Client::send`] takes a typed request, [`Client::call`] a name and JSON, [`Client::pages`] walks a list.

#![warn(missing_docs)]

mod answer;
pub mod args;
mod call;
pub mod check;
mod client;
mod early;
pub mod endpoint;
mod error;
mod failure;
pub mod field;
pub mod form;
pub mod host;
pub mod id;
pub mod model;
pub mod ops;
pub mod page;
mod pager;
pub mod reconcile;
pub mod request;
pub mod retry;
mod secret;
mod settle;
pub mod time;
pub mod transport;
mod waiting;

pub use args::Args;
pub use client::{API_VERSION, Client, ClientBuilder, Reply};
pub use endpoint::{Endpoint, Meta, Op};
pub use error::{ApiError, Error, ErrorKind, Sent};
pub use field::METADATA_LIMIT;
pub use pager::{Pager, Walk};
pub use retry::RetryPolicy;
pub use secret::{KeyError, SecretKey};
pub use waiting::{Reason, Waiting};

//! A typed client for Clerk's Backend API: it retries what is safe to repeat, finds out whether a write without a response was
//! done, and reads responses that it does not fully know.
//!
//! # Quick start
//!
//! This runs against the local Clerk of the crate `clerk-api-emulator`. For Clerk itself, leave out `base_url`.
//!
//! ```
//! use clerk_api::ops::users::{CreateUser, ListUsers};
//! use clerk_api::{Client, SecretKey};
//! use clerk_api_emulator::{Config, Emulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Emulator::start(Config::new("sk_test_0123456789"))?;
//! let key = SecretKey::parse("sk_test_0123456789")?;
//! let client = Client::builder(key).base_url(local.url()).build()?;
//!
//! let ada = CreateUser::new()
//!     .email_address("ada@example.com")
//!     .first_name("Ada")
//!     .skip_password_requirement(true);
//! let created = client.send(&ada).await?.value;
//!
//! let mut users = client.list(&ListUsers::new().query("ada"));
//! while let Some(user) = users.next().await {
//!     let user = user?;
//!     assert_eq!(user.id, created.id);
//!     println!("{} {:?}", user.id, user.primary_email_address());
//! }
//! # local.stop();
//! # Ok(())
//! # }
//! ```
//!
//! Each operation is a type in [`ops`], one module per resource: `new` takes what the operation needs, setters take the rest.
//! [`Client::send`] returns a [`Reply`] with the response as a type, the server's own bytes, the status and Clerk's trace id.
//! [`Client::call`] does the same for names and JSON, and [`Client::raw`] sends what is not declared here.
//!
//! # Errors and retries
//!
//! An [`Error`] says what went wrong ([`ErrorKind`]), whether the request went out ([`Sent`]), and how the API responded. Its
//! `source` is the cause below it.
//!
//! ```
//! # use clerk_api::ops::organizations::CreateOrganization;
//! use clerk_api::{ErrorKind, Sent};
//!
//! # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::Error> {
//! match client.send(&CreateOrganization::new("Acme").slug("acme")).await {
//!     Ok(reply) => println!("created {}", reply.value.id),
//!     Err(error) if error.code() == Some("form_identifier_exists") => println!("the slug is taken"),
//!     Err(error) if error.kind == ErrorKind::RateLimited => println!("wait {:?}", error.retry_after),
//!     Err(error) if error.sent == Sent::Unknown => println!("look before you send it again: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A read, and a write that gives the same end state when it is repeated, is tried up to 4 times within 60 s. A create is never
//! sent a second time blindly: where no response came, the client lists the objects and looks for it. It sends the create again only if
//! three lists without it came and the API would refuse a duplicate; otherwise the error is [`ErrorKind::OutcomeUnknown`]. After a 429
//! the client waits as `Retry-After` says, 30 s at most. [`RetryPolicy`] has the numbers;
//! [`Client::with_time_limit`] and [`Client::with_policy`] change them for single calls. The modules [`retry`] and [`declare`] say what is
//! repeated when.
//!
//! # Lists
//!
//! [`Client::list`] is a [`Stream`](futures_util::Stream) of rows, [`Client::pages`] gives typed pages, and [`Client::walk`] pages by
//! name and JSON. All three keep one page in memory, fetch the next one while this one is read, and return each row once even when the
//! list changes meanwhile. A row that cannot be read is an error of its own and takes no other row away.
//!
//! # Rate limits
//!
//! A [`Pace`](pace::Pace) gives a permit before each request and learns from each response, so that several calls, clones or processes
//! can share a limit. [`Meta::rate`] says which published limit an operation falls under.
//!
//! # Features
//!
//! - `hyper` (default): the transport over hyper, rustls with built-in roots, and tokio. Without it the crate does no I/O, and the builder
//!   needs a [`Transport`](transport::Transport) and a [`Clock`](transport::Clock).
//! - `tracing`: a span for each call with events for attempts and waits. They name the operation, never a path, a query, a body or a
//!   header.
//!
#![deny(missing_docs, missing_debug_implementations)]

pub mod args;
pub mod catalog;
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

pub use args::Args;
pub use client::{API_VERSION, Client, ClientBuilder, Lost, Reason, Reply, Waiting};
pub use declare::{Endpoint, Meta, Op};
pub use error::{ApiError, Error, ErrorKind, ErrorReport, Sent};
pub use list::{Pager, Pages, Rows, Walk};
pub use request::RawRequest;
pub use retry::RetryPolicy;
pub use secret::{KeyError, SecretKey};
pub use value::METADATA_LIMIT;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;

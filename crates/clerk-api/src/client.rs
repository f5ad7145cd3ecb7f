//! The client: sends an operation, repeats what may be repeated, and says what happened.

use std::fmt;
use std::time::Duration;

use crate::args::Args;
use crate::declare::{Endpoint, Form, Meta};
use crate::error::{Error, ErrorKind, Sent};
use crate::list::Pager;
use crate::response::excerpt;
use crate::retry::RetryPolicy;
use crate::secret::SecretKey;

mod attempt;
mod builder;
mod call;
pub(crate) mod caller;
mod failure;
mod reply;
mod session;
mod settle;
mod waiting;

pub use builder::ClientBuilder;
pub use reply::Reply;
pub use waiting::{Reason, Waiting};

use self::caller::Caller;

/// The version of the API that every request names.
pub const API_VERSION: &str = "2026-05-12";

/// A client of Clerk's Backend API.
///
/// Cloning it is cheap and shares connections. `Debug` shows the server and no key.
#[derive(Clone)]
pub struct Client {
    caller: Caller,
}

impl Client {
    /// Begins a client for this key, for `https://api.clerk.com`.
    #[must_use]
    pub fn builder(key: SecretKey) -> ClientBuilder {
        ClientBuilder::new(key)
    }

    /// Sends a typed operation.
    ///
    /// # Errors
    /// See [`ErrorKind`]; `sent` says whether the request went out.
    pub async fn send<E: Endpoint>(&self, endpoint: &E) -> Result<Reply<E::Output>, Error> {
        let reply = self.call(E::META, endpoint.args()).await?;
        let raw: &[u8] = match E::META.form {
            Form::Nothing => b"null",
            _ => &reply.raw,
        };
        match serde_json::from_slice(raw) {
            Ok(value) => Ok(reply.with(value)),
            Err(error) => {
                let message = format!("the answer does not have the expected form: {error}");
                let mut failure =
                    Error::new(ErrorKind::BadAnswer, E::META.name, Sent::Yes, message)
                        .because(error);
                failure.status = Some(reply.status);
                failure.trace_id = reply.trace_id;
                failure.body = Some(excerpt(&reply.raw));
                Err(failure)
            }
        }
    }

    /// Sends an operation by its facts, with arguments as JSON.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn call(&self, meta: &'static Meta, args: Args) -> Result<Reply<()>, Error> {
        let mut reply = self.caller.call(meta, args, None).await?;
        reply.page = None;
        Ok(reply)
    }

    /// Walks a list page by page; `most` ends it after that many rows. The argument `limit` is the page size.
    #[must_use]
    pub fn pages(&self, meta: &'static Meta, args: Args, most: Option<u64>) -> Pager {
        Pager::new(self.caller.clone(), meta, args, most)
    }

    /// How long and how often this client's calls are tried.
    #[must_use]
    pub const fn policy(&self) -> &RetryPolicy {
        &self.caller.policy
    }

    /// The same client with another policy: for one call, or for some. Connections and the budget for retries stay shared.
    #[must_use]
    pub fn with_policy(&self, policy: RetryPolicy) -> Self {
        let mut client = self.clone();
        client.caller.policy = policy;
        client
    }

    /// The same client with another time limit for a whole call, all attempts and waits included (60 s by default;
    /// deletions may take twice as long).
    #[must_use]
    pub fn with_time_limit(&self, total: Duration) -> Self {
        let mut policy = self.policy().clone();
        policy.total = total;
        self.with_policy(policy)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.caller.session.base.origin)
            .field("policy", self.policy())
            .finish_non_exhaustive()
    }
}

//! The client: sends an operation, repeats what may be repeated, and says what happened.

use std::fmt;
use std::time::Duration;

use crate::args::Args;
use crate::declare::{Endpoint, Form, ListModel, Meta};
use crate::error::{Error, ErrorKind, Sent};
use crate::list::{Pager, Pages, Rows};
use crate::request::RawRequest;
use crate::response::excerpt;
use crate::retry::RetryPolicy;
use crate::secret::SecretKey;

mod attempt;
mod builder;
mod call;
pub(crate) mod caller;
mod existing;
mod failure;
mod lost;
mod raw;
mod reply;
mod session;
mod settle;
mod trace;
mod waiting;

pub use builder::ClientBuilder;
pub use lost::Lost;
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

/// What the rows of a list operation are read as.
type Row<E> = <<E as Endpoint>::Output as ListModel>::Row;

impl Client {
    /// Makes a client for this key, for `https://api.clerk.com`, with the default policy.
    ///
    /// # Errors
    /// When the crate is built without the feature `hyper`, since then a transport and a clock must be given to the builder.
    pub fn new(key: SecretKey) -> Result<Self, Error> {
        Self::builder(key).build()
    }

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
                let message = format!("the response does not have the expected form: {error}");
                let mut failure =
                    Error::new(ErrorKind::BadAnswer, E::META.name, Sent::Yes, message)
                        .because(error);
                failure.status = Some(reply.status);
                failure.attempts = reply.attempts;
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

    /// Lists all rows of a list operation as a stream, in constant memory.
    ///
    /// The argument `limit` is the number of rows that each request asks for, 1 to 500; 500 is the default here. Each row comes once
    /// as long as the rows have ids, also where the list changes meanwhile.
    ///
    /// ```
    /// # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::Error> {
    /// use clerk_api::ops::users::ListUsers;
    ///
    /// let mut users = client.list(&ListUsers::new().query("ada"));
    /// while let Some(user) = users.next().await {
    ///     println!("{}", user?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn list<E>(&self, endpoint: &E) -> Rows<Row<E>>
    where
        E: Endpoint<Output: ListModel<Row: Send + 'static>>,
    {
        self.pages(endpoint).rows()
    }

    /// Walks a list operation page by page.
    ///
    /// The argument `limit` is the page size.
    #[must_use]
    pub fn pages<E>(&self, endpoint: &E) -> Pages<Row<E>>
    where
        E: Endpoint<Output: ListModel>,
    {
        Pages::new(self.walk(E::META, endpoint.args(), None))
    }

    /// Walks a list by its facts, with arguments as JSON; `most` ends the walk after that many rows.
    #[must_use]
    pub fn walk(&self, meta: &'static Meta, args: Args, most: Option<u64>) -> Pager {
        Pager::new(self.caller.clone(), meta, args, most)
    }

    /// Sends a request that no declared operation makes.
    ///
    /// What is repeated follows from the method alone: see [`RawRequest`].
    ///
    /// # Errors
    /// As [`Client::send`]; the operation's name in the error is `raw`.
    pub async fn raw(&self, request: &RawRequest) -> Result<Reply<()>, Error> {
        self.caller.raw(request).await
    }

    /// How long and how often this client's calls are tried.
    #[must_use]
    pub const fn policy(&self) -> &RetryPolicy {
        &self.caller.policy
    }

    /// The same client with another policy: for one call, or for some.
    ///
    /// Connections and the budget for retries stay shared.
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

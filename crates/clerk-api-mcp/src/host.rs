//! The program around the server: it makes the connection when a tool first needs one.

use std::sync::Arc;

use clerk_api::Client;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::governor::Governor;
use tokio::sync::{mpsc, oneshot};

/// A client and what it is connected to.
#[derive(Clone)]
pub struct Connection {
    /// The client.
    pub client: Client,
    /// Whether the instance is live.
    pub live: bool,
    /// The base URL.
    pub url: String,
    /// The fingerprint of the key.
    pub fingerprint: String,
    /// Who gives permits to its requests.
    pub governor: Option<Arc<Governor>>,
}

type Request = oneshot::Sender<Outcome<Connection>>;

/// Asks the host for the connection.
pub(crate) struct Connector(mpsc::Sender<Request>);

/// What the host has to answer.
pub(crate) type Requests = mpsc::Receiver<Request>;

impl Connector {
    pub(crate) fn new() -> (Self, Requests) {
        let (sender, receiver) = mpsc::channel(1);
        (Self(sender), receiver)
    }

    /// # Errors
    /// There is no key, or it cannot be used. Another call may find one.
    pub(crate) async fn connect(&self) -> Outcome<Connection> {
        let over = || Problem::refused("the server ends");
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).await.map_err(|_| over())?;
        answered.await.map_err(|_| over())?
    }
}

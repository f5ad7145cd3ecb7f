//! What goes with a request from the gate down to its transactions, beside what its handler is given.

use std::future::Future;
use std::sync::Arc;

use http::HeaderValue;

use super::error::ApiError;
use crate::store::{Frozen, Memory};

/// What each transaction of a request begins with, given the database and what its connection remembers.
pub(crate) type Check = fn(&rusqlite::Connection, &Memory) -> Result<(), ApiError>;

/// What is known of the request that is being served.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestContext {
    /// Who asks, if they have said: noted about changes.
    pub(crate) agent: Option<HeaderValue>,
    /// What its reads see instead of the database.
    pub(crate) frozen: Option<Arc<Frozen>>,
    /// Refuses it while it makes no sense. Made in the transaction that does the work, the check costs none of its own,
    /// and other processes cannot get between.
    pub(crate) check: Option<Check>,
}

tokio::task_local! {
    static CURRENT: Arc<RequestContext>;
}

impl RequestContext {
    /// Returns that of the request that is being served, if one is.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Serves a request of this user agent.
    pub(crate) async fn begin<F: Future>(agent: Option<HeaderValue>, serving: F) -> F::Output {
        let context = Self {
            agent,
            ..Self::default()
        };
        CURRENT.scope(Arc::new(context), serving).await
    }

    /// Goes on with a request about which more is known now.
    pub(crate) async fn extend<F: Future>(more: impl FnOnce(&mut Self), serving: F) -> F::Output {
        let mut context = CURRENT.try_with(|it| (**it).clone()).unwrap_or_default();
        more(&mut context);
        CURRENT.scope(Arc::new(context), serving).await
    }
}

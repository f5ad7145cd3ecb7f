//! Who makes the request that is being served, for what is noted about changes.

use std::future::Future;

use http::HeaderValue;

/// Marks a request that came over a connection that is kept for the server's own API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowded;

tokio::task_local! {
    static AGENT: Option<HeaderValue>;
}

/// Serves a request of this user agent.
pub(crate) async fn scope<F: Future>(agent: Option<HeaderValue>, serving: F) -> F::Output {
    AGENT.scope(agent, serving).await
}

/// Returns the user agent of the request that is being served, if one is and it has told.
pub(crate) fn agent() -> Option<HeaderValue> {
    AGENT.try_with(Clone::clone).ok().flatten()
}

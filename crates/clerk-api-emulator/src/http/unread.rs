//! What a request says that its operation never reads. Clerk ignores it, so that a misspelt filter finds everybody;
//! here it is marked in the log, and refused where the server is strict.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;
use serde_json::value::RawValue;

use super::error::ApiError;
use super::problem::Problem;

/// The parameter that every operation has.
const VERSION: &str = "__clerk_api_version";
/// Most names that are kept of one request.
const MOST: usize = 20;

tokio::task_local! {
    static CURRENT: Arc<Unread>;
}

/// The names in one request that were not read yet.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    strict: bool,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    query: BTreeSet<String>,
    body: BTreeSet<String>,
    /// Whether anybody has read the body.
    body_read: bool,
}

impl Unread {
    /// All names of a query.
    pub(crate) fn of(strict: bool, mut query: BTreeSet<String>) -> Arc<Self> {
        query.remove(VERSION);
        let seen = Seen {
            query,
            ..Seen::default()
        };
        Arc::new(Self {
            strict,
            seen: Mutex::new(seen),
        })
    }

    /// Serves a request whose readers tell what they have read.
    pub(crate) async fn scope<F: Future>(self: Arc<Self>, serving: F) -> F::Output {
        CURRENT.scope(self, serving).await
    }

    /// The request that is being served, if it is one of those that tell.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }

    /// Does a part of the work of a request on another thread.
    pub(crate) fn resume<T>(current: Option<Arc<Self>>, work: impl FnOnce() -> T) -> T {
        match current {
            Some(current) => CURRENT.sync_scope(current, work),
            None => work(),
        }
    }

    /// Notes that the operation knows this parameter of the query.
    pub(crate) fn read(&self, name: &str) {
        self.seen().query.remove(name);
    }

    /// Notes that somebody reads the body.
    pub(crate) fn read_body(&self) {
        self.seen().body_read = true;
    }

    /// Takes what an operation leaves of a body, if the server is not strict.
    pub(crate) fn leave(&self, names: impl Iterator<Item = String>) -> Result<(), ApiError> {
        let mut seen = self.seen();
        seen.body.extend(names);
        if self.strict && !seen.body.is_empty() {
            return Err(refused(&seen.body));
        }
        Ok(())
    }

    /// Refuses a query with unread parameters, if the server is strict.
    pub(crate) fn check_query(&self) -> Result<(), ApiError> {
        let seen = self.seen();
        if self.strict && !seen.query.is_empty() {
            return Err(refused(&seen.query));
        }
        Ok(())
    }

    /// The unread rest of a request that was served, including unread fields of a body.
    pub(crate) fn names(&self, body: &[u8]) -> Vec<String> {
        let seen = self.seen();
        let mut names = seen.query.clone();
        names.extend(seen.body.iter().cloned());
        if !seen.body_read {
            let fields: Option<BTreeMap<String, &RawValue>> = serde_json::from_slice(body).ok();
            names.extend(fields.unwrap_or_default().into_keys());
        }
        names.into_iter().take(MOST).collect()
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(names: &BTreeSet<String>) -> ApiError {
    let problems = names.iter().take(MOST).map(|name| {
        let long = format!(
            "This operation has no parameter {name}. Clerk would ignore it; this server is strict."
        );
        Problem::new("form_param_unknown", "is unknown", long).of(name)
    });
    ApiError::with_all(StatusCode::BAD_REQUEST, problems.collect())
}

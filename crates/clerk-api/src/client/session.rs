//! What all calls of a client share: headers, the way to the server, the clock and the budget for retries. One exchange, no retry.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, HeaderMap};

use super::waiting::Waiting;
use crate::host::Base;
use crate::request::{Body, Request};
use crate::response::{Received, arrived};
use crate::transport::{Clock, Transport, TransportError};

/// Called with each long wait.
pub(crate) type Observer = Arc<dyn Fn(&Waiting) + Send + Sync>;

/// What the clones of a client share.
pub(crate) struct Session {
    pub(crate) base: Base,
    pub(crate) headers: HeaderMap,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) budget: Budget,
    pub(crate) on_wait: Option<Observer>,
}

impl Session {
    /// Sends one request and takes one answer.
    pub(crate) async fn exchange(&self, request: &Request) -> Received {
        let url = format!("{}/v1{}", self.base.origin, request.path);
        let (kind, body) = match &request.body {
            Body::None => (None, Bytes::new()),
            Body::Json(bytes) => (Some("application/json"), bytes.clone()),
            Body::Multipart {
                content_type,
                bytes,
            } => (Some(content_type.as_str()), bytes.clone()),
        };
        let mut built = http::Request::builder()
            .method(request.verb.as_str())
            .uri(url);
        if let Some(headers) = built.headers_mut() {
            headers.clone_from(&self.headers);
            if let Some(kind) = kind.and_then(|kind| HeaderValue::from_str(kind).ok()) {
                headers.insert(CONTENT_TYPE, kind);
            }
        }
        let built = built
            .body(body)
            .map_err(|error| TransportError::Connect(error.to_string()))?;
        arrived(self.transport.send(built).await)
    }

    /// A random number from 0 to 1.
    pub(crate) fn jitter(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let fraction = (self.clock.random() >> 11) as f64;
        fraction / (1_u64 << 53) as f64
    }
}

/// Tokens for retries, shared by all calls: when a server is down, not every call retries as often as it may.
pub(crate) struct Budget(AtomicI64);

/// Retries may spend this many tokens per client before only successes earn new ones.
const MOST: i64 = 500;
/// What a retry costs, and what a success after a retry gives back.
const RETRY_COST: i64 = 14;

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicI64::new(MOST))
    }
}

impl Budget {
    /// Takes the tokens of a retry; gives false where too few are left.
    pub(crate) fn spend(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                (left >= RETRY_COST).then_some(left - RETRY_COST)
            })
            .is_ok()
    }

    /// Gives tokens back for a success.
    pub(crate) fn earn(&self, retried: bool) {
        let gain = if retried { RETRY_COST } else { 1 };
        let grow = |left: i64| Some((left + gain).min(MOST));
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, grow);
    }
}

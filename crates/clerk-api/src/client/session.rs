//! What all calls of a client share: headers, the way to the server, the clock and the budget for retries. One exchange, no retry.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, HeaderMap};

use super::waiting::Waiting;
use crate::declare::Meta;
use crate::host::Base;
use crate::pace::{Exchange, Observed, Pace};
use crate::request::{Body, Request};
use crate::response::{Received, Response, arrived};
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
    pub(crate) pace: Option<Arc<dyn Pace>>,
}

impl Session {
    /// Sends one request and takes one response; the pace learns what came.
    pub(crate) async fn exchange(&self, meta: &Meta, request: &Request) -> Received {
        let Some(pace) = &self.pace else {
            return self.send(request).await;
        };
        let began = self.clock.now();
        let received = self.send(request).await;
        let answer = received.as_ref().ok();
        let observed = Observed {
            status: answer.map(|answer| answer.status),
            retry_after: answer.and_then(Response::retry_after),
            headers: answer.map(|answer| &answer.headers),
            took: self.clock.now().saturating_sub(began),
        };
        pace.observe(&about(meta, request), &observed);
        received
    }

    async fn send(&self, request: &Request) -> Received {
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

/// An exchange in the words of the pace.
pub(crate) fn about<'a>(meta: &Meta, request: &'a Request) -> Exchange<'a> {
    let path = &request.path;
    Exchange {
        op: meta.name,
        rate: meta.rate,
        verb: request.verb,
        path: path.split_once('?').map_or(path.as_str(), |(path, _)| path),
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

//! One HTTP exchange: no retry, no meaning. The client talks to this trait, so that tests need no sockets.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;

#[cfg(feature = "hyper")]
mod clock;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper")]
mod proxy;
#[cfg(feature = "hyper")]
mod route;
#[cfg(feature = "hyper")]
mod trust;
#[cfg(feature = "hyper")]
mod upload;
#[cfg(feature = "hyper")]
pub use self::clock::TokioClock;
#[cfg(feature = "hyper")]
pub use self::hyper::{HyperTransport, Timeouts};
#[cfg(feature = "hyper")]
pub use self::proxy::{Proxy, ProxyError};
#[cfg(feature = "hyper")]
pub use self::trust::{Certificates, CertificatesError};

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The largest response that is taken, after decompression: 64 MiB.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

/// Why an exchange failed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection: nothing was sent.
    #[error("cannot connect to the server: {0}")]
    Connect(String),
    /// Nobody vouches for the certificate of the server or of the proxy: nothing was sent, and trying again changes nothing.
    #[error("{0}")]
    Untrusted(String),
    /// The proxy wants other credentials: nothing was sent, and trying again changes nothing.
    #[error("{0}")]
    ProxyAuth(String),
    /// The server refused the stream before it did anything (HTTP/2 `REFUSED_STREAM`).
    #[error("the server refused the request before reading it: {0}")]
    Refused(String),
    /// The time of the call was over before its pace gave a permit, or the wait for one would be too long: nothing was sent.
    #[error("{}", no_permit(*.after, *.wait))]
    NoPermit {
        /// How long was waited.
        after: Duration,
        /// How long the wait would be, where that was known and too long.
        wait: Option<Duration>,
    },
    /// No response in time.
    #[error("no response within {} s ({what})", .after.as_secs_f32())]
    Timeout {
        /// What did not come: the first byte of the response, or more of its body.
        what: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// The connection broke before a response's head arrived.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The head arrived, the body did not, or not whole.
    #[error("the response is incomplete: {reason}")]
    Cut {
        /// The head, and the received part of the body.
        answer: Box<http::Response<Bytes>>,
        /// What happened.
        reason: String,
    },
    /// The body or the headers are over the limit.
    #[error("the response is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The head, and the beginning of the body.
        answer: Box<http::Response<Bytes>>,
        /// The limit.
        limit: usize,
    },
}

fn no_permit(after: Duration, wait: Option<Duration>) -> String {
    match wait {
        Some(wait) => format!(
            "the rate limit leaves no room for this request before about {} s from now",
            wait.as_secs_f64().ceil()
        ),
        None => format!("no permit to send within {} s", after.as_secs_f32()),
    }
}

/// Sends one request and takes one response, whole.
pub trait Transport: Send + Sync {
    /// Performs the exchange. Redirects are answers like any other.
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>>;
}

/// Time, waiting and chance.
pub trait Clock: Send + Sync {
    /// Time since some fixed moment; never goes back.
    fn now(&self) -> Duration;
    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
    /// A random number, evenly spread.
    fn random(&self) -> u64;
}

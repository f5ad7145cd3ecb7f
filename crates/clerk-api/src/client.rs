//! The client: sends an operation, repeats what may be repeated, and says what happened.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, USER_AGENT};

use crate::answer::{Came, arrived, excerpt};
use crate::args::Args;
use crate::call::Call;
use crate::declare::{Endpoint, Form, Kind, Meta};
use crate::early::Early;
use crate::error::{Error, ErrorKind, Sent};
use crate::host::Base;
use crate::page::Page;
use crate::pager::Pager;
use crate::request::{self, Body, Request};
use crate::retry::RetryPolicy;
use crate::secret::SecretKey;
use crate::transport::{Clock, Transport, TransportError};
use crate::waiting::Waiting;

/// Whoever is told of long waits.
pub(crate) type Observer = Arc<dyn Fn(&Waiting) + Send + Sync>;

/// The version of the API that every request names (reliability.md 2.9).
pub const API_VERSION: &str = "2026-05-12";

/// Retries may spend this many tokens per client before only successes earn new ones (reliability.md 2.6).
pub(crate) const BUDGET: i64 = 500;
pub(crate) const RETRY_COST: i64 = 14;

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    /// The answer as a type; `()` for raw calls.
    pub value: T,
    /// The server's own bytes; `null` where the answer is empty (204).
    pub raw: Bytes,
    /// The HTTP status.
    pub status: u16,
    /// Clerk's trace id.
    pub trace_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether the answer did not tell and the outcome was found by looking; `raw` is then the object as found.
    pub reconciled: bool,
    /// The answer taken apart, where a page was asked for.
    pub(crate) page: Option<Page>,
}

/// Makes a [`Client`].
pub struct ClientBuilder {
    key: SecretKey,
    base_url: String,
    hosts: Vec<String>,
    user_agent: String,
    policy: RetryPolicy,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    on_wait: Option<Observer>,
    #[cfg(feature = "hyper")]
    timeouts: crate::transport::Timeouts,
    #[cfg(feature = "hyper")]
    proxy: Option<crate::transport::Proxy>,
    #[cfg(feature = "hyper")]
    certificates: crate::transport::Certificates,
}

impl ClientBuilder {
    /// Another base URL, with or without `/v1`. Which hosts a key may be sent to: reliability.md 7.3.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// An https host that test keys may be sent to. Take it from the user's own configuration only.
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// The `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
        self.user_agent = agent.into();
        self
    }

    /// How long and how often a call is tried.
    #[must_use]
    pub fn policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Another way to send requests, for tests.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Another clock, for tests.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// A proxy for https. This machine is never reached through it.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn proxy(mut self, proxy: crate::transport::Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Certificates of authorities that are trusted besides the built-in ones.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn trust(mut self, certificates: crate::transport::Certificates) -> Self {
        self.certificates.extend(certificates);
        self
    }

    /// Who is told of waits of 2 s or more, so that a person can be told what they wait for.
    #[must_use]
    pub fn on_wait(mut self, observer: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(observer));
        self
    }

    /// Time limits of one exchange.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn timeouts(mut self, timeouts: crate::transport::Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Makes the client. Nothing is connected yet.
    ///
    /// # Errors
    /// When the base URL may not be sent this key.
    pub fn build(mut self) -> Result<Client, Error> {
        let refused = |message: String| Error::new(ErrorKind::Host, "client", Sent::No, message);
        let base = Base::parse(&self.base_url, self.key.is_live(), &self.hosts)
            .map_err(|error| refused(error.to_string()))?;
        let agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| refused("the user agent is not a header value".to_owned()))?;
        let transport = self.transport.take();
        let clock = self.clock.take();
        #[cfg(feature = "hyper")]
        let (transport, clock) = {
            let (proxy, certificates) = (self.proxy.take(), self.certificates);
            let hyper = || {
                let hyper = crate::transport::HyperTransport::new(self.timeouts, proxy);
                Arc::new(hyper.trust(certificates)) as Arc<dyn Transport>
            };
            (
                Some(transport.unwrap_or_else(hyper)),
                Some(clock.unwrap_or_else(|| Arc::new(crate::transport::TokioClock::default()))),
            )
        };
        let (Some(transport), Some(clock)) = (transport, clock) else {
            return Err(refused(
                "without the feature hyper a transport and a clock must be given".to_owned(),
            ));
        };
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, self.key.header());
        headers.insert("clerk-api-version", HeaderValue::from_static(API_VERSION));
        headers.insert(USER_AGENT, agent);
        let inner = Inner {
            base,
            headers,
            policy: self.policy,
            transport,
            clock,
            budget: AtomicI64::new(BUDGET),
            on_wait: self.on_wait,
        };
        Ok(Client {
            inner: Arc::new(inner),
        })
    }
}

/// A client of Clerk's Backend API. Cloning it is cheap and shares connections.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    base: Base,
    headers: HeaderMap,
    pub(crate) policy: RetryPolicy,
    transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) budget: AtomicI64,
    pub(crate) on_wait: Option<Observer>,
}

impl Client {
    /// Begins a client for this key, for `https://api.clerk.com`.
    #[must_use]
    pub fn builder(key: SecretKey) -> ClientBuilder {
        ClientBuilder {
            key,
            base_url: "https://api.clerk.com".to_owned(),
            hosts: Vec::new(),
            user_agent: concat!("clerk-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            policy: RetryPolicy::default(),
            transport: None,
            clock: None,
            on_wait: None,
            #[cfg(feature = "hyper")]
            timeouts: crate::transport::Timeouts::default(),
            #[cfg(feature = "hyper")]
            proxy: None,
            #[cfg(feature = "hyper")]
            certificates: crate::transport::Certificates::default(),
        }
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
            Ok(value) => Ok(Reply {
                value,
                raw: reply.raw,
                status: reply.status,
                trace_id: reply.trace_id,
                attempts: reply.attempts,
                reconciled: reply.reconciled,
                page: None,
            }),
            Err(error) => {
                let message = format!("the answer does not have the expected form: {error}");
                let mut failure =
                    Error::new(ErrorKind::BadAnswer, E::META.name, Sent::Yes, message);
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
        self.call_as(meta, args, None).await
    }

    /// As [`Client::call`]; `page` sees the answer before it is taken apart.
    pub(crate) async fn call_as(
        &self,
        meta: &'static Meta,
        args: Args,
        page: Option<&Early>,
    ) -> Result<Reply<()>, Error> {
        self.call_under(self.inner.policy.clone(), meta, args, page)
            .await
    }

    /// As [`Client::call`], but given up at the first failure: for what is nice to know.
    pub(crate) async fn call_once(
        &self,
        meta: &'static Meta,
        args: Args,
    ) -> Result<Reply<()>, Error> {
        let mut policy = self.inner.policy.clone();
        policy.attempts = 1;
        policy.longest_wait = Duration::ZERO;
        self.call_under(policy, meta, args, None).await
    }

    async fn call_under(
        &self,
        policy: RetryPolicy,
        meta: &'static Meta,
        mut args: Args,
        page: Option<&Early>,
    ) -> Result<Reply<()>, Error> {
        self.fill(meta, &mut args);
        let request = request::build(meta, &args).map_err(|error| {
            Error::new(ErrorKind::Argument, meta.name, Sent::No, error.to_string())
        })?;
        Call::new(self, meta, &args, request, page, policy)
            .run()
            .await
    }

    /// Walks a list page by page; `most` ends it after that many rows. The argument `limit` is the page size.
    #[must_use]
    pub fn pages(&self, meta: &'static Meta, args: Args, most: Option<u64>) -> Pager {
        Pager::new(self.clone(), meta, args, most)
    }

    /// Presets, and an idempotency key where the operation takes one.
    fn fill(&self, meta: &Meta, args: &mut Args) {
        for field in meta.fields {
            if matches!(field.kind, Kind::IdempotencyKey) && args.get(field.name).is_none() {
                let clock = &self.inner.clock;
                // Text always has a JSON form.
                let _ = args.set(
                    field.name,
                    &format!("{:016x}{:016x}", clock.random(), clock.random()),
                );
            }
        }
        for (name, json) in meta.preset {
            if args.get(name).is_none()
                && let Ok(value) = serde_json::value::RawValue::from_string((*json).to_owned())
            {
                args.set_raw(name, value);
            }
        }
    }

    pub(crate) async fn exchange(&self, request: &Request) -> Came {
        let inner = &self.inner;
        let url = format!("{}/v1{}", inner.base.origin, request.path);
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
            headers.clone_from(&inner.headers);
            if let Some(kind) = kind.and_then(|kind| HeaderValue::from_str(kind).ok()) {
                headers.insert(CONTENT_TYPE, kind);
            }
        }
        let built = built
            .body(body)
            .map_err(|error| TransportError::Connect(error.to_string()))?;
        arrived(inner.transport.send(built).await)
    }

    pub(crate) fn jitter(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let fraction = (self.inner.clock.random() >> 11) as f64;
        fraction / (1_u64 << 53) as f64
    }
}

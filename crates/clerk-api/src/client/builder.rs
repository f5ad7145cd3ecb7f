//! Makes a client: key, hosts, policy, and the way to the server.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use http::header::{AUTHORIZATION, HeaderMap, USER_AGENT};

use super::caller::Caller;
use super::session::{Budget, Observer, Session};
use super::waiting::Waiting;
use super::{API_VERSION, Client};
use crate::error::{Error, ErrorKind, Sent};
use crate::host::Base;
use crate::pace::Pace;
use crate::retry::RetryPolicy;
use crate::secret::SecretKey;
use crate::transport::{Clock, Transport};

/// Makes a [`Client`].
///
/// `Debug` shows no key.
pub struct ClientBuilder {
    key: SecretKey,
    base_url: String,
    hosts: Vec<String>,
    user_agent: String,
    policy: RetryPolicy,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    on_wait: Option<Observer>,
    pace: Option<Arc<dyn Pace>>,
    #[cfg(feature = "hyper")]
    timeouts: crate::transport::Timeouts,
    #[cfg(feature = "hyper")]
    proxy: Option<crate::transport::Proxy>,
    #[cfg(feature = "hyper")]
    certificates: crate::transport::Certificates,
}

impl ClientBuilder {
    pub(super) fn new(key: SecretKey) -> Self {
        Self {
            key,
            base_url: "https://api.clerk.com".to_owned(),
            hosts: Vec::new(),
            user_agent: concat!("clerk-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            policy: RetryPolicy::default(),
            transport: None,
            clock: None,
            on_wait: None,
            pace: None,
            #[cfg(feature = "hyper")]
            timeouts: crate::transport::Timeouts::default(),
            #[cfg(feature = "hyper")]
            proxy: None,
            #[cfg(feature = "hyper")]
            certificates: crate::transport::Certificates::default(),
        }
    }

    /// Sets another base URL, with or without `/v1`.
    ///
    /// A live key may be sent to `https://api.clerk.com` and `https://api.clerk.dev` only. A test key may also be sent to https hosts that
    /// [`ClientBuilder::allow_host`] names, and to http on this machine. [`ClientBuilder::build`] refuses everything else.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// An https host that test keys may be sent to.
    ///
    /// Take it from the user's own configuration only.
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

    /// A proxy for https.
    ///
    /// This machine is never reached through it.
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

    /// Sets an observer that is called with each wait of 2 s or more, so that a program can say what it waits for.
    #[must_use]
    pub fn on_wait(mut self, observer: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(observer));
        self
    }

    /// Sets who permits each exchange; by default nobody, and every request leaves at once.
    #[must_use]
    pub fn pace(mut self, pace: Arc<dyn Pace>) -> Self {
        self.pace = Some(pace);
        self
    }

    /// Time limits of one exchange.
    #[cfg(feature = "hyper")]
    #[must_use]
    pub fn timeouts(mut self, timeouts: crate::transport::Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Makes the client.
    ///
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// When the base URL may not be sent this key.
    pub fn build(mut self) -> Result<Client, Error> {
        let refused = |message: String| Error::new(ErrorKind::Host, "client", Sent::No, message);
        let base = Base::parse(&self.base_url, self.key.is_live(), &self.hosts)
            .map_err(|error| refused(error.to_string()).because(error))?;
        let agent = HeaderValue::from_str(&self.user_agent).map_err(|error| {
            refused("the user agent is not a header value".to_owned()).because(error)
        })?;
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
        let session = Session {
            base,
            headers,
            transport,
            clock,
            budget: Budget::default(),
            on_wait: self.on_wait,
            pace: self.pace,
        };
        Ok(Client {
            caller: Caller {
                session: Arc::new(session),
                policy: self.policy,
            },
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("hosts", &self.hosts)
            .field("user_agent", &self.user_agent)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

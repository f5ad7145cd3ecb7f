//! The way to a server: straight, or through a proxy.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::TransportError;
use super::proxy::{Protocol, Proxy};
use super::trust::{Certificates, distrust};

pub(super) type BoxError = Box<dyn Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;
/// A TCP connection; TLS only where a proxy is spoken to over TLS.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Makes connections that TLS to the server can begin on.
#[derive(Clone)]
pub(super) struct Route {
    way: Way,
    /// The proxy in messages.
    shown: Arc<str>,
    with_credentials: bool,
}

#[derive(Clone)]
enum Way {
    Straight(HttpConnector),
    Tunnel(Tunnel<HttpConnector>),
    SecureTunnel(Tunnel<HttpsConnector<HttpConnector>>),
    Socks(SocksV5<HttpConnector>),
}

impl Route {
    pub(super) fn new(
        tcp: HttpConnector,
        proxy: Option<&Proxy>,
        certificates: &Certificates,
    ) -> Self {
        let Some(proxy) = proxy else {
            return Self {
                way: Way::Straight(tcp),
                shown: "".into(),
                with_credentials: false,
            };
        };
        let url = proxy.url();
        let credentials = proxy.credentials.as_ref();
        let way = match proxy.protocol {
            Protocol::Http => Way::Tunnel(authorized(Tunnel::new(url, tcp), proxy)),
            Protocol::Https => {
                let tls = HttpsConnectorBuilder::new()
                    .with_tls_config(certificates.config())
                    .https_only()
                    .enable_http1()
                    .wrap_connector(tcp);
                Way::SecureTunnel(authorized(Tunnel::new(url, tls), proxy))
            }
            Protocol::Socks => {
                let socks = SocksV5::new(url, tcp);
                Way::Socks(match credentials {
                    None => socks,
                    Some(known) => {
                        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                        socks.with_auth(text(&known.user), text(&known.password))
                    }
                })
            }
        };
        Self {
            way,
            shown: proxy.shown().into(),
            with_credentials: credentials.is_some(),
        }
    }

    /// What follows "no connection" where a proxy is on the way.
    pub(super) fn through(&self) -> String {
        match self.way {
            Way::Straight(_) => String::new(),
            _ => format!(" through the proxy {}", self.shown),
        }
    }

    /// Says of what failed that the proxy is the one to look at.
    fn blame(&self, fault: Fault, server: &str) -> TransportError {
        let shown = &self.shown;
        match fault {
            Fault::Distrusted(reason) => TransportError::Untrusted(format!(
                "the certificate of the proxy {shown} is not trusted: {reason}"
            )),
            Fault::Credentials if self.with_credentials => TransportError::ProxyAuth(format!(
                "the proxy {shown} refused the user name and the password in its URL"
            )),
            Fault::Credentials => TransportError::ProxyAuth(format!(
                "the proxy {shown} wants a user name and a password, and its URL has none"
            )),
            Fault::Refused(reason) => TransportError::Connect(format!(
                "the proxy {shown} did not connect to {server}{reason}"
            )),
            Fault::Unreachable(reason) => {
                TransportError::Connect(format!("the proxy {shown} cannot be reached: {reason}"))
            }
        }
    }
}

/// A failure on the way through a proxy.
enum Fault {
    /// Its certificate, where it is spoken to over TLS.
    Distrusted(String),
    /// It wants another user name and password.
    Credentials,
    /// It does not let us through, for a reason that it may give.
    Refused(String),
    Unreachable(String),
}

impl Fault {
    fn unreachable(error: &(dyn Error + 'static)) -> Self {
        match distrust(error) {
            Some(reason) => Self::Distrusted(reason),
            None => Self::Unreachable(innermost(error)),
        }
    }
}

// The crate does not export the names of these errors.
type TunnelError = <Tunnel<HttpConnector> as Service<Uri>>::Error;
type SocksError = <SocksV5<HttpConnector> as Service<Uri>>::Error;

impl Fault {
    fn of_tunnel(error: TunnelError) -> Self {
        match error {
            TunnelError::ProxyAuthRequired => Self::Credentials,
            TunnelError::ConnectFailed(error) => Self::unreachable(&*error),
            TunnelError::Io(error) => Self::unreachable(&error),
            TunnelError::TunnelUnexpectedEof => {
                Self::Refused(": it closed the connection".to_owned())
            }
            TunnelError::ProxyHeadersTooLong => {
                Self::Refused(": its response is too long".to_owned())
            }
            TunnelError::TunnelUnsuccessful | TunnelError::MissingHost => {
                Self::Refused(String::new())
            }
        }
    }

    fn of_socks(error: SocksError) -> Self {
        match error {
            SocksError::Inner(error) => Self::unreachable(&error),
            SocksError::Io(error) => Self::unreachable(&error),
            SocksError::V5(reason) => {
                // What `reason` can be has no name outside the crate; a test guards this.
                if format!("{reason:?}").starts_with("Auth(") {
                    Self::Credentials
                } else {
                    Self::Refused(format!(": {reason}"))
                }
            }
            other => Self::Refused(format!(": {other}")),
        }
    }
}

fn authorized<C>(tunnel: Tunnel<C>, proxy: &Proxy) -> Tunnel<C> {
    match &proxy.credentials {
        Some(credentials) => tunnel.with_auth(credentials.basic()),
        None => tunnel,
    }
}

impl Service<Uri> for Route {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting<Stream>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        match &mut self.way {
            Way::Straight(tcp) => tcp.poll_ready(context).map_err(Into::into),
            Way::Tunnel(tunnel) => tunnel.poll_ready(context).map_err(Into::into),
            Way::SecureTunnel(tunnel) => tunnel.poll_ready(context).map_err(Into::into),
            Way::Socks(socks) => socks.poll_ready(context).map_err(Into::into),
        }
    }

    fn call(&mut self, server: Uri) -> Connecting<Stream> {
        let route = self.clone();
        let name = server.authority().map(ToString::to_string);
        let name = name.unwrap_or_default();
        match &mut self.way {
            Way::Straight(tcp) => {
                let connecting = tcp.call(server);
                Box::pin(async { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
            Way::Tunnel(tunnel) => {
                let connecting = tunnel.call(server);
                Box::pin(async move {
                    let made = connecting.await;
                    let made = made.map_err(|error| route.blame(Fault::of_tunnel(error), &name))?;
                    Ok(MaybeHttpsStream::Http(made))
                })
            }
            Way::SecureTunnel(tunnel) => {
                let connecting = tunnel.call(server);
                Box::pin(async move {
                    let made = connecting.await;
                    Ok(made.map_err(|error| route.blame(Fault::of_tunnel(error), &name))?)
                })
            }
            Way::Socks(socks) => {
                let connecting = socks.call(server);
                Box::pin(async move {
                    let made = connecting.await;
                    let made = made.map_err(|error| route.blame(Fault::of_socks(error), &name))?;
                    Ok(MaybeHttpsStream::Http(made))
                })
            }
        }
    }
}

/// Bounds the time for TCP, the proxy and TLS together.
#[derive(Clone)]
pub(super) struct Timed<C> {
    pub(super) inner: C,
    pub(super) limit: Duration,
    pub(super) through: Arc<str>,
}

impl<C> Service<Uri> for Timed<C>
where
    C: Service<Uri>,
    C::Error: Into<BoxError>,
    C::Future: Send + 'static,
    C::Response: Send,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Connecting<C::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connecting, limit) = (self.inner.call(uri), self.limit);
        let through = Arc::clone(&self.through);
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(connected) => connected.map_err(Into::into),
                Err(_) => {
                    Err(format!("no connection within {} s{through}", limit.as_secs_f32()).into())
                }
            }
        })
    }
}

/// The innermost cause says what happened; the outer ones only that it did.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    cause.to_string()
}

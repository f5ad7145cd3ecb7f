//! The transport over hyper: HTTP/1.1 and HTTP/2, TLS, timeouts, no redirects, no retries of its own.

use std::fmt;
use std::io::Read;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ::hyper::body::Incoming;
use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Either, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::proxy::Proxy;
use super::route::{Route, Timed, innermost};
use super::trust::{Certificates, distrust};
use super::upload::Upload;
use super::{BoxFuture, MAX_BODY, Transport, TransportError};

/// Headers of a response may take this many bytes in all (reliability.md 2.10).
const MAX_HEADERS: usize = 64 * 1024;

/// A larger body is watched while it is sent: on a slow line it takes longer than a response may.
const LARGE: usize = 1024 * 1024;

/// How long each part of an exchange may take.
///
/// The whole call has a limit of its own: [`RetryPolicy::total`](crate::RetryPolicy::total).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Timeouts {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// Until the response begins.
    pub first_byte: Duration,
    /// Between two parts of the body.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let thirty = Duration::from_secs(30);
        Self {
            connect: Duration::from_secs(10),
            first_byte: thirty,
            idle: thirty,
        }
    }
}

/// A body in memory, or one that is read while it is sent.
type Outgoing = Either<Full<Bytes>, Upload>;
type Plain = Client<HttpConnector, Outgoing>;
type Secure = Client<Timed<HttpsConnector<Route>>, Outgoing>;

/// The transport over hyper.
///
/// Connections are made when first needed, TLS only for https.
pub struct HyperTransport {
    timeouts: Timeouts,
    proxy: Option<Proxy>,
    certificates: Certificates,
    plain: OnceLock<Plain>,
    straight: OnceLock<Secure>,
    proxied: OnceLock<Secure>,
}

impl HyperTransport {
    /// A transport with these timeouts.
    ///
    /// A proxy is used where it [is for](Proxy::is_for) the URL.
    #[must_use]
    pub fn new(timeouts: Timeouts, proxy: Option<Proxy>) -> Self {
        Self {
            timeouts,
            proxy,
            certificates: Certificates::default(),
            plain: OnceLock::new(),
            straight: OnceLock::new(),
            proxied: OnceLock::new(),
        }
    }

    /// Trusts these certificates too, besides the built-in ones.
    #[must_use]
    pub fn trust(mut self, certificates: Certificates) -> Self {
        self.certificates.extend(certificates);
        self
    }

    fn connector(&self) -> HttpConnector {
        let mut http = HttpConnector::new();
        http.set_nodelay(true);
        http.set_connect_timeout(Some(self.timeouts.connect));
        http.enforce_http(false);
        http
    }

    fn start(&self, request: Request<Outgoing>) -> hyper_util::client::legacy::ResponseFuture {
        let url = request.uri();
        if url.scheme_str() == Some("http") {
            let plain = || builder().build(self.connector());
            return self.plain.get_or_init(plain).request(request);
        }
        let proxy = self.proxy.as_ref().filter(|proxy| proxy.is_for(url));
        let slot = match proxy {
            None => &self.straight,
            Some(_) => &self.proxied,
        };
        slot.get_or_init(|| self.secured(proxy)).request(request)
    }

    fn secured(&self, proxy: Option<&Proxy>) -> Secure {
        let route = Route::new(self.connector(), proxy, &self.certificates);
        let through = route.through().into();
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(self.certificates.config())
            .https_only()
            .enable_http1()
            .enable_http2()
            .wrap_connector(route);
        builder().build(Timed {
            inner: https,
            limit: self.timeouts.connect,
            through,
        })
    }

    async fn exchange(
        &self,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let remote = request.uri().scheme_str() == Some("https");
        if remote {
            request
                .headers_mut()
                .insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let server = request.uri().authority().map(ToString::to_string);
        let sending = self.start(request.map(|body| Either::Left(Full::new(body))));
        let after = self.timeouts.first_byte;
        let response = tokio::time::timeout(after, sending)
            .await
            .map_err(|_| TransportError::Timeout {
                what: "the first byte of the response",
                after,
            })?
            .map_err(|error| classify(&error, &server.unwrap_or_default()))?;
        self.receive(response).await
    }

    /// Takes a response whole.
    async fn receive(
        &self,
        response: Response<Incoming>,
    ) -> Result<Response<Bytes>, TransportError> {
        let (head, body) = response.into_parts();
        if headers_size(&head.headers) > MAX_HEADERS {
            return Err(too_large(&head, &Bytes::new(), MAX_HEADERS));
        }
        let bytes = self.collect(&head, body).await?;
        let bytes = if is_gzip(&head.headers) {
            inflate(&head, &bytes)?
        } else {
            bytes
        };
        Ok(Response::from_parts(head, bytes))
    }

    /// Sends a request with a body of so many bytes, which are read while they are sent. It may take as long as the connection
    /// takes bytes. Redirects are responses like any other.
    ///
    /// # Errors
    /// As of any exchange; a body that cannot be read breaks the connection.
    pub async fn upload(
        &self,
        request: Request<()>,
        length: u64,
        body: impl Read + Send + 'static,
    ) -> Result<Response<Bytes>, TransportError> {
        let server = request.uri().authority().map(ToString::to_string);
        let (body, taken) = Upload::of(body, length);
        let mut sending = self.start(request.map(|()| Either::Right(body)));
        let after = self.timeouts.first_byte;
        loop {
            let before = taken.load(Ordering::Relaxed);
            match tokio::time::timeout(after, &mut sending).await {
                Ok(Ok(response)) => return self.receive(response).await,
                Ok(Err(error)) => {
                    return Err(classify(&error, &server.unwrap_or_default()));
                }
                Err(_) if taken.load(Ordering::Relaxed) > before => {}
                Err(_) => {
                    let what = "the first byte of the response";
                    return Err(TransportError::Timeout { what, after });
                }
            }
        }
    }

    async fn collect(&self, head: &Parts, mut body: Incoming) -> Result<Bytes, TransportError> {
        let announced = head
            .headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > MAX_BODY) {
            return Err(too_large(head, &Bytes::new(), MAX_BODY));
        }
        let mut bytes = BytesMut::with_capacity(announced.unwrap_or(0).min(4 * 1024 * 1024));
        let after = self.timeouts.idle;
        loop {
            let Ok(frame) = tokio::time::timeout(after, body.frame()).await else {
                let reason = format!("nothing more within {} s", after.as_secs_f32());
                return Err(cut(head, &bytes.freeze(), reason));
            };
            match frame {
                None => return Ok(bytes.freeze()),
                Some(Err(error)) => return Err(cut(head, &bytes.freeze(), innermost(&error))),
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else {
                        continue;
                    };
                    if bytes.len() + data.len() > MAX_BODY {
                        return Err(too_large(head, &bytes.freeze(), MAX_BODY));
                    }
                    bytes.extend_from_slice(&data);
                }
            }
        }
    }
}

/// The head with the received part of the body, as far as an error message may need it.
fn partial(head: &Parts, bytes: &Bytes) -> Box<Response<Bytes>> {
    let start = bytes.slice(..bytes.len().min(64 * 1024));
    let start = if is_gzip(&head.headers) {
        let mut text = Vec::new();
        // As much as can be read of a body that breaks off.
        let _ = flate2::read::MultiGzDecoder::new(&start[..])
            .take(64 * 1024)
            .read_to_end(&mut text);
        text.into()
    } else {
        start
    };
    Box::new(Response::from_parts(head.clone(), start))
}

fn cut(head: &Parts, bytes: &Bytes, reason: String) -> TransportError {
    let answer = partial(head, bytes);
    TransportError::Cut { answer, reason }
}

fn too_large(head: &Parts, bytes: &Bytes, limit: usize) -> TransportError {
    let answer = partial(head, bytes);
    TransportError::TooLarge { answer, limit }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("timeouts", &self.timeouts)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

impl Transport for HyperTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        if request.body().len() <= LARGE {
            return Box::pin(self.exchange(request));
        }
        let (head, body) = request.into_parts();
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let body = std::io::Cursor::new(body);
        Box::pin(self.upload(Request::from_parts(head, ()), length, body))
    }
}

fn builder() -> hyper_util::client::legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder
        .pool_idle_timeout(Duration::from_secs(10))
        .pool_timer(TokioTimer::new())
        // Every attempt is ours, counted and decided in one place.
        .retry_canceled_requests(false)
        .http2_max_header_list_size(64 * 1024)
        // By itself it reads up to 400 kB at once, for each connection: more memory, and no longer in the processor's caches.
        .http1_max_buf_size(64 * 1024)
        .timer(TokioTimer::new());
    builder
}

fn headers_size(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"gzip"))
}

fn inflate(head: &Parts, bytes: &Bytes) -> Result<Bytes, TransportError> {
    let mut text = Vec::with_capacity(bytes.len().saturating_mul(6).min(MAX_BODY));
    let limit = u64::try_from(MAX_BODY).unwrap_or(u64::MAX);
    flate2::read::MultiGzDecoder::new(&bytes[..])
        .take(limit + 1)
        .read_to_end(&mut text)
        .map_err(|error| cut(head, bytes, error.to_string()))?;
    if text.len() > MAX_BODY {
        return Err(too_large(head, bytes, MAX_BODY));
    }
    Ok(text.into())
}

fn classify(error: &hyper_util::client::legacy::Error, server: &str) -> TransportError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(at) = cause {
        if let Some(known) = at.downcast_ref::<TransportError>() {
            return known.clone();
        }
        let reason = at.downcast_ref::<h2::Error>().and_then(h2::Error::reason);
        if reason == Some(h2::Reason::REFUSED_STREAM) {
            return TransportError::Refused(at.to_string());
        }
        cause = at.source();
    }
    if let Some(reason) = distrust(error) {
        return TransportError::Untrusted(format!(
            "the certificate of {server} is not trusted: {reason}"
        ));
    }
    if error.is_connect() {
        return TransportError::Connect(innermost(error));
    }
    TransportError::Broken(innermost(error))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{MAX_BODY, TransportError, inflate};

    fn gzip(chunk: &[u8], times: usize) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for _ in 0..times {
            encoder.write_all(chunk).unwrap();
        }
        encoder.finish().unwrap()
    }

    #[test]
    fn reliability_2_10_a_compressed_answer_is_bounded_by_its_inflated_size() {
        let (head, ()) = http::Response::new(()).into_parts();
        assert_eq!(inflate(&head, &gzip(b"[]", 1).into()).unwrap(), "[]");
        let bomb = gzip(&[b' '; 1024 * 1024], MAX_BODY / (1024 * 1024) + 1);
        assert!(matches!(
            inflate(&head, &bomb.into()),
            Err(TransportError::TooLarge { .. })
        ));
        assert!(matches!(
            inflate(&head, &"not gzip".into()),
            Err(TransportError::Cut { .. })
        ));
    }
}

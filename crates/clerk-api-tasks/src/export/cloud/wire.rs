//! The way of `object_store`'s requests: the transport of the caller, which has its proxy, its certificates and its time limits.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use clerk_api::transport::{Transport, TransportError};
use http::StatusCode;
use http_body_util::BodyExt as _;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};

use super::words::Words;

/// The transport, and what became of the last request.
#[derive(Clone)]
pub(super) struct Wire {
    transport: Arc<dyn Transport>,
    told: Arc<Mutex<Option<Told>>>,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// The store did it.
    Done,
    /// The store did not.
    Refused { status: StatusCode, words: Words },
    /// There was no response.
    Unheard(String),
    /// It would have gone to another machine in plain text.
    Plain(String),
}

impl Wire {
    pub(super) fn new(transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            told: Arc::default(),
        }
    }

    /// What became of the last request, once.
    pub(super) fn told(&self) -> Option<Told> {
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn tell(&self, told: Told) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let url = request.uri();
        let host = url.host().unwrap_or_default();
        // The crate's own switch for this would need every variable that can name a server.
        if url.scheme_str() != Some("https") && !matches!(host, "127.0.0.1" | "localhost" | "[::1]")
        {
            self.tell(Told::Plain(host.to_owned()));
            return Err(HttpError::new(HttpErrorKind::Unknown, PlainText));
        }
        let (head, body) = request.into_parts();
        // A body in one piece, as all of ours are, is not copied.
        let body = body.collect().await?.to_bytes();
        let sent = self
            .transport
            .send(http::Request::from_parts(head, body))
            .await;
        let response = sent.map_err(|error| {
            self.tell(Told::Unheard(error.to_string()));
            HttpError::new(kind(&error), error)
        })?;
        let status = response.status();
        self.tell(if status.is_success() {
            Told::Done
        } else {
            let words = Words::read(response.headers(), response.body());
            Told::Refused { status, words }
        });
        Ok(response.map(Into::into))
    }
}

/// What `object_store` does about it: what was not sent is tried again, and what may have been done only if that does no harm.
fn kind(error: &TransportError) -> HttpErrorKind {
    match error {
        TransportError::Connect(_) => HttpErrorKind::Connect,
        TransportError::Refused(_) => HttpErrorKind::Request,
        TransportError::Timeout { .. } => HttpErrorKind::Timeout,
        TransportError::Broken(_) | TransportError::Cut { .. } => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("not in plain text")]
struct PlainText;

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

impl HttpConnector for Wire {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

impl HttpService for Wire {
    // The trait is made by a macro of a crate that this would be the only use of.
    fn call<'s, 'f>(
        &'s self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'f>>
    where
        's: 'f,
        Self: 'f,
    {
        Box::pin(self.exchange(request))
    }
}

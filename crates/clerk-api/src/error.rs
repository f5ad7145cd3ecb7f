//! What can go wrong with a call, and whether the request went out.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

mod report;

pub use report::ErrorReport;

/// Whether the server may have seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Sent {
    /// It never left, or the server refused it before doing anything.
    No,
    /// It arrived and was answered.
    Yes,
    /// It may have arrived: look before you send it again.
    Unknown,
}

/// The kinds of failure.
///
/// In JSON they are words such as `outcome_unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument is missing, unknown or malformed; nothing was sent.
    Argument,
    /// The base URL may not be sent this key; nothing was sent.
    Host,
    /// No connection could be made.
    Connect,
    /// Nobody who is trusted vouches for the certificate of the server or the proxy; nothing was sent.
    CertificateUntrusted,
    /// The proxy wants other credentials; nothing was sent.
    ProxyAuth,
    /// No response in time.
    Timeout,
    /// The connection broke.
    Transport,
    /// The API responded with an error.
    Api,
    /// The API asks to wait longer than we may.
    RateLimited,
    /// The server wants to send us elsewhere; never followed.
    UnexpectedRedirect,
    /// The response is not what an API sends: HTML, nothing, or half of it.
    BadAnswer,
    /// The response is over the size or depth limit.
    ResponseTooLarge,
    /// A write may or may not have happened, and looking did not settle it.
    OutcomeUnknown,
    /// A write met something else under the same unique key.
    Conflict,
}

/// One error object of the API (spec: `ClerkError`).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ApiError {
    /// The stable machine value, such as `resource_not_found`.
    #[serde(default)]
    pub code: String,
    /// The short text.
    #[serde(default)]
    pub message: String,
    /// The sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_message: Option<String>,
    /// Details, such as `param_name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Box<RawValue>>,
}

/// A call that failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The operation's name, such as "users.update".
    pub op: &'static str,
    /// Whether the request went out.
    pub sent: Sent,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The API's error objects.
    pub errors: Vec<ApiError>,
    /// Clerk's trace id, for its support.
    pub trace_id: Option<String>,
    /// How long the API asks to wait.
    pub retry_after: Option<Duration>,
    /// How often the request was sent.
    pub attempts: u32,
    /// What happened, when the API itself said nothing.
    pub message: String,
    /// The response's text, for answers that no API sends; at most 2 kB of it.
    pub body: Option<String>,
    /// What it came from, such as a failure of the connection.
    source: Option<Cause>,
}

/// An error below ours.
type Cause = Box<dyn std::error::Error + Send + Sync>;

impl ApiError {
    /// An error object with a code and a text.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            long_message: None,
            meta: None,
        }
    }
}

impl Error {
    pub(crate) fn new(
        kind: ErrorKind,
        op: &'static str,
        sent: Sent,
        message: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            op,
            sent,
            status: None,
            errors: Vec::new(),
            trace_id: None,
            retry_after: None,
            attempts: 0,
            message: message.into(),
            body: None,
            source: None,
        }
    }

    /// Keeps what it came from.
    pub(crate) fn because(mut self, source: impl Into<Cause>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The first error code of the API, such as `form_identifier_exists`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.errors.first().map(|error| error.code.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ours = matches!(self.kind, ErrorKind::OutcomeUnknown | ErrorKind::Conflict);
        if ours || self.errors.is_empty() {
            f.write_str(&self.message)?;
        }
        for (index, error) in self.errors.iter().enumerate() {
            let text = error
                .long_message
                .as_deref()
                .filter(|text| !text.is_empty())
                .unwrap_or(&error.message);
            f.write_str(match (index, ours) {
                (0, false) => "the API says: ",
                (0, true) => "; the API says: ",
                _ => "; ",
            })?;
            f.write_str(text.trim_end_matches('.'))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    /// What the failure came from: a [`TransportError`](crate::transport::TransportError), a [`HostError`](crate::host::HostError), an
    /// [`ArgumentError`](crate::request::ArgumentError), or an error of `serde_json`. The message of this error contains it already.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// The body of an error answer (spec: `ClerkErrors`).
#[derive(Deserialize)]
pub(crate) struct ErrorBody {
    #[serde(default)]
    pub(crate) errors: Vec<ApiError>,
    #[serde(default)]
    pub(crate) clerk_trace_id: Option<String>,
}

//! A call's success, as its caller gets it.

use bytes::Bytes;

use crate::list::Page;
use crate::response::Response;
use crate::time::Timestamp;

/// The response to a call that succeeded.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The response as a type; `()` for calls by name and JSON.
    pub value: T,
    /// The server's own bytes; `null` where the response is empty (204).
    pub raw: Bytes,
    /// The HTTP status.
    pub status: u16,
    /// Clerk's trace id.
    pub trace_id: Option<String>,
    /// When the server answered, by its own clock, to the second.
    pub date: Option<Timestamp>,
    /// How often the request was sent.
    pub attempts: u32,
    /// Whether a look-up found the outcome because the response did not show it; `raw` is then the object that was found.
    pub reconciled: bool,
    /// The response taken apart, where a page was asked for.
    pub(crate) page: Option<Page>,
}

impl Reply<()> {
    pub(crate) fn new(answer: Response, attempts: u32, reconciled: bool) -> Self {
        Self {
            value: (),
            status: answer.status,
            trace_id: answer.trace_id(),
            date: answer.date_millis().map(Timestamp::from_millis),
            page: answer.page,
            raw: if answer.body.is_empty() {
                Bytes::from_static(b"null")
            } else {
                answer.body
            },
            attempts,
            reconciled,
        }
    }

    /// The same reply with its value read.
    pub(crate) fn with<T>(self, value: T) -> Reply<T> {
        Reply {
            value,
            raw: self.raw,
            status: self.status,
            trace_id: self.trace_id,
            date: self.date,
            attempts: self.attempts,
            reconciled: self.reconciled,
            page: self.page,
        }
    }
}

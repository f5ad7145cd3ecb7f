//! The log of the latest requests to the API, with the bodies of the newest ones. No keys are kept.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::sync::watch;

use super::mask::{self, Way};

/// Requests that are kept.
const KEPT: usize = 1_000;
/// Of these the bodies are kept too.
const WITH_BODIES: usize = 200;
/// Bytes that are kept of a body.
const BODY_MOST: usize = 16 << 10;

/// Reads a clock that only measures.
#[expect(
    clippy::disallowed_methods,
    reason = "durations of the log are real, whatever the instance's clock says"
)]
pub(crate) fn ticks() -> Instant {
    Instant::now()
}

/// One request and what became of it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Its number since the start, from 1.
    pub(crate) id: u64,
    /// When it was answered, in Unix milliseconds of the instance's clock.
    pub(crate) at: i64,
    pub(crate) method: String,
    /// The path with the query.
    pub(crate) path: String,
    /// The response's status; 0 where the connection was cut instead of a response.
    pub(crate) status: u16,
    pub(crate) duration_us: u64,
    /// Bytes of the response's body.
    pub(crate) bytes: u64,
    pub(crate) trace_id: String,
    /// The limit that refused it.
    pub(crate) limit: Option<&'static str>,
    /// The id of the fault that it met.
    pub(crate) fault: Option<u64>,
    /// Parameters and fields that the operation does not have; Clerk ignores them.
    pub(crate) unread: Vec<String>,
    /// What was sent both ways; `None` once later requests have taken the place.
    #[serde(skip)]
    pub(crate) exchange: Option<Arc<Exchange>>,
}

/// The beginnings of both bodies of a request.
#[derive(Debug)]
pub(crate) struct Exchange {
    request: Sent,
    answer: Option<Sent>,
}

/// The beginning of a body, with secrets as they came: they are masked when it is shown.
#[derive(Debug)]
struct Sent {
    content_type: String,
    bytes: usize,
    start: Bytes,
}

/// A body as it is shown.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    /// Empty if none was named.
    pub(crate) content_type: String,
    /// How long the body was.
    pub(crate) bytes: usize,
    /// Whether only its beginning was kept.
    pub(crate) cut: bool,
    /// The body with its secrets masked: JSON as it is, text where it was cut, null without a body.
    pub(crate) body: Box<RawValue>,
}

impl Exchange {
    pub(crate) fn asked(headers: &HeaderMap, body: &[u8]) -> Self {
        Self {
            request: Sent::of(headers, body),
            answer: None,
        }
    }

    pub(crate) fn answered(&mut self, headers: &HeaderMap, body: &[u8]) {
        self.answer = Some(Sent::of(headers, body));
    }

    pub(crate) fn request(&self) -> Shown {
        self.request.shown(Way::In)
    }

    pub(crate) fn answer(&self) -> Option<Shown> {
        self.answer.as_ref().map(|sent| sent.shown(Way::Out))
    }
}

impl Sent {
    fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        let kind = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let kind: String = kind.unwrap_or_default().chars().take(100).collect();
        // Images are nothing to read.
        let most = if kind.starts_with("multipart/") {
            0
        } else {
            BODY_MOST
        };
        Self {
            content_type: kind,
            bytes: body.len(),
            start: Bytes::copy_from_slice(&body[..body.len().min(most)]),
        }
    }

    fn shown(&self, way: Way) -> Shown {
        let start = match std::str::from_utf8(&self.start) {
            Ok(text) => text,
            // A cut may go through a character.
            Err(error) => {
                std::str::from_utf8(&self.start[..error.valid_up_to()]).unwrap_or_default()
            }
        };
        let masked = mask::json(start, way);
        let body = if masked.is_empty() {
            None
        } else {
            RawValue::from_string(masked.clone())
                .or_else(|_| serde_json::value::to_raw_value(&masked))
                .ok()
        };
        Shown {
            content_type: self.content_type.clone(),
            bytes: self.bytes,
            cut: self.bytes > self.start.len(),
            body: body.unwrap_or_else(|| RawValue::NULL.to_owned()),
        }
    }
}

/// The log.
#[derive(Debug)]
pub(crate) struct RequestLog {
    entries: Mutex<VecDeque<Entry>>,
    /// The number of the newest entry; `None` once the server ends.
    newest: watch::Sender<Option<u64>>,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            newest: watch::Sender::new(Some(0)),
        }
    }
}

impl RequestLog {
    /// Adds a request; its number is given here.
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let id = entries.back().map_or(0, |last| last.id) + 1;
        entry.id = id;
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
        let older = entries.len().checked_sub(WITH_BODIES + 1);
        if let Some(older) = older.and_then(|at| entries.get_mut(at)) {
            older.exchange = None;
        }
        // Nobody is woken once it has been closed.
        self.newest.send_if_modified(|newest| {
            let open = newest.is_some();
            if open {
                *newest = Some(id);
            }
            open
        });
    }

    /// The requests after one, the oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let skip = entries.partition_point(|entry| entry.id <= id);
        entries.iter().skip(skip).cloned().collect()
    }

    /// One request, if it is still kept.
    pub(crate) fn find(&self, id: u64) -> Option<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
        entries.get(found).cloned()
    }

    /// Announces the number of the newest entry; `None` is the end.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<u64>> {
        self.newest.subscribe()
    }

    /// Ends all streams.
    pub(crate) fn close(&self) {
        self.newest.send_replace(None);
    }
}

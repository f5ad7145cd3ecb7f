//! One answer before anybody judges it, and the limits it must keep.

use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::error::ErrorBody;
use crate::page::Page;
use crate::retry::{Outcome, retry_after};
use crate::transport::TransportError;

/// Levels of JSON that are taken (reliability.md 2.10).
const MAX_DEPTH: usize = 128;

/// One answer's head and body, before anybody judges it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body taken apart, where a page was asked for.
    pub(crate) page: Option<Page>,
}

impl Answer {
    pub(crate) fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn trace_id(&self) -> Option<String> {
        self.header("x-clerk-trace-id")
            .or_else(|| self.header("cf-ray"))
            .map(str::to_owned)
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        retry_after(self.header(RETRY_AFTER)?, self.header(DATE))
    }
}

pub(crate) fn outcome_of(result: &Result<Answer, TransportError>) -> Outcome {
    match result {
        Ok(answer) => Outcome::Status(answer.status, answer.retry_after()),
        Err(TransportError::Connect(_) | TransportError::Refused(_)) => Outcome::NotSent,
        Err(TransportError::Timeout { .. } | TransportError::Broken(_)) => Outcome::Unknown,
        Err(TransportError::Body { status, .. } | TransportError::TooLarge { status, .. }) => {
            match status {
                200..=299 => Outcome::Broken,
                _ => Outcome::Status(*status, None),
            }
        }
    }
}

/// A success must be JSON within the depth limit; anything else counts as broken.
pub(crate) fn check_answer(mut answer: Answer, as_page: bool) -> Result<Answer, TransportError> {
    let status = answer.status;
    if !(200..300).contains(&status) || (status == 204 && answer.body.is_empty()) {
        return Ok(answer);
    }
    let broken = |reason: String| Err(TransportError::Body { status, reason });
    if answer.body.is_empty() {
        return broken("the body is empty".to_owned());
    }
    // Taking a page apart checks its JSON as well: a large list is read once.
    let read = if as_page {
        Page::read(answer.body.clone()).map(|page| answer.page = Some(page))
    } else {
        serde_json::from_slice::<serde::de::IgnoredAny>(&answer.body).map(|_| ())
    };
    match read {
        Err(error) if !error.is_data() => broken(format!("the body is not JSON: {error}")),
        _ if is_too_deep(&answer) => {
            broken(format!("the body is JSON of more than {MAX_DEPTH} levels"))
        }
        _ => Ok(answer),
    }
}

/// Whether the body has more levels than are taken, a page its rows' and those around them.
fn is_too_deep(answer: &Answer) -> bool {
    match &answer.page {
        Some(page) => page
            .row_bytes()
            .any(|row| is_deeper_than(row, MAX_DEPTH - page.levels())),
        None => is_deeper_than(&answer.body, MAX_DEPTH),
    }
}

fn is_deeper_than(json: &[u8], most: usize) -> bool {
    // Counting takes many bytes at a time, and few texts have as many brackets as would take.
    let opening = |chunk: &[u8]| -> usize {
        let opens = |byte: &u8| u8::from(matches!(byte, b'[' | b'{'));
        usize::from(chunk.iter().map(opens).sum::<u8>())
    };
    json.chunks(255).map(opening).sum::<usize>() > most && depth(json) > most
}

/// How deep the brackets of a JSON text go.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'"' => at += text_length(&json[at..]),
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// How many bytes a text takes, its closing quote included, from behind its opening one.
fn text_length(json: &[u8]) -> usize {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'"', b'\\', &json[at..]) {
        at += next + 1;
        if json[at - 1] == b'"' {
            return at;
        }
        at = json.len().min(at + 1);
    }
    json.len()
}

/// Codes by which the API says that a thing exists already (backend-api.md 1.6).
pub(crate) fn is_duplicate(answer: &Answer) -> bool {
    const CODES: [&str; 6] = [
        "form_identifier_exists",
        "form_already_exists",
        "duplicate_record",
        "already_a_member_in_organization",
        "organization_invitation_not_unique",
        "resource_locked",
    ];
    let body: Option<ErrorBody> = serde_json::from_slice(&answer.body).ok();
    body.is_some_and(|body| {
        body.errors
            .iter()
            .any(|error| CODES.contains(&error.code.as_str()))
    })
}

pub(crate) fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(2048)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_must_be_utf_8_inside_texts_too() {
        let answer = Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"[{\"id\":\"\xff\"}]"),
            page: None,
        };
        let broken = check_answer(answer, true)
            .err()
            .map(|error| error.to_string());
        assert!(broken.is_some_and(|reason| reason.contains("not JSON: invalid utf-8")));
    }

    #[test]
    fn brackets_inside_text_are_not_levels() {
        assert_eq!(depth(br#"{"a":["[[[[",{"b\"]":"\\"},[]]}"#), 3);
        assert_eq!(depth(b"7"), 0);
    }

    #[test]
    fn many_brackets_are_deep_only_inside_each_other() {
        let beside = format!("[{}]", ["[]"; 500].join(","));
        assert!(is_deeper_than(beside.as_bytes(), 1));
        assert!(!is_deeper_than(beside.as_bytes(), 2));
        let inside = "[".repeat(300) + &"]".repeat(300);
        assert!(is_deeper_than(inside.as_bytes(), 299));
        assert!(!is_deeper_than(inside.as_bytes(), 300));
    }
}

//! One answer before anybody judges it, and the limits it must keep.

use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;
use http::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::declare::Form;
use crate::error::ErrorBody;
use crate::list::Page;
use crate::retry::{Outcome, retry_after};
use crate::transport::TransportError;

/// Levels of JSON that are taken (reliability.md 2.10).
const MAX_DEPTH: usize = 128;

/// What one exchange came to.
pub(crate) type Received = Result<Response, TransportError>;

/// One response's head and body.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body taken apart, where it is a list.
    pub(crate) page: Option<Page>,
    /// Why the body cannot be taken for what was asked.
    pub(crate) flaw: Option<Flaw>,
}

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Flaw {
    /// It is the API's, but ends early or is not well-formed.
    #[error("its body {0}")]
    Cut(String),
    /// It is over one of the limits.
    #[error("its body {0}")]
    TooLarge(String),
    /// It is not what the API answers here, so that something else may have answered.
    #[error("its body {0}")]
    Foreign(String),
}

impl Response {
    pub(crate) fn new(response: http::Response<Bytes>, flaw: Option<Flaw>) -> Self {
        let (head, body) = response.into_parts();
        Self {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
            page: None,
            flaw,
        }
    }

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

    /// When it was sent by the server's clock, in milliseconds since 1970.
    pub(crate) fn date_millis(&self) -> Option<i64> {
        crate::time::http_date_millis(self.header(DATE)?)
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A success that can be taken as it is.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_success() && self.flaw.is_none()
    }

    /// The API's own errors, if it answered with some.
    pub(crate) fn errors(&self) -> Option<ErrorBody> {
        let body: ErrorBody = serde_json::from_slice(&self.body).ok()?;
        (!body.errors.is_empty()).then_some(body)
    }

    /// A success must be JSON of the operation's form within the limits; a list's rows are judged one by one by who reads them.
    pub(crate) fn check(mut self, form: Form) -> Self {
        if self.is_success() && self.flaw.is_none() && form != Form::Nothing {
            self.flaw = self.complaint(form);
        }
        self
    }

    fn complaint(&mut self, form: Form) -> Option<Flaw> {
        let foreign = |what: &str| Some(Flaw::Foreign(what.to_owned()));
        if self.body.trim_ascii().is_empty() {
            return match form {
                Form::Any => None,
                _ => foreign("is empty"),
            };
        }
        let Ok(text) = ByteString::try_from(self.body.clone()) else {
            return Some(Flaw::Cut("is not UTF-8".to_owned()));
        };
        match form {
            Form::List => {}
            Form::Any if text.trim_start().starts_with('[') => {
                let array = serde_json::from_str::<IgnoredAny>(&text);
                return array.err().map(|error| self.not_json(&error));
            }
            _ => return self.object_complaint(&text),
        }
        match Page::read(text) {
            Ok(page) => {
                self.page = Some(page);
                None
            }
            Err(error) if error.is_data() => foreign("is JSON, but not a list"),
            Err(error) => Some(self.not_json(&error)),
        }
    }

    fn object_complaint(&self, text: &str) -> Option<Flaw> {
        #[derive(Deserialize)]
        struct Object {
            errors: Option<IgnoredAny>,
        }
        match serde_json::from_str::<Object>(text) {
            _ if is_deeper_than(text.as_bytes(), MAX_DEPTH) => Some(Flaw::TooLarge(format!(
                "is JSON of more than {MAX_DEPTH} levels"
            ))),
            Ok(object) if text.trim_start().starts_with('{') => object
                .errors
                .map(|_| Flaw::Foreign("holds errors".to_owned())),
            Err(error) if !error.is_data() => Some(self.not_json(&error)),
            _ => Some(Flaw::Foreign("is JSON, but not an object".to_owned())),
        }
    }

    /// JSON that ends early is the API's own; a page of HTML is somebody else's.
    fn not_json(&self, error: &serde_json::Error) -> Flaw {
        let begins = self.body.trim_ascii_start().first();
        let json = matches!(begins, Some(b'{' | b'['));
        if json && error.is_eof() {
            return Flaw::Cut("breaks off".to_owned());
        }
        match self.header(CONTENT_TYPE) {
            Some(kind) if kind.contains("html") => Flaw::Foreign("is a page of HTML".to_owned()),
            _ if begins == Some(&b'<') => Flaw::Foreign("is a page of HTML".to_owned()),
            _ if json => Flaw::Cut(format!("is not JSON: {error}")),
            _ => Flaw::Foreign(format!("is not JSON: {error}")),
        }
    }
}

/// The result of an exchange. A response that did not arrive completely is a response with a flaw.
pub(crate) fn arrived(result: Result<http::Response<Bytes>, TransportError>) -> Received {
    match result {
        Ok(response) => Ok(Response::new(response, None)),
        Err(TransportError::Cut { answer, reason }) => {
            let flaw = Flaw::Cut(format!("is incomplete: {reason}"));
            Ok(Response::new(*answer, Some(flaw)))
        }
        Err(TransportError::TooLarge { answer, limit }) => {
            let flaw = Flaw::TooLarge(format!("is larger than the limit of {limit} bytes"));
            Ok(Response::new(*answer, Some(flaw)))
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn outcome_of(came: &Received) -> Outcome {
    match came {
        Ok(answer) if answer.is_success() && answer.flaw.is_some() => Outcome::Broken,
        Ok(answer) => Outcome::Status(answer.status, answer.retry_after()),
        Err(TransportError::Connect(_) | TransportError::Refused(_)) => Outcome::NotSent,
        // The wait was too long already.
        Err(
            TransportError::Untrusted(_)
            | TransportError::ProxyAuth(_)
            | TransportError::NoPermit { .. },
        ) => Outcome::Barred,
        Err(_) => Outcome::Unknown,
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
pub(crate) fn is_duplicate(answer: &Response) -> bool {
    const CODES: [&str; 6] = [
        "form_identifier_exists",
        "form_already_exists",
        "duplicate_record",
        "already_a_member_in_organization",
        "organization_invitation_not_unique",
        "resource_locked",
    ];
    let is_one = |code: &str| CODES.contains(&code);
    answer
        .errors()
        .is_some_and(|body| body.errors.iter().any(|error| is_one(&error.code)))
}

/// The most of a foreign response's text that is kept.
const EXCERPT: usize = 2048;

/// The beginning of a body. A word that the end would cut in two is left out: it could be a key that nobody recognizes any more.
pub(crate) fn excerpt(body: &[u8]) -> String {
    if body.len() <= EXCERPT {
        return String::from_utf8_lossy(body).into_owned();
    }
    let text = String::from_utf8_lossy(&body[..EXCERPT]);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_+/=.%-\u{fffd}".contains(c);
    format!("{}…", text.trim_end_matches(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(body: &'static [u8], form: Form) -> Option<Flaw> {
        let response = http::Response::new(Bytes::from_static(body));
        Response::new(response, None).check(form).flaw
    }

    #[test]
    fn reliability_2_10_an_answer_has_the_form_of_its_operation() {
        use Form::{List, Nothing, Object};
        for (body, form) in [
            (&b"42"[..], List),
            (b"null", List),
            (br#"{"errors":[]}"#, List),
            (b"\"x\"", Object),
            (b"[]", Object),
            (b"null", Object),
            (br#"{"errors":[]}"#, Object),
            (b"", Object),
            (b" ", List),
            (b"<html>", Object),
        ] {
            let text = String::from_utf8_lossy(body);
            assert!(matches!(flaw(body, form), Some(Flaw::Foreign(_))), "{text}");
        }
        for (body, form) in [
            (&b"[]"[..], List),
            (br#"{"data":[],"total_count":-5}"#, List),
            (b"{}", Object),
            (b"", Nothing),
            (b"null", Nothing),
        ] {
            assert_eq!(flaw(body, form), None);
        }
    }

    #[test]
    fn reliability_r5_json_that_breaks_off_is_the_apis_own() {
        for body in [&br#"{"id":"user_"#[..], b"[{", b"{\"id\":\"\xff\"}"] {
            assert!(matches!(flaw(body, Form::Object), Some(Flaw::Cut(_))));
        }
    }

    #[test]
    fn reliability_2_10_a_deep_row_does_not_take_its_list_away() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        let list = Bytes::from(format!("[{deep}]"));
        let check = |form| Response::new(http::Response::new(list.clone()), None).check(form);
        assert_eq!(check(Form::List).flaw, None);
    }

    #[test]
    fn reliability_7_6_an_excerpt_ends_before_a_word_that_would_be_cut() {
        let page = "a".repeat(10) + " " + &"b".repeat(2030) + " sk_test_CANARYcanary0123456789";
        let shown = excerpt(page.as_bytes());
        assert!(shown.ends_with("b …"), "{shown}");
        assert_eq!(excerpt(b"short sk_test_x"), "short sk_test_x");
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

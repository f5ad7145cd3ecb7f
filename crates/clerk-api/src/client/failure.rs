//! The error of a call that is given up: what came last, and whether the write may have been done.

use std::time::Duration;

use super::call::{Call, Run};
use crate::declare::{Class, Effect};
use crate::error::{ApiError, Error, ErrorKind, Sent};
use crate::response::{Flaw, Received, Response, excerpt};
use crate::transport::TransportError;

/// How many of the API's error objects are kept, and how many bytes of each text.
const MOST_ERRORS: usize = 20;
const MOST_TEXT: usize = 2048;

impl Call<'_> {
    /// The error of what came last. A write whose earlier attempt is in doubt stays in doubt.
    pub(crate) fn failure(&self, run: &Run) -> Error {
        let error = self.plain(run);
        let read_or_done = self.class == Class::Read || error.sent == Sent::Yes && is_flawed(run);
        if !run.doubt || read_or_done {
            return error;
        }
        let reason = match self.class {
            Class::Idempotent => "sending it again is safe: it sets the same values",
            _ => "an earlier attempt may have done it",
        };
        self.doubtful(error, run, reason)
    }

    /// The server asks for a wait that is too long for this call.
    pub(crate) fn too_long(&self, run: &Run, wait: Duration) -> Error {
        let mut error = self.failure(run);
        if error.kind != ErrorKind::OutcomeUnknown {
            error.kind = ErrorKind::RateLimited;
        }
        error.retry_after = Some(wait);
        error
    }

    /// A write whose outcome is unknown.
    pub(crate) fn unknown(&self, run: &Run, reason: &str) -> Error {
        self.doubtful(self.plain(run), run, reason)
    }

    /// A create that met something else under the same unique key.
    pub(crate) fn conflict(&self, run: &Run) -> Error {
        let mut error = self.plain(run);
        error.kind = ErrorKind::Conflict;
        error.sent = Sent::Unknown;
        error.message = format!(
            "{}, and another object with the same key is older than this call",
            came_to(&run.came)
        );
        error
    }

    fn doubtful(&self, mut error: Error, run: &Run, reason: &str) -> Error {
        error.kind = ErrorKind::OutcomeUnknown;
        error.sent = Sent::Unknown;
        error.message = format!(
            "it is not known whether this was done: {}; {reason}",
            came_to(&run.came)
        );
        error
    }

    /// The last result as an error, regardless of the earlier ones.
    fn plain(&self, run: &Run) -> Error {
        let (kind, sent) = match &run.came {
            Ok(answer) => (kind(answer), Sent::Yes),
            Err(TransportError::Timeout { .. }) => (ErrorKind::Timeout, Sent::Unknown),
            Err(TransportError::Broken(_)) => (ErrorKind::Transport, Sent::Unknown),
            Err(TransportError::Untrusted(_)) => (ErrorKind::CertificateUntrusted, Sent::No),
            Err(TransportError::ProxyAuth(_)) => (ErrorKind::ProxyAuth, Sent::No),
            Err(TransportError::NoPermit { .. }) => (ErrorKind::RateLimited, Sent::No),
            Err(_) => (ErrorKind::Connect, Sent::No),
        };
        let mut error = Error::new(kind, self.meta.name, sent, came_to(&run.came));
        error.attempts = run.sends;
        if let Err(source) = &run.came {
            error = error.because(source.clone());
            if let TransportError::NoPermit { wait, .. } = source {
                error.retry_after = *wait;
            }
        }
        if let Ok(answer) = &run.came {
            error.status = Some(answer.status);
            error.trace_id = answer.trace_id();
            error.retry_after = answer.retry_after();
            match answer.errors() {
                Some(body) if !answer.is_success() => {
                    error.trace_id = body.clerk_trace_id.or(error.trace_id);
                    error.errors = body
                        .errors
                        .into_iter()
                        .take(MOST_ERRORS)
                        .map(short)
                        .collect();
                }
                _ => error.body = Some(excerpt(&answer.body)),
            }
            if answer.is_success() && self.class != Class::Read && self.meta.effect != Effect::Read
            {
                error
                    .message
                    .push_str(": it was done, but its result is not known");
            }
        }
        error
    }
}

/// Whether the last response was a success that cannot be read, though it is the API's own: the write was done.
fn is_flawed(run: &Run) -> bool {
    let own = |flaw: &Flaw| !matches!(flaw, Flaw::Foreign(_));
    run.came
        .as_ref()
        .is_ok_and(|answer| answer.is_success() && answer.flaw.as_ref().is_some_and(own))
}

fn kind(answer: &Response) -> ErrorKind {
    match answer.status {
        200..=299 => match answer.flaw {
            Some(Flaw::TooLarge(_)) => ErrorKind::ResponseTooLarge,
            _ => ErrorKind::BadAnswer,
        },
        300..=399 => ErrorKind::UnexpectedRedirect,
        // Any refusal of the key, in whatever words: R6.
        401 => ErrorKind::Api,
        429 => ErrorKind::RateLimited,
        _ if answer.errors().is_some() => ErrorKind::Api,
        _ => ErrorKind::BadAnswer,
    }
}

/// What came, as a sentence.
fn came_to(came: &Received) -> String {
    let answer = match came {
        Ok(answer) => answer,
        Err(error) => return error.to_string(),
    };
    let status = answer.status;
    match (status, &answer.flaw) {
        (300..=399, _) => {
            format!("the server responded with {status}, a redirect, which is never followed")
        }
        (_, Some(flaw)) => format!("the server responded with {status}, but {flaw}"),
        _ if answer.is_success() => format!("the server responded with {status}"),
        _ if answer.body.trim_ascii().is_empty() => {
            format!("the server responded with {status} and an empty body")
        }
        _ => match answer.errors() {
            Some(body) => {
                let codes = body
                    .errors
                    .iter()
                    .take(MOST_ERRORS)
                    .map(|error| error.code.as_str());
                let codes: Vec<&str> = codes.filter(|code| !code.is_empty()).collect();
                format!("the API responded with {status} ({})", codes.join(", "))
            }
            None => {
                format!("the server responded with {status} and something that is not an API error")
            }
        },
    }
}

/// An error object whose texts have a bounded length.
fn short(error: ApiError) -> ApiError {
    let cut = |text: String| excerpt(text.as_bytes());
    ApiError {
        code: cut(error.code),
        message: cut(error.message),
        long_message: error.long_message.map(cut),
        meta: error.meta.filter(|meta| meta.get().len() <= MOST_TEXT),
    }
}

//! What went wrong, complete: what was tried, why it failed, what to do next, whether anything was sent.
//!
//! A problem says what kind it is. The program that shows it decides the exit code and which command helps.

mod report;

use std::fmt;

use clerk_api::{ApiError, ErrorKind, Sent};
use serde::Serialize;
use serde_json::Value;

use crate::text::redact::redact;
use crate::text::secrets::Secrets;

/// The result of anything that can fail with a problem.
pub type Outcome<T> = Result<T, Box<Problem>>;

/// The kinds of problems, by what they mean for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// Failed, not otherwise listed.
    Failed,
    /// Arguments, input or configuration are wrong; nothing was sent.
    Usage,
    /// Some rows failed or were rejected.
    Partly,
    /// The key is missing, refused or revoked.
    Key,
    /// The named object does not exist.
    Absent,
    /// The API rejected the request.
    Rejected,
    /// It was not confirmed, or a guard refused; nothing was sent.
    Refused,
    /// It may have been done or not.
    Unknown,
    /// The plan, its input or the instance changed.
    Changed,
    /// Another process holds the lock.
    Locked,
    /// Something on this machine could not be read or written.
    Io,
    /// The reader of the output closed it, which is not an error.
    Closed,
    /// A rate limit or an outage: the same may work later.
    Later,
    /// Somebody asked for the end.
    Interrupted(Interruption),
}

/// How somebody asks for the end of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// The person who started it.
    Interrupt,
    /// Another program.
    Terminate,
    /// The terminal closed.
    Hangup,
}

impl ProblemKind {
    /// The kind to report if several rows failed; an unknown outcome comes first.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |kind: Self| match kind {
            Self::Unknown => 0,
            Self::Io => 1,
            Self::Key => 2,
            Self::Later => 3,
            Self::Changed => 4,
            Self::Partly => 5,
            _ => 6,
        };
        if rank(other) < rank(self) {
            other
        } else {
            self
        }
    }
}

/// A problem.
#[derive(Debug)]
pub struct Problem {
    /// What kind it is.
    pub kind: ProblemKind,
    /// A stable word for programs.
    pub code: &'static str,
    /// What was tried and failed, lower case, without a full stop.
    pub message: String,
    /// Why, one sentence each.
    pub causes: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
    /// Whether the request of the work itself went out.
    pub sent: Sent,
    /// The HTTP status, if there was a response.
    pub http: Option<u16>,
    /// The API's own errors.
    pub errors: Vec<ApiError>,
    /// Clerk's trace id, for its support.
    pub trace_id: Option<String>,
    /// How many seconds the API asks to wait.
    pub retry_after_s: Option<f64>,
    /// The beginning of a response that no API sends, not yet redacted.
    pub body: Option<String>,
    /// The row of the input that failed, in work on many.
    pub row: Option<Row>,
    /// What became of all rows, in work on many.
    pub rows: Option<Counts>,
    /// The ids in responses to writes that could not be shown.
    pub ids: Vec<String>,
    /// What a name could mean that fits several objects.
    pub candidates: Vec<Value>,
    /// The failed call, where it was one.
    pub source: Option<Box<clerk_api::Error>>,
}

/// The results of the rows of a job; they add up to the total.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All rows.
    pub total: usize,
    /// Rows that were done.
    pub done: usize,
    /// Rows that failed.
    pub failed: usize,
    /// Rows that were not tried.
    pub not_tried: usize,
    /// Rows that were sent and may be done or not.
    pub unknown: usize,
}

/// Which of many targets a problem belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its number, from 1; the line where the targets came from a file.
    pub number: usize,
    /// The target as it was given.
    pub target: String,
}

impl Problem {
    /// A problem with a message and no further facts yet.
    pub fn new(kind: ProblemKind, code: &'static str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind,
            code,
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
            sent: Sent::No,
            http: None,
            errors: Vec::new(),
            trace_id: None,
            retry_after_s: None,
            body: None,
            row: None,
            rows: None,
            ids: Vec::new(),
            candidates: Vec::new(),
            source: None,
        })
    }

    /// Wrong arguments or input; nothing was sent.
    pub fn usage(message: impl Into<String>) -> Box<Self> {
        Self::new(ProblemKind::Usage, "usage", message)
    }

    /// Wrong configuration; nothing was sent.
    pub fn config(message: impl Into<String>) -> Box<Self> {
        Self::new(ProblemKind::Usage, "config", message)
    }

    /// Not confirmed, or a guard said no; nothing was sent.
    pub fn refused(message: impl Into<String>) -> Box<Self> {
        Self::new(ProblemKind::Refused, "refused", message)
    }

    /// Something on this machine could not be read or written.
    pub fn io(message: impl Into<String>, error: &impl fmt::Display) -> Box<Self> {
        Self::new(ProblemKind::Io, "io", message).cause(error.to_string())
    }

    /// The output could not be written. That its reader went away is nobody's error.
    #[must_use]
    pub fn output(error: &std::io::Error) -> Box<Self> {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(
                ProblemKind::Closed,
                "pipe",
                "the reader of the output closed it",
            );
        }
        Self::io("cannot write the output", error)
    }

    /// Adds a reason.
    #[must_use]
    pub fn cause(mut self: Box<Self>, cause: impl Into<String>) -> Box<Self> {
        self.causes.push(cause.into());
        self
    }

    /// Adds a thing to do next.
    #[must_use]
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hints.push(hint.into());
        self
    }

    /// The problem of a failed call; `tried` is such as `cannot update user user_2x`. Whether the work's own request went
    /// out is another question, which `Sending` answers.
    #[must_use]
    pub fn of_call(tried: &str, error: clerk_api::Error) -> Box<Self> {
        let (kind, code) = judge(&error);
        let mut problem = Self::new(kind, code, format!("{tried}: {error}"));
        problem.http = error.status;
        problem.trace_id.clone_from(&error.trace_id);
        problem.retry_after_s = error.retry_after.map(|wait| wait.as_secs_f64());
        problem.errors.clone_from(&error.errors);
        problem.body.clone_from(&error.body);
        problem.source = Some(Box::new(error));
        problem
    }

    /// Why it failed. What a response begins with is redacted before it is cut: half a secret is not recognized.
    #[must_use]
    pub fn causes(&self, secrets: &Secrets) -> Vec<String> {
        let mut causes = self.causes.clone();
        if let Some(body) = &self.body {
            let shown = redact(body, secrets);
            let start: String = shown.chars().take(200).collect();
            causes.push(format!("the response begins: {start}"));
        }
        causes
    }

    /// The facts of the API's response in one line, where there was one.
    #[must_use]
    pub fn facts(&self) -> Option<String> {
        let mut facts = Vec::new();
        if let Some(status) = self.http {
            facts.push(format!("HTTP {status}"));
        }
        for error in &self.errors {
            facts.push(error.code.clone());
        }
        if let Some(trace) = &self.trace_id {
            facts.push(format!("trace {trace}"));
        }
        (!facts.is_empty()).then(|| facts.join(", "))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// The kind and the word of a failed call.
fn judge(error: &clerk_api::Error) -> (ProblemKind, &'static str) {
    match error.kind {
        ErrorKind::Argument => (ProblemKind::Usage, "usage"),
        ErrorKind::Host => (ProblemKind::Usage, "host_refused"),
        ErrorKind::Connect => (ProblemKind::Later, "connect"),
        ErrorKind::CertificateUntrusted => (ProblemKind::Failed, "certificate_untrusted"),
        ErrorKind::ProxyAuth => (ProblemKind::Failed, "proxy_auth"),
        ErrorKind::Timeout => (ProblemKind::Later, "timeout"),
        ErrorKind::Transport => (ProblemKind::Later, "transport"),
        ErrorKind::RateLimited => (ProblemKind::Later, "rate_limited"),
        ErrorKind::UnexpectedRedirect => (ProblemKind::Failed, "unexpected_redirect"),
        ErrorKind::ResponseTooLarge => (ProblemKind::Failed, "response_too_large"),
        ErrorKind::OutcomeUnknown => (ProblemKind::Unknown, "outcome_unknown"),
        ErrorKind::Conflict => (ProblemKind::Rejected, "conflict"),
        ErrorKind::BadAnswer if error.status.is_some_and(|status| status >= 500) => {
            (ProblemKind::Later, "bad_answer")
        }
        ErrorKind::BadAnswer => (ProblemKind::Failed, "bad_answer"),
        _ => match error.status {
            Some(401) => (ProblemKind::Key, "unauthorized"),
            Some(404) => (ProblemKind::Absent, "not_found"),
            Some(429) => (ProblemKind::Later, "rate_limited"),
            Some(500..) => (ProblemKind::Later, "server_error"),
            Some(_) => (ProblemKind::Rejected, "rejected"),
            None => (ProblemKind::Failed, "failed"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_5_the_worst_kind_wins() {
        let order = [
            ProblemKind::Unknown,
            ProblemKind::Io,
            ProblemKind::Key,
            ProblemKind::Later,
            ProblemKind::Changed,
            ProblemKind::Partly,
            ProblemKind::Rejected,
        ];
        for pair in order.windows(2) {
            assert_eq!(pair[1].worse(pair[0]), pair[0]);
            assert_eq!(pair[0].worse(pair[1]), pair[0]);
        }
    }
}

//! What went wrong: one report, shown to people as a sentence with hints and to programs as one JSON object.

use std::fmt;

use clerk_api::{ApiError, ErrorKind, Sent};
use serde::Serialize;
use serde_json::Value;

use crate::exit::Exit;
use crate::hints;
use clerk_api_admin::text::redact::{redact, redact_value};
use clerk_api_admin::text::secrets::Secrets;

/// The result of anything that can fail with a report.
pub(crate) type Outcome<T> = Result<T, Box<Failure>>;

/// A failure, complete: what was tried, why it failed, what to do next, how the process ends.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// A stable word for programs.
    pub(crate) code: &'static str,
    /// What was tried and failed, lower case, without a full stop.
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hints: Vec<String>,
    pub(crate) sent: Sent,
    pub(crate) http: Option<u16>,
    pub(crate) errors: Vec<ApiError>,
    pub(crate) trace_id: Option<String>,
    pub(crate) retry_after_s: Option<f64>,
    /// The beginning of an answer that no API sends, not yet redacted.
    pub(crate) body: Option<String>,
    /// The row of the input that failed, in jobs of many.
    pub(crate) row: Option<Row>,
    /// What became of all rows, in jobs of many.
    pub(crate) rows: Option<Counts>,
    /// The ids in answers to writes that could not be shown.
    pub(crate) ids: Vec<String>,
}

/// What became of the rows of a job; together they are the total.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(crate) struct Counts {
    pub(crate) total: usize,
    pub(crate) done: usize,
    pub(crate) failed: usize,
    /// Gone already, where that is what was asked for.
    pub(crate) absent: usize,
    pub(crate) not_tried: usize,
    /// Sent, and perhaps done.
    pub(crate) unknown: usize,
}

/// Which of many targets a failure belongs to.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// Its number, from 1; the line where the targets came from a file.
    pub(crate) number: usize,
    /// The target as it was given.
    pub(crate) target: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, code: &'static str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            exit,
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
        })
    }

    /// Wrong arguments or input; nothing was sent.
    pub(crate) fn usage(message: impl Into<String>) -> Box<Self> {
        Self::new(Exit::Usage, "usage", message)
    }

    /// Wrong configuration; nothing was sent.
    pub(crate) fn config(message: impl Into<String>) -> Box<Self> {
        Self::new(Exit::Usage, "config", message)
    }

    /// Not confirmed, or a guard said no; nothing was sent.
    pub(crate) fn refused(message: impl Into<String>) -> Box<Self> {
        Self::new(Exit::Refused, "refused", message)
    }

    /// Something on this machine could not be read or written.
    pub(crate) fn io(message: impl Into<String>, error: &impl fmt::Display) -> Box<Self> {
        Self::new(Exit::Io, "io", message).cause(error.to_string())
    }

    /// The reader of the output went away, which is nobody's error.
    pub(crate) fn output(error: &std::io::Error) -> Box<Self> {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Pipe, "pipe", "the reader of the output went away");
        }
        Self::io("cannot write the output", error)
    }

    pub(crate) fn cause(mut self: Box<Self>, cause: impl Into<String>) -> Box<Self> {
        self.causes.push(cause.into());
        self
    }

    pub(crate) fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hints.push(hint.into());
        self
    }

    /// The report of a failed call; `tried` is such as `cannot update user user_2x`. Whether the command's own request went
    /// out is another question, which `Sending` answers.
    pub(crate) fn of_call(tried: &str, error: clerk_api::Error) -> Box<Self> {
        let (exit, code) = judge(&error);
        let mut failure = Self::new(exit, code, format!("{tried}: {error}"));
        failure.hints = hints::of(&error);
        failure.http = error.status;
        failure.trace_id = error.trace_id;
        failure.retry_after_s = error.retry_after.map(|wait| wait.as_secs_f64());
        failure.errors = error.errors;
        failure.body = error.body;
        failure
    }

    /// The one JSON object for programs (reliability.md section 5).
    pub(crate) fn json(&self, secrets: &Secrets) -> Value {
        let shape = Shape {
            code: self.code,
            exit: self.exit.code(),
            message: &self.whole_message(secrets),
            hint: (!self.hints.is_empty()).then(|| self.hints.join("; ")),
            http: self.http,
            clerk_code: self.errors.first().map(|error| error.code.as_str()),
            errors: self.errors.iter().map(readable).collect(),
            trace_id: self.trace_id.as_deref(),
            retry_after_s: self.retry_after_s,
            sent: self.sent,
            row: self.row.as_ref(),
            rows: self.rows,
            ids: &self.ids,
        };
        let mut value = serde_json::to_value(&shape).unwrap_or_default();
        redact_value(&mut value, secrets);
        value
    }

    fn whole_message(&self, secrets: &Secrets) -> String {
        let mut message = self.message.clone();
        for cause in self.causes(secrets) {
            message.push_str(": ");
            message.push_str(&cause);
        }
        message
    }

    /// Why it failed. What an answer begins with is redacted before it is cut: half a secret is not recognized.
    pub(crate) fn causes(&self, secrets: &Secrets) -> Vec<String> {
        let mut causes = self.causes.clone();
        if let Some(body) = &self.body {
            let shown = redact(body, secrets);
            let start: String = shown.chars().take(200).collect();
            causes.push(format!("the answer begins: {start}"));
        }
        causes
    }

    /// The facts of the API's answer in one line, where there was one.
    pub(crate) fn facts(&self) -> Option<String> {
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

#[derive(Serialize)]
struct Shape<'a> {
    code: &'a str,
    exit: u8,
    message: &'a str,
    hint: Option<String>,
    http: Option<u16>,
    clerk_code: Option<&'a str>,
    errors: Vec<Value>,
    trace_id: Option<&'a str>,
    retry_after_s: Option<f64>,
    sent: Sent,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'a Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Counts>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ids: &'a [String],
}

/// One error of the API. Details that cannot be read as values, such as too deep ones, are their text.
fn readable(error: &ApiError) -> Value {
    serde_json::to_value(error).unwrap_or_else(|_| {
        let mut error = error.clone();
        let meta = error.meta.take();
        let mut value = serde_json::to_value(&error).unwrap_or_default();
        value["meta"] = meta.map_or(Value::Null, |meta| meta.get().into());
        value
    })
}

/// The exit code and the word of a failed call.
fn judge(error: &clerk_api::Error) -> (Exit, &'static str) {
    match error.kind {
        ErrorKind::Argument => (Exit::Usage, "usage"),
        ErrorKind::Host => (Exit::Usage, "host_refused"),
        ErrorKind::Connect => (Exit::Later, "connect"),
        ErrorKind::CertificateUntrusted => (Exit::Failed, "certificate_untrusted"),
        ErrorKind::ProxyAuth => (Exit::Failed, "proxy_auth"),
        ErrorKind::Timeout => (Exit::Later, "timeout"),
        ErrorKind::Transport => (Exit::Later, "transport"),
        ErrorKind::RateLimited => (Exit::Later, "rate_limited"),
        ErrorKind::UnexpectedRedirect => (Exit::Failed, "unexpected_redirect"),
        ErrorKind::ResponseTooLarge => (Exit::Failed, "response_too_large"),
        ErrorKind::OutcomeUnknown => (Exit::Unknown, "outcome_unknown"),
        ErrorKind::Conflict => (Exit::Rejected, "conflict"),
        ErrorKind::BadAnswer if error.status.is_some_and(|status| status >= 500) => {
            (Exit::Later, "bad_answer")
        }
        ErrorKind::BadAnswer => (Exit::Failed, "bad_answer"),
        _ => match error.status {
            Some(401) => (Exit::Key, "unauthorized"),
            Some(404) => (Exit::Absent, "not_found"),
            Some(429) => (Exit::Later, "rate_limited"),
            Some(500..) => (Exit::Later, "server_error"),
            Some(_) => (Exit::Rejected, "rejected"),
            None => (Exit::Failed, "failed"),
        },
    }
}

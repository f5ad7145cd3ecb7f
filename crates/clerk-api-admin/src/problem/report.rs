//! A problem as one JSON object for programs (reliability.md section 5).

use clerk_api::{ApiError, Sent};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Counts, Problem, Row};
use crate::text::redact::redact_value;
use crate::text::secrets::Secrets;

#[derive(Serialize)]
struct Shape<'a> {
    code: &'a str,
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
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    candidates: &'a [Value],
}

impl Problem {
    /// The members of its report, redacted. `hints` are all that the face has to say, the problem's own among them.
    #[must_use]
    pub fn report(&self, hints: &[String], secrets: &Secrets) -> Map<String, Value> {
        let shape = Shape {
            code: self.code,
            message: &self.whole_message(secrets),
            hint: (!hints.is_empty()).then(|| hints.join("; ")),
            http: self.http,
            clerk_code: self.errors.first().map(|error| error.code.as_str()),
            errors: self.errors.iter().map(readable).collect(),
            trace_id: self.trace_id.as_deref(),
            retry_after_s: self.retry_after_s,
            sent: self.sent,
            row: self.row.as_ref(),
            rows: self.rows,
            ids: &self.ids,
            candidates: &self.candidates,
        };
        let mut value = serde_json::to_value(&shape).unwrap_or_default();
        redact_value(&mut value, secrets);
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn whole_message(&self, secrets: &Secrets) -> String {
        let mut message = self.message.clone();
        for cause in self.causes(secrets) {
            message.push_str(": ");
            message.push_str(&cause);
        }
        message
    }
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

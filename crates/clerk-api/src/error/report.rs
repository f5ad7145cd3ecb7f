//! A failure that can be written down and read back: for plans, journals and the state of other programs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ApiError, Error, ErrorKind, Sent};

/// Everything in an [`Error`], as data.
///
/// Its JSON is stable: members are added, and never renamed or given another meaning. Reading ignores members that it does
/// not know, and members that are absent have the value of nothing.
///
/// ```
/// use clerk_api::ErrorReport;
///
/// let line = r#"{"kind":"timeout","op":"users.list","sent":"unknown","message":"no response within 30 s"}"#;
/// let report: ErrorReport = serde_json::from_str(line)?;
/// assert_eq!(report.status, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorReport {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The operation's name, such as "users.update".
    pub op: String,
    /// Whether the request went out.
    pub sent: Sent,
    /// The HTTP status, if there was a response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The API's error objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ApiError>,
    /// Clerk's trace id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// How long the API asks to wait, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// How often the request was sent.
    #[serde(default)]
    pub attempts: u32,
    /// The error as one line of text.
    pub message: String,
    /// The response's text, if it is not one that the API sends; at most 2 kB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl Error {
    /// The error as data that can be written down.
    ///
    /// The source is in its message.
    #[must_use]
    pub fn report(&self) -> ErrorReport {
        let millis = |wait: Duration| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        ErrorReport {
            kind: self.kind,
            op: self.op.to_owned(),
            sent: self.sent,
            status: self.status,
            errors: self.errors.clone(),
            trace_id: self.trace_id.clone(),
            retry_after_ms: self.retry_after.map(millis),
            attempts: self.attempts,
            message: self.to_string(),
            body: self.body.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_stable_form_and_is_read_back() {
        let mut error = Error::new(
            ErrorKind::OutcomeUnknown,
            "users.create",
            Sent::Unknown,
            "it is not known whether this was done",
        );
        error.status = Some(503);
        error.errors = vec![ApiError::new("internal_error", "Oops")];
        error.retry_after = Some(Duration::from_millis(1500));
        error.attempts = 2;
        let json = serde_json::to_string(&error.report()).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"outcome_unknown","op":"users.create","sent":"unknown","status":503,"errors":[{"code":"internal_error","message":"Oops"}],"retry_after_ms":1500,"attempts":2,"message":"it is not known whether this was done; the API says: Oops"}"#
        );
        let back: ErrorReport = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), json);
        assert_eq!(back.kind, ErrorKind::OutcomeUnknown);
        assert_eq!(back.sent, Sent::Unknown);
    }

    #[test]
    fn a_report_of_a_later_version_is_read() {
        let line = r#"{"kind":"api","op":"users.get","sent":"yes","message":"x","later":{"a":1}}"#;
        let report: ErrorReport = serde_json::from_str(line).unwrap();
        assert_eq!((report.attempts, report.errors.len()), (0, 0));
    }
}

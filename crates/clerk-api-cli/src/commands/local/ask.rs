//! Requests to the server that runs for an instance.

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use serde_json::Value;

use crate::local::{Instance, Running};

/// A request to the control API.
pub(super) struct Ask {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

pub(super) fn ask(method: &'static str, path: impl Into<String>, body: Option<Value>) -> Ask {
    Ask {
        method,
        path: path.into(),
        body,
    }
}

/// The server that runs for an instance.
pub(super) fn running(instance: &Instance) -> Outcome<Running> {
    Running::find(instance)?.ok_or_else(|| {
        Problem::new(
            ProblemKind::Failed,
            "not_running",
            "no server is running for this local instance",
        )
        .hint("start one with `clerk-api local serve`")
    })
}

/// Writes a text so that it is one part of a path or a query.
pub(super) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

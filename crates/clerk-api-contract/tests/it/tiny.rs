//! The small specification, and exchanges with it that are right until a test spoils them.

use clerk_api_contract::{Body, Exchange, Judge, Spec, Verdict};

/// The text of the small specification.
pub(crate) const TEXT: &str = include_str!("tiny.yml");

pub(crate) const CAT: &str = r#"{"id":"an_1","name":"Tom","kind":"cat","legs":4,"home":null}"#;
pub(crate) const TRACE: &str = "0123456789abcdef0123456789abcdef";

/// Returns a judge by the small specification.
pub(crate) fn judge() -> Judge {
    Judge::new(Spec::parse(TEXT).expect("tiny.yml is a specification"))
}

/// Returns an exchange whose headers are as they should be.
pub(crate) fn exchange(method: &str, target: &str, status: u16, answer: &str) -> Exchange {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut exchange = Exchange::new(method, &format!("/v1{path}"), query, status);
    exchange.response_body = Body::from(answer);
    for (name, value) in [
        ("content-type", "application/json"),
        ("clerk-api-version", "2026-05-12"),
        ("x-clerk-trace-id", TRACE),
    ] {
        exchange
            .response_headers
            .insert(name.to_owned(), value.to_owned());
    }
    exchange
}

/// Returns an exchange with a JSON body sent.
pub(crate) fn sending(method: &str, target: &str, body: &str, answer: &str) -> Exchange {
    let mut exchange = exchange(method, target, 200, answer);
    exchange.request_body = Body::from(body);
    exchange
        .request_headers
        .insert("content-type".to_owned(), "application/json".to_owned());
    exchange
}

/// Returns the violations as `place pointer: rule`, the rule by its last name.
pub(crate) fn told(verdict: &Verdict) -> Vec<String> {
    let tell = |violation: &clerk_api_contract::Violation| {
        let rule = violation.rule.rsplit('/').next().unwrap_or_default();
        format!("{} {}: {rule}", violation.place, violation.pointer)
    };
    verdict.violations.iter().map(tell).collect()
}

/// Judges by the small specification and returns the violations.
pub(crate) fn violations(exchange: &Exchange) -> Vec<String> {
    told(&judge().judge(exchange))
}

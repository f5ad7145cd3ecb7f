//! The response half: status, headers and body against the operation's declaration.

use serde_json::{Value, json};

use crate::deviations::{ANSWERS, Deviation};
use crate::dialect::Direction;
use crate::exchange::Exchange;
use crate::operation::{Operation, Payload};
use crate::query;
use crate::request::JSON;
use crate::spec::Spec;
use crate::verdict::{Side, Verdict, Violation};

const ERRORS: &str = "/components/schemas/ClerkErrors";
const VERSION: &str = "clerk-api-version";
const TRACE: &str = "x-clerk-trace-id";

/// Judges what came back; without an operation only an error can be right.
pub(crate) fn judge(
    spec: &Spec,
    operation: Option<&Operation>,
    asked_version: Option<&str>,
    exchange: &Exchange,
    verdict: &mut Verdict,
) {
    let body = match exchange.response_body.bytes() {
        Ok(body) => body,
        Err(error) => return verdict.add(Side::Answer, "body", "recording", error.to_string()),
    };
    let media = header(exchange, "content-type");
    if exchange.status >= 500 && !media.starts_with(JSON) {
        // A proxy in front of the API responds like this; it is not specified.
        return;
    }
    verdict.answer_judged = true;
    judge_headers(exchange, asked_version, verdict);
    if exchange.status >= 400 {
        let declared = operation.and_then(|operation| declared(operation, exchange.status));
        return judge_error(spec, declared, &body, exchange, verdict);
    }
    let Some(operation) = operation else {
        let reason = format!("{} for a path that is not specified", exchange.status);
        return verdict.add(Side::Answer, "status", "unknown-operation", reason);
    };
    match declared(operation, exchange.status) {
        Some(payload) => judge_success(spec, operation, payload, &body, exchange, verdict),
        None => {
            let known: Vec<&str> = operation.answers.keys().map(String::as_str).collect();
            let reason = format!("{} is not one of {}", exchange.status, known.join(", "));
            verdict.add(Side::Answer, "status", "undeclared-status", reason);
        }
    }
}

fn declared(operation: &Operation, status: u16) -> Option<&Payload> {
    let answers = &operation.answers;
    let class = format!("{}XX", status / 100);
    answers
        .get(&status.to_string())
        .or_else(|| answers.get(&class))
        .or_else(|| answers.get("default"))
}

fn judge_headers(exchange: &Exchange, asked_version: Option<&str>, verdict: &mut Verdict) {
    for name in [VERSION, TRACE] {
        if header(exchange, name).is_empty() {
            let reason = "the header is missing or empty".to_owned();
            verdict.add(
                Side::Answer,
                &format!("header {name}"),
                "required-header",
                reason,
            );
        }
    }
    let used = header(exchange, VERSION);
    if let Some(asked) = asked_version
        && exchange.status < 400
        && !used.is_empty()
        && used != asked
    {
        let reason = format!("`{asked}` was asked for and `{used}` was used");
        verdict.add(
            Side::Answer,
            &format!("header {VERSION}"),
            "version",
            reason,
        );
    }
}

fn judge_success(
    spec: &Spec,
    operation: &Operation,
    payload: &Payload,
    body: &[u8],
    exchange: &Exchange,
    verdict: &mut Verdict,
) {
    if payload.content.is_empty() {
        if !body.is_empty() {
            let reason = format!("a body comes with {}, which has none", exchange.status);
            verdict.add(Side::Answer, "body", "undeclared-body", reason);
        }
        return;
    }
    let media = header(exchange, "content-type");
    let Some((_, schema)) = payload.content.iter().find(|(name, _)| name == media) else {
        let known: Vec<&str> = payload
            .content
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        return wrong_media(media, &known.join(", "), verdict);
    };
    let Some(schema) = schema else { return };
    let Some(mut value) = json_body(body, verdict) else {
        return;
    };
    let envelope = ANSWERS.iter().find(|entry| {
        let (name, wanted) = entry.asked_by;
        let asked = || query::pairs(&exchange.query);
        entry.operation == operation.id
            && value.is_object()
            && asked()
                .iter()
                .any(|(key, value)| key == name && value == wanted)
    });
    if let Some(entry) = envelope {
        verdict.used.insert(Deviation::Answer(entry));
        let count = value.get("total_count");
        if !count.is_some_and(Value::is_u64)
            || value.as_object().map(serde_json::Map::len) != Some(2)
        {
            let reason = "an envelope holds data and total_count, a whole number".to_owned();
            verdict.add(Side::Answer, "body", "envelope", reason);
        }
        value = value["data"].take();
        return check(spec, schema, &value, "/data", verdict);
    }
    check(spec, schema, &value, "", verdict);
}

fn judge_error(
    spec: &Spec,
    declared: Option<&Payload>,
    body: &[u8],
    exchange: &Exchange,
    verdict: &mut Verdict,
) {
    let bare = declared.is_some_and(|payload| payload.content.is_empty());
    if body.is_empty() && bare {
        return;
    }
    let media = header(exchange, "content-type");
    if media != JSON {
        return wrong_media(media, JSON, verdict);
    }
    let Some(value) = json_body(body, verdict) else {
        return;
    };
    let own = declared.and_then(|payload| payload.content.iter().find(|(name, _)| name == JSON));
    let schema = own
        .and_then(|(_, schema)| schema.as_deref())
        .unwrap_or(ERRORS);
    check(spec, schema, &value, "", verdict);
    judge_trace(spec, schema, &value, header(exchange, TRACE), verdict);
}

/// The trace id of the body is the header's; only answers with another schema may lack it.
fn judge_trace(spec: &Spec, schema: &str, value: &Value, header: &str, verdict: &mut Verdict) {
    let standard = spec.follow(schema).is_some_and(|(at, _)| at == ERRORS);
    let wrong = match value.get("clerk_trace_id") {
        None if standard => "clerk_trace_id is missing".to_owned(),
        Some(id) if *id != json!(header) => {
            format!("clerk_trace_id is {id} and the header {TRACE} is `{header}`")
        }
        _ => return,
    };
    verdict.add(Side::Answer, "body", "trace-id", wrong);
}

fn wrong_media(media: &str, known: &str, verdict: &mut Verdict) {
    let reason = format!("`{media}` is not exactly {known}");
    verdict.add(Side::Answer, "header content-type", "content-type", reason);
}

fn json_body(body: &[u8], verdict: &mut Verdict) -> Option<Value> {
    match serde_json::from_slice(body) {
        Ok(value) => Some(value),
        Err(error) => {
            verdict.add(
                Side::Answer,
                "body",
                "json",
                format!("it is not JSON: {error}"),
            );
            None
        }
    }
}

fn check(spec: &Spec, schema: &str, value: &Value, prefix: &str, verdict: &mut Verdict) {
    match spec.check(schema, Direction::Answer, value) {
        Ok(findings) => {
            verdict.used.extend(findings.used);
            verdict
                .violations
                .extend(findings.flaws.into_iter().map(|flaw| Violation {
                    side: Side::Answer,
                    place: "body".to_owned(),
                    pointer: format!("{prefix}{}", flaw.pointer),
                    rule: flaw.rule,
                    reason: flaw.reason,
                }));
        }
        Err(reason) => verdict.add(Side::Answer, "body", "specification", reason),
    }
}

fn header<'a>(exchange: &'a Exchange, name: &str) -> &'a str {
    exchange
        .response_headers
        .get(name)
        .map_or("", String::as_str)
}

//! The request half: parameters and body against the operation's declaration.

use serde_json::{Value, json};

use crate::deviations::{Deviation, QUERIES};
use crate::dialect::Direction;
use crate::exchange::Exchange;
use crate::operation::{Operation, Param, Payload, Place};
use crate::schemas::step;
use crate::spec::Spec;
use crate::verdict::{Side, Verdict, Violation};
use crate::{multipart, query};

pub(crate) const JSON: &str = "application/json";

/// Judges what was sent to a known operation.
pub(crate) fn judge(
    spec: &Spec,
    operation: &Operation,
    path: &[(&str, String)],
    exchange: &Exchange,
    verdict: &mut Verdict,
) {
    verdict.request_judged = true;
    for param in operation
        .params
        .iter()
        .filter(|param| param.place == Place::Path)
    {
        if let Some((name, text)) = path.iter().find(|(name, _)| *name == param.name) {
            let value = query::typed(&query::decode(text), kind(spec, &param.schema).as_deref());
            check(
                spec,
                &param.schema,
                &value,
                &format!("path {name}"),
                verdict,
            );
        }
    }
    judge_query(spec, operation, &exchange.query, verdict);
    judge_body(spec, operation, exchange, verdict);
}

fn judge_query(spec: &Spec, operation: &Operation, raw: &str, verdict: &mut Verdict) {
    let pairs = query::pairs(raw);
    let declared = || {
        operation
            .params
            .iter()
            .filter(|param| param.place == Place::Query)
    };
    for (name, _) in &pairs {
        if declared().any(|param| param.name == *name) {
            continue;
        }
        let excuse = QUERIES.iter().find(|entry| {
            entry.parameter == name && (entry.operation == "*" || entry.operation == operation.id)
        });
        match excuse {
            Some(entry) => {
                verdict.used.insert(Deviation::Query(entry));
            }
            None => {
                let reason = format!("`{name}` is not a parameter of this operation");
                verdict.add(
                    Side::Request,
                    &format!("query {name}"),
                    "unknown-parameter",
                    reason,
                );
            }
        }
    }
    for param in declared() {
        let values = pairs.iter().filter(|(name, _)| *name == param.name);
        let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
        judge_parameter(spec, param, &values, verdict);
    }
}

fn judge_parameter(spec: &Spec, param: &Param, values: &[&str], verdict: &mut Verdict) {
    if values.is_empty() && !param.required {
        return;
    }
    let place = format!("query {}", param.name);
    let kind_of = |schema: &str| kind(spec, schema);
    let value = match (kind_of(&param.schema).as_deref(), values) {
        (_, []) => {
            verdict.add(
                Side::Request,
                &place,
                "required-parameter",
                "it is required".to_owned(),
            );
            return;
        }
        (_, [""]) if param.allow_empty => return,
        (Some("array"), values) => {
            let items = kind_of(&items(spec, &param.schema));
            let typed = |text: &str| query::typed(text, items.as_deref());
            if param.explode {
                values.iter().copied().map(typed).collect()
            } else {
                values
                    .iter()
                    .flat_map(|text| text.split(','))
                    .map(typed)
                    .collect()
            }
        }
        (kind, [text]) => query::typed(text, kind),
        (_, values) => {
            let reason = format!("it is given {} times and takes one value", values.len());
            verdict.add(Side::Request, &place, "repeated-parameter", reason);
            return;
        }
    };
    check(spec, &param.schema, &value, &place, verdict);
}

fn judge_body(spec: &Spec, operation: &Operation, exchange: &Exchange, verdict: &mut Verdict) {
    let bytes = match exchange.request_body.bytes() {
        Ok(bytes) => bytes,
        Err(error) => return verdict.add(Side::Request, "body", "recording", error.to_string()),
    };
    // Official clients write the absence of parameters as nothing or as `null`.
    let absent = bytes.is_empty() || bytes.trim_ascii() == b"null";
    let declared = match &operation.body {
        Some(declared) => declared,
        None if absent => return,
        None => {
            let reason = "a body is sent and the operation takes none".to_owned();
            return verdict.add(Side::Request, "body", "undeclared-body", reason);
        }
    };
    if absent && !declared.required {
        return;
    }
    if bytes.is_empty() {
        return verdict.add(
            Side::Request,
            "body",
            "required-body",
            "it is required".to_owned(),
        );
    }
    judge_content(spec, declared, &bytes, exchange, verdict);
}

fn judge_content(
    spec: &Spec,
    declared: &Payload,
    bytes: &[u8],
    exchange: &Exchange,
    verdict: &mut Verdict,
) {
    let sent = exchange
        .request_headers
        .get("content-type")
        .map_or("", String::as_str);
    let media = sent
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let Some((_, schema)) = declared.content.iter().find(|(name, _)| *name == media) else {
        let known: Vec<&str> = declared
            .content
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let reason = format!("`{sent}` is not one of {}", known.join(", "));
        return verdict.add(Side::Request, "header content-type", "content-type", reason);
    };
    let Some(schema) = schema else { return };
    if media == JSON {
        match serde_json::from_slice(bytes) {
            Ok(value) => check(spec, schema, &value, "body", verdict),
            Err(error) => verdict.add(
                Side::Request,
                "body",
                "json",
                format!("it is not JSON: {error}"),
            ),
        }
    } else if media == "multipart/form-data" {
        match multipart::part_names(sent, bytes) {
            Ok(names) => judge_parts(spec, schema, &names, verdict),
            Err(reason) => verdict.add(Side::Request, "body", "multipart", reason),
        }
    }
}

/// Of a form only the names are judged: all required ones there, no unknown ones.
fn judge_parts(spec: &Spec, schema: &str, names: &[String], verdict: &mut Verdict) {
    let schema = spec.pointer(schema).cloned().unwrap_or_default();
    let known = |name: &String| {
        schema
            .get("properties")
            .is_some_and(|known| known.get(name).is_some())
    };
    for name in names.iter().filter(|name| !known(name)) {
        let reason = format!("`{name}` is not a part of this form");
        verdict.add(Side::Request, "body", "unknown-part", reason);
    }
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten() {
        if !names.iter().any(|sent| *name == json!(sent)) {
            verdict.add(
                Side::Request,
                "body",
                "required-part",
                format!("the part {name} is required"),
            );
        }
    }
}

fn check(spec: &Spec, schema: &str, value: &Value, place: &str, verdict: &mut Verdict) {
    match spec.check(schema, Direction::Request, value) {
        Ok(findings) => verdict
            .violations
            .extend(findings.flaws.into_iter().map(|flaw| Violation {
                side: Side::Request,
                place: place.to_owned(),
                pointer: flaw.pointer,
                rule: flaw.rule,
                reason: flaw.reason,
            })),
        Err(reason) => verdict.add(Side::Request, place, "specification", reason),
    }
}

fn kind(spec: &Spec, schema: &str) -> Option<String> {
    spec.pointer(schema)?
        .get("type")?
        .as_str()
        .map(str::to_owned)
}

/// The pointer of an array's items; the array itself may be behind a reference.
fn items(spec: &Spec, schema: &str) -> String {
    let at = spec
        .follow(schema)
        .map_or_else(|| schema.to_owned(), |(at, _)| at);
    step(&at, "items")
}

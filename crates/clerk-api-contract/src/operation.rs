//! The operations of a specification, read once: what the judge needs of each.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::schemas::{follow, step};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "patch", "options", "head", "trace",
];

/// One method on one path.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    /// Upper case.
    pub(crate) method: String,
    /// The template, without the base path.
    pub(crate) path: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) params: Vec<Param>,
    pub(crate) body: Option<Payload>,
    /// By status as written: `200`, `4XX`, `default`.
    pub(crate) answers: BTreeMap<String, Payload>,
    pub(crate) deprecated: bool,
}

/// A part of a path template between slashes.
#[derive(Debug)]
pub(crate) enum Segment {
    Literal(String),
    Parameter(String),
}

/// Where a parameter travels; headers and cookies are not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) required: bool,
    /// Repeated instead of separated by commas; means something for arrays only.
    pub(crate) explode: bool,
    pub(crate) allow_empty: bool,
    /// JSON pointer of the schema in the document.
    pub(crate) schema: String,
}

/// A body: by media type the pointer of its schema, where it has one.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    pub(crate) required: bool,
    pub(crate) content: Vec<(String, Option<String>)>,
}

/// Reads every operation under `paths`.
pub(crate) fn read_all(document: &Value) -> Result<Vec<Operation>, String> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .ok_or("it has no paths")?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        let at = step("/paths", path);
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let here = step(&at, method);
                operations.push(read(
                    document,
                    path,
                    (&at, item),
                    (&here, operation),
                    method,
                )?);
            }
        }
    }
    Ok(operations)
}

fn read(
    document: &Value,
    path: &str,
    item: (&str, &Value),
    operation: (&str, &Value),
    method: &str,
) -> Result<Operation, String> {
    let (here, fields) = operation;
    let id = fields.get("operationId").and_then(Value::as_str);
    let mut params = params(document, here, fields)?;
    for shared in self::params(document, item.0, item.1)? {
        if !params
            .iter()
            .any(|own| own.name == shared.name && own.place == shared.place)
        {
            params.push(shared);
        }
    }
    let body = fields
        .get("requestBody")
        .map(|_| payload(document, &step(here, "requestBody")));
    let mut answers = BTreeMap::new();
    for status in fields
        .get("responses")
        .and_then(Value::as_object)
        .iter()
        .flat_map(|map| map.keys())
    {
        let at = step(&step(here, "responses"), status);
        answers.insert(status.clone(), payload(document, &at)?);
    }
    Ok(Operation {
        id: id.map_or_else(|| format!("{method} {path}"), str::to_owned),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        segments: segments(path),
        params,
        body: body.transpose()?,
        answers,
        deprecated: fields.get("deprecated") == Some(&Value::Bool(true)),
    })
}

fn segments(path: &str) -> Vec<Segment> {
    let parts = path.trim_start_matches('/').split('/');
    let segment = |part: &str| match part
        .strip_prefix('{')
        .and_then(|part| part.strip_suffix('}'))
    {
        Some(name) => Segment::Parameter(name.to_owned()),
        None => Segment::Literal(part.to_owned()),
    };
    parts.map(segment).collect()
}

fn params(document: &Value, at: &str, fields: &Value) -> Result<Vec<Param>, String> {
    let list = fields.get("parameters").and_then(Value::as_array);
    let mut params = Vec::new();
    for index in 0..list.map_or(0, Vec::len) {
        let at = step(&step(at, "parameters"), &index.to_string());
        let (at, fields) = follow(document, &at)?;
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let place = match text("in") {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            _ => continue,
        };
        let yes = |name: &str| fields.get(name) == Some(&Value::Bool(true));
        params.push(Param {
            name: text("name")
                .ok_or_else(|| format!("{at} has no name"))?
                .to_owned(),
            place,
            required: yes("required"),
            explode: fields
                .get("explode")
                .and_then(Value::as_bool)
                .unwrap_or(true),
            allow_empty: yes("allowEmptyValue"),
            schema: step(&at, "schema"),
        });
    }
    Ok(params)
}

fn payload(document: &Value, at: &str) -> Result<Payload, String> {
    let (at, fields) = follow(document, at)?;
    let none = Map::new();
    let content = fields
        .get("content")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    let entry = |(media, fields): (&String, &Value)| {
        let at = step(&step(&step(&at, "content"), media), "schema");
        (media.clone(), fields.get("schema").map(|_| at))
    };
    Ok(Payload {
        required: fields.get("required") == Some(&Value::Bool(true)),
        content: content.iter().map(entry).collect(),
    })
}

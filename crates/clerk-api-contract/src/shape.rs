//! Operations as plain structs, for tests that compare declarations with the specification.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::operation::{Operation, Param, Payload, Place};
use crate::schemas::{follow, step};

/// What the specification says of one operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperationShape {
    /// The operation's id, such as `GetUserList`.
    pub id: String,
    /// The method, upper case.
    pub method: String,
    /// The path template without the base, such as `/users/{user_id}`.
    pub path: String,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
    /// The parameters of the path.
    pub path_params: Vec<ParamShape>,
    /// The parameters of the query.
    pub query_params: Vec<ParamShape>,
    /// The body, where one is declared.
    pub body: Option<BodyShape>,
    /// The declared answers by status.
    pub answers: BTreeMap<String, AnswerShape>,
}

/// The type of one value, or of each value where there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// A JSON object.
    Object,
    /// An array of arrays, which no operation has at the top.
    Array,
    /// Bytes of a file in a form.
    Binary,
    /// Not said, or several alternatives.
    Any,
}

/// A parameter of a path or query.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ParamShape {
    /// Its name.
    pub name: String,
    /// Its type; the type of an item where there are many.
    pub kind: Kind,
    /// Whether it takes several values.
    pub many: bool,
    /// Whether several values are sent as repeated keys and not separated by commas.
    pub explode: bool,
    /// Whether it must be there.
    pub required: bool,
    /// The allowed values; empty where any is allowed.
    pub values: Vec<String>,
    /// The smallest number allowed.
    pub minimum: Option<f64>,
    /// The largest number allowed.
    pub maximum: Option<f64>,
}

/// A declared request body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BodyShape {
    /// The media type.
    pub content_type: String,
    /// Whether a body must be sent.
    pub required: bool,
    /// Whether the body is an array of objects with these properties.
    pub many: bool,
    /// Whether properties that are not listed are refused.
    pub closed: bool,
    /// How many objects an array has.
    pub range: Range,
    /// The properties, those of all alternatives.
    pub properties: Vec<PropertyShape>,
}

/// A property of a request body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PropertyShape {
    /// Its name.
    pub name: String,
    /// Its type; the type of an item where there are many.
    pub kind: Kind,
    /// Whether it is an array.
    pub many: bool,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether it must be there.
    pub required: bool,
    /// The allowed values; empty where any is allowed.
    pub values: Vec<String>,
    /// The numbers, lengths or counts that are allowed.
    pub range: Range,
}

/// The least and the most that is allowed, where it is said: a number, the length of a text, the count of an array.
pub type Range = (Option<u64>, Option<u64>);

/// A declared answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AnswerShape {
    /// The media type; none where there is no body.
    pub content_type: Option<String>,
    /// The name of the component it is, or of the items of the array or of `data`.
    pub component: Option<String>,
}

/// Describes one operation.
pub(crate) fn describe(document: &Value, operation: &Operation) -> OperationShape {
    let params = |place: Place| {
        let wanted = operation.params.iter().filter(|param| param.place == place);
        wanted.map(|param| parameter(document, param)).collect()
    };
    let answer =
        |(status, payload): (&String, &Payload)| (status.clone(), answer(document, payload));
    OperationShape {
        id: operation.id.clone(),
        method: operation.method.clone(),
        path: operation.path.clone(),
        deprecated: operation.deprecated,
        path_params: params(Place::Path),
        query_params: params(Place::Query),
        body: operation
            .body
            .as_ref()
            .and_then(|payload| body(document, payload)),
        answers: operation.answers.iter().map(answer).collect(),
    }
}

fn parameter(document: &Value, param: &Param) -> ParamShape {
    let schema = view(document, &param.schema);
    ParamShape {
        name: param.name.clone(),
        kind: schema.kind,
        many: schema.many,
        explode: param.explode,
        required: param.required || param.place == Place::Path,
        minimum: schema.fields.get("minimum").and_then(Value::as_f64),
        maximum: schema.fields.get("maximum").and_then(Value::as_f64),
        values: schema.values,
    }
}

fn body(document: &Value, payload: &Payload) -> Option<BodyShape> {
    let (content_type, schema) = payload.content.first()?;
    let mut shape = BodyShape {
        content_type: content_type.clone(),
        required: payload.required,
        many: false,
        closed: false,
        range: (None, None),
        properties: Vec::new(),
    };
    let (mut at, mut fields) = follow(document, schema.as_deref()?).ok()?;
    shape.range = range(fields);
    if fields.get("type").and_then(Value::as_str) == Some("array") {
        shape.many = true;
        (at, fields) = follow(document, &step(&at, "items")).ok()?;
    }
    shape.closed = fields.get("additionalProperties") == Some(&Value::Bool(false));
    let required = collect(document, &at, &mut shape.properties);
    for property in &mut shape.properties {
        property.required = required.contains(&property.name);
    }
    Some(shape)
}

/// Adds the properties of a schema and of all its parts; returns the names that must be there,
/// which of alternatives are only those that all of them require.
fn collect(document: &Value, at: &str, properties: &mut Vec<PropertyShape>) -> BTreeSet<String> {
    let Ok((at, fields)) = follow(document, at) else {
        return BTreeSet::new();
    };
    let list = |name: &str| fields.get(name).and_then(Value::as_array);
    let names = list("required")
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let mut required: BTreeSet<String> = names.map(str::to_owned).collect();
    for name in fields
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|map| map.keys())
    {
        let schema = view(document, &step(&step(&at, "properties"), name));
        if !properties.iter().any(|known| known.name == *name) {
            properties.push(PropertyShape {
                name: name.clone(),
                kind: schema.kind,
                many: schema.many,
                nullable: schema.nullable,
                required: false,
                range: range(schema.fields),
                values: schema.values,
            });
        }
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let parts = 0..list(keyword).map_or(0, Vec::len);
        let parts = parts.map(|index| step(&step(&at, keyword), &index.to_string()));
        let sets: Vec<BTreeSet<String>> = parts
            .map(|part| collect(document, &part, properties))
            .collect();
        match (keyword, sets.split_first()) {
            ("allOf", _) => required.extend(sets.into_iter().flatten()),
            (_, Some((first, rest))) => {
                let common = first
                    .iter()
                    .filter(|name| rest.iter().all(|set| set.contains(*name)));
                required.extend(common.cloned());
            }
            (_, None) => {}
        }
    }
    required
}

fn answer(document: &Value, payload: &Payload) -> AnswerShape {
    let content = payload.content.first();
    let schema = content.and_then(|(_, schema)| schema.as_deref());
    let component = schema.and_then(|at| {
        let wrapped = ["/items", "/properties/data/items"];
        named(document, at).or_else(|| {
            let (at, _) = follow(document, at).ok()?;
            wrapped
                .iter()
                .find_map(|deeper| named(document, &format!("{at}{deeper}")))
        })
    });
    AnswerShape {
        content_type: content.map(|(media, _)| media.clone()),
        component,
    }
}

/// The name of the component a schema is; lists are named after what is in them.
fn named(document: &Value, at: &str) -> Option<String> {
    let (at, fields) = follow(document, at).ok()?;
    let name = at
        .strip_prefix("/components/schemas/")
        .filter(|name| !name.contains('/'))?;
    let list = fields.pointer("/properties/data").is_some() || fields.get("items").is_some();
    (!list).then(|| name.to_owned())
}

/// A schema with its references followed.
struct View<'a> {
    kind: Kind,
    many: bool,
    nullable: bool,
    values: Vec<String>,
    fields: &'a Value,
}

fn view<'a>(document: &'a Value, at: &str) -> View<'a> {
    let Ok((at, fields)) = follow(document, at) else {
        return View {
            kind: Kind::Any,
            many: false,
            nullable: false,
            values: Vec::new(),
            fields: &Value::Null,
        };
    };
    let nullable = fields.get("nullable") == Some(&Value::Bool(true));
    if let Some(part) = only_part(fields) {
        let inner = view(document, &format!("{at}{part}"));
        return View {
            nullable: nullable || inner.nullable,
            ..inner
        };
    }
    if fields.get("type").and_then(Value::as_str) == Some("array") {
        let items = view(document, &step(&at, "items"));
        // An array of arrays stays one; callers see the outer array as `many`.
        let kind = if items.many { Kind::Array } else { items.kind };
        return View {
            kind,
            many: true,
            nullable,
            values: items.values,
            fields,
        };
    }
    View {
        kind: kind(fields),
        many: false,
        nullable,
        values: values(fields),
        fields,
    }
}

/// Where the one part of a schema is that is composed of nothing else: the way to write that a
/// reference is nullable or described.
fn only_part(fields: &Value) -> Option<&'static str> {
    if fields.get("type").is_some() || fields.get("properties").is_some() {
        return None;
    }
    ["/allOf/0", "/oneOf/0", "/anyOf/0"]
        .into_iter()
        .find(|part| {
            let parts = fields.get(&part[1..6]).and_then(Value::as_array);
            parts.is_some_and(|parts| parts.len() == 1)
        })
}

fn kind(fields: &Value) -> Kind {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    match (text("type"), text("format")) {
        (Some("string"), Some("binary")) => Kind::Binary,
        (Some("string"), _) => Kind::String,
        (Some("integer"), _) => Kind::Integer,
        (Some("number"), _) => Kind::Number,
        (Some("boolean"), _) => Kind::Boolean,
        (Some("object"), _) => Kind::Object,
        (Some("array"), _) => Kind::Array,
        _ => Kind::Any,
    }
}

fn range(fields: &Value) -> Range {
    let number = |names: [&str; 3]| {
        names
            .into_iter()
            .find_map(|name| fields.get(name).and_then(Value::as_u64))
    };
    (
        number(["minimum", "minItems", "minLength"]),
        number(["maximum", "maxItems", "maxLength"]),
    )
}

fn values(fields: &Value) -> Vec<String> {
    let values = fields
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    values.filter(|value| !value.is_null()).map(text).collect()
}

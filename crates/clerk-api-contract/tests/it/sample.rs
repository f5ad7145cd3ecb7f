//! Answers made from the official specification: every field of a schema, with a value of its type.

use clerk_api_contract::Spec;
use serde_json::{Map, Value, json};

/// Steps into a schema, references included, after which it must hold itself.
const DEEPEST: usize = 40;

/// A good response of an operation, null if it has none; `variant` picks one of each list of alternatives.
pub(crate) fn answer(spec: &Spec, operation: &str, variant: usize) -> Value {
    let shape = spec.shape(operation).unwrap();
    let escape = |text: &str| text.replace('~', "~0").replace('/', "~1");
    let at = format!(
        "/paths/{}/{}/responses",
        escape(&shape.path),
        shape.method.to_ascii_lowercase()
    );
    let Some(answer) = spec.pointer(&format!("{at}/200")) else {
        assert!(spec.pointer(&format!("{at}/204")).is_some(), "{operation}");
        return Value::Null;
    };
    let schema = &answer["content"]["application/json"]["schema"];
    value(spec, schema, variant, 0)
}

/// A value that fits a schema, with all its fields.
fn value(spec: &Spec, schema: &Value, variant: usize, depth: usize) -> Value {
    assert!(depth < DEEPEST, "a schema that holds itself: {schema}");
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let schema = spec.pointer(target.trim_start_matches('#')).unwrap();
        return value(spec, schema, variant, depth + 1);
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        return words[variant % words.len()].clone();
    }
    let alternatives = ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| schema.get(keyword).and_then(Value::as_array))
        .filter(|_| schema.get("properties").is_none());
    if let Some(alternatives) = alternatives {
        let chosen = &alternatives[variant % alternatives.len()];
        return value(spec, chosen, variant, depth + 1);
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => text(schema),
        Some("integer") => json!(1_700_000_000_123_i64),
        Some("number") => json!(12.5),
        Some("boolean") => json!(true),
        Some("array") => json!([value(spec, &schema["items"], variant, depth + 1)]),
        _ => Value::Object(object(spec, schema, variant, depth)),
    }
}

fn text(schema: &Value) -> Value {
    match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => json!("2026-11-23T10:00:00Z"),
        _ => json!("text_1"),
    }
}

/// The fields of an object and of all schemas it is made of.
fn object(spec: &Spec, schema: &Value, variant: usize, depth: usize) -> Map<String, Value> {
    let mut fields = Map::new();
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if let Value::Object(inner) = value(spec, part, variant, depth + 1) {
            fields.extend(inner);
        }
    }
    for (name, schema) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        fields.insert(name.clone(), value(spec, schema, variant, depth + 1));
    }
    fields
}

//! JSON schemas of arguments, from the declarations of operations.

use std::collections::BTreeMap;

use clerk_api::declare::{Field, Kind, Meta, Place};
use serde_json::{Map, Value, json};

/// The arguments that operations have in common, or that they cannot do without: path and required ones, and those of two or more. All
/// others go through `call_operation`.
pub(crate) fn common(operations: &[&'static Meta]) -> Value {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    let fields = || operations.iter().flat_map(|meta| meta.fields);
    for field in fields() {
        *uses.entry(field.name).or_default() += 1;
    }
    let mut properties: Map<String, Value> = Map::new();
    for field in fields() {
        let is_common = field.required || field.place == Place::Path || uses[field.name] > 1;
        if !is_common
            || matches!(
                field.kind,
                Kind::Secret | Kind::Upload | Kind::IdempotencyKey
            )
        {
            continue;
        }
        let known = properties.entry(field.name).or_insert_with(|| json!([]));
        for word in types(field) {
            let word = Value::from(word);
            if let Some(types) = known.as_array_mut()
                && !types.contains(&word)
            {
                types.push(word);
            }
        }
    }
    let schema = |(name, types): (String, Value)| {
        let types = match types.as_array().map(Vec::as_slice) {
            Some([one]) => one.clone(),
            _ => types,
        };
        (name, json!({"type": types}))
    };
    Value::Object(properties.into_iter().map(schema).collect())
}

/// The types of JSON that an argument takes.
fn types(field: &Field) -> Vec<&'static str> {
    let one = match field.kind {
        Kind::Integer | Kind::Millis | Kind::Limit | Kind::Offset => "integer",
        Kind::Boolean => "boolean",
        Kind::Object => "object",
        Kind::Records(_) => "array",
        _ => "string",
    };
    let mut types = vec![if field.many { "array" } else { one }];
    if field.nullable {
        types.push("null");
    }
    types
}

/// How arguments are told to an agent that asks for one operation: the name, `!` where it is required, and what it takes.
pub(crate) fn described(meta: &Meta) -> Value {
    let fields = meta.fields.iter();
    let fields = fields.filter(|field| !matches!(field.kind, Kind::Upload));
    let told = fields.map(|field| {
        let needed = if field.required { "!" } else { "" };
        let name = format!("{}{needed}", field.name);
        let kind = match field.kind {
            Kind::Choice(words) => words.join("|"),
            _ => types(field).join("|"),
        };
        (name, Value::from(kind))
    });
    Value::Object(told.collect())
}

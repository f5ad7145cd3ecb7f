//! JSON schemas of arguments, from the declarations of operations.

use clerk_api::declare::{Field, Kind, Meta, Place};
use clerk_api_admin::view;
use serde_json::{Map, Value, json};

/// The arguments that operations cannot do without, or that matter: path and required ones, objects such as metadata, and what the view of
/// the model has a column for. All others go through `call_operation`. Types stand where a text would be wrong; null empties the others.
pub(crate) fn common(operations: &[&'static Meta]) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    let fields = operations
        .iter()
        .flat_map(|meta| meta.fields.iter().map(move |field| (meta, field)));
    for (meta, field) in fields {
        let is_known = view::view(meta.name)
            .columns
            .iter()
            .any(|column| column.name == field.name);
        let is_object = matches!(field.kind, Kind::Object);
        let is_common = field.required || is_known || is_object || field.place == Place::Path;
        if !is_common
            || matches!(
                field.kind,
                Kind::Secret | Kind::Upload | Kind::IdempotencyKey
            )
        {
            continue;
        }
        let schema = match types(field).as_slice() {
            ["string"] | [_, "null"] => json!({}),
            types => json!({"type": types[0]}),
        };
        // Where operations differ, each checks its own.
        properties
            .entry(field.name)
            .and_modify(|known| {
                if *known != schema {
                    *known = json!({});
                }
            })
            .or_insert(schema.clone());
    }
    Value::Object(properties)
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

//! The schema dialect of OpenAPI 3.0 turned into JSON Schema draft 4.
//!
//! Draft 4 is the draft OpenAPI 3.0 grew from: `exclusiveMinimum` is a boolean, siblings of
//! `$ref` do not count, and `1.0` is no integer. What is left to translate is `nullable`,
//! `readOnly` and `writeOnly`; annotations (`format`, `discriminator`, `example`…) are dropped.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Keywords that hold plain values and mean the same in both dialects.
const PLAIN: [&str; 15] = [
    "type",
    "enum",
    "required",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
];

/// Which way the described value travels: `readOnly` and `writeOnly` depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    /// The value is sent to the server.
    Request,
    /// The value comes from the server.
    Answer,
}

impl Direction {
    /// The mark of properties that do not travel this way.
    fn forbidden_mark(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Answer => "writeOnly",
        }
    }
}

/// Translates schemas and notes which references they hold.
pub(crate) struct Translation {
    direction: Direction,
    /// Every `$ref` met so far.
    pub(crate) references: BTreeSet<String>,
}

impl Translation {
    pub(crate) fn new(direction: Direction) -> Self {
        Self {
            direction,
            references: BTreeSet::new(),
        }
    }

    /// Translates one schema; the result validates what the original describes.
    pub(crate) fn schema(&mut self, source: &Value) -> Value {
        let Value::Object(source) = source else {
            return source.clone();
        };
        let nullable = source.get("nullable") == Some(&Value::Bool(true));
        if let Some(Value::String(target)) = source.get("$ref") {
            self.references.insert(target.clone());
            let reference = json!({ "$ref": target });
            return if nullable {
                or_null(&reference)
            } else {
                reference
            };
        }
        let mut out = Map::new();
        for (keyword, value) in source {
            if let Some(value) = self.keyword(keyword, value) {
                out.insert(keyword.clone(), value);
            }
        }
        self.drop_absent(source, &mut out);
        if nullable {
            allow_null(out)
        } else {
            Value::Object(out)
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Value) -> Option<Value> {
        match keyword {
            "properties" => Some(self.properties(value)),
            "items" | "not" => Some(self.schema(value)),
            "additionalProperties" if value.is_object() => Some(self.schema(value)),
            "additionalProperties" | "maxProperties" => Some(value.clone()),
            "allOf" | "anyOf" | "oneOf" => {
                let branches = value.as_array()?.iter().map(|branch| self.schema(branch));
                Some(branches.collect())
            }
            _ => PLAIN.contains(&keyword).then(|| value.clone()),
        }
    }

    fn properties(&mut self, value: &Value) -> Value {
        let Value::Object(properties) = value else {
            return value.clone();
        };
        let mark = self.direction.forbidden_mark();
        let translate = |(name, schema): (&String, &Value)| {
            let forbidden = schema.get(mark) == Some(&Value::Bool(true));
            let schema = if forbidden {
                json!({ "not": {} })
            } else {
                self.schema(schema)
            };
            (name.clone(), schema)
        };
        Value::Object(properties.iter().map(translate).collect())
    }

    /// Properties that do not travel this way cannot be required; draft 4 has no empty list.
    fn drop_absent(&self, source: &Map<String, Value>, out: &mut Map<String, Value>) {
        let Some(Value::Array(required)) = out.get_mut("required") else {
            return;
        };
        let mark = self.direction.forbidden_mark();
        required.retain(|name| {
            let property = name
                .as_str()
                .and_then(|name| source.get("properties")?.get(name));
            property.and_then(|schema| schema.get(mark)) != Some(&Value::Bool(true))
        });
        if required.is_empty() {
            out.remove("required");
        }
    }
}

/// Lets a schema that said `nullable` accept null, in its own keywords where that is possible:
/// the reasons stay short that way.
fn allow_null(mut schema: Map<String, Value>) -> Value {
    let composed = ["allOf", "anyOf", "oneOf", "not"];
    if composed.iter().any(|keyword| schema.contains_key(*keyword)) {
        return or_null(&Value::Object(schema));
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if let Some(kind @ Value::String(_)) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    }
    Value::Object(schema)
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [{ "enum": [null] }, schema] })
}

#[cfg(test)]
mod tests {
    use super::{Direction, Translation};
    use serde_json::{Value, json};

    fn translate(schema: &Value, direction: Direction) -> Value {
        Translation::new(direction).schema(schema)
    }

    #[test]
    fn nullable_opens_type_and_enum() {
        let schema = json!({"type": "string", "enum": ["a"], "nullable": true, "example": "a"});
        assert_eq!(
            translate(&schema, Direction::Answer),
            json!({"type": ["string", "null"], "enum": ["a", null]})
        );
    }

    #[test]
    fn nullable_beside_references_and_compositions_adds_a_branch() {
        let reference = json!({"$ref": "#/components/schemas/A"});
        let null_only = json!({"enum": [null]});
        assert_eq!(
            translate(
                &json!({"$ref": "#/components/schemas/A", "nullable": true}),
                Direction::Answer
            ),
            json!({"anyOf": [null_only, reference]})
        );
        let composed =
            json!({"allOf": [reference], "nullable": true, "discriminator": {"propertyName": "a"}});
        assert_eq!(
            translate(&composed, Direction::Answer),
            json!({"anyOf": [null_only, {"allOf": [reference]}]})
        );
    }

    #[test]
    fn one_way_properties_are_refused_the_other_way() {
        let schema = json!({
            "required": ["id", "password"],
            "properties": {"id": {"type": "string", "readOnly": true}, "password": {"type": "string", "writeOnly": true}},
        });
        assert_eq!(
            translate(&schema, Direction::Request),
            json!({"required": ["password"], "properties": {"id": {"not": {}}, "password": {"type": "string"}}})
        );
        assert_eq!(
            translate(&schema, Direction::Answer),
            json!({"required": ["id"], "properties": {"id": {"type": "string"}, "password": {"not": {}}}})
        );
    }

    #[test]
    fn property_names_are_no_keywords_and_annotations_go() {
        let schema = json!({"type": "object", "description": "d", "x-a": 1, "properties": {"description": {"format": "int64"}}});
        assert_eq!(
            translate(&schema, Direction::Answer),
            json!({"type": "object", "properties": {"description": {}}})
        );
    }

    #[test]
    fn references_are_collected_from_every_depth() {
        let schema =
            json!({"items": {"oneOf": [{"$ref": "#/a"}]}, "additionalProperties": {"$ref": "#/b"}});
        let mut translation = Translation::new(Direction::Answer);
        translation.schema(&schema);
        assert_eq!(
            translation.references.into_iter().collect::<Vec<_>>(),
            ["#/a", "#/b"]
        );
    }
}

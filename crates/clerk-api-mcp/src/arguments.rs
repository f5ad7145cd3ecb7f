//! The arguments of one call of a tool, checked against its schema: nothing else may be in them.

use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::{Map, Value};

/// Arguments that fit a schema.
#[derive(Debug)]
pub(crate) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Checks arguments against the schema that the tool shows.
    pub(crate) fn check(arguments: Map<String, Value>, schema: &Value) -> Outcome<Self> {
        let value = Value::Object(arguments);
        fits("the arguments", &value, schema)?;
        match value {
            Value::Object(arguments) => Ok(Self(arguments)),
            _ => Ok(Self(Map::new())),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A text that the schema requires.
    pub(crate) fn needed(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    /// Where a list goes on: the number that `next` had before.
    pub(crate) fn cursor(&self) -> Outcome<Option<u64>> {
        let Some(cursor) = self.text("cursor") else {
            return Ok(None);
        };
        let at = cursor.parse().map(Some);
        at.map_err(|_| Problem::usage(format!("{cursor:?} is not a cursor: pass what next had")))
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.0.get(name) == Some(&Value::Bool(true))
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let items = self
            .0
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn object(&self, name: &str) -> Map<String, Value> {
        let found = self.0.get(name).and_then(Value::as_object);
        found.cloned().unwrap_or_default()
    }
}

/// Checks a value against the part of JSON Schema that our schemas use.
fn fits(place: &str, value: &Value, schema: &Value) -> Outcome<()> {
    let wrong = |what: String| Problem::usage(format!("{place}: {what}"));
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|wanted| is_of(value, wanted)) {
        return Err(wrong(format!(
            "this takes a value of type {}",
            types.join(" or ")
        )));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        return Err(wrong(format!("{value} is none of {}", words.join(", "))));
    }
    if let Some(most) = schema["maximum"].as_u64()
        && value
            .as_u64()
            .is_none_or(|number| number > most || number == 0)
    {
        return Err(wrong(format!("this takes a number from 1 to {most}")));
    }
    match value {
        Value::Array(items) => {
            let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
            if items.len() as u64 > most {
                return Err(wrong(format!("this takes {most} at most")));
            }
            items
                .iter()
                .try_for_each(|item| fits(place, item, &schema["items"]))
        }
        Value::Object(members) => {
            for name in schema["required"].as_array().into_iter().flatten() {
                let name = name.as_str().unwrap_or_default();
                if !members.contains_key(name) {
                    return Err(wrong(format!("{name} is missing")));
                }
            }
            for (name, value) in members {
                match schema["properties"].get(name) {
                    Some(schema) => fits(name, value, schema)?,
                    None if schema["additionalProperties"] == false => {
                        let known = schema["properties"].as_object().into_iter().flatten();
                        let known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
                        let known = known.join(", ");
                        return Err(wrong(format!("there is no {name:?}; it takes {known}")));
                    }
                    None => {}
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn is_of(value: &Value, wanted: &str) -> bool {
    match wanted {
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reliability_10_2_nothing_undeclared_comes_through() {
        let schema = json!({
            "type": "object", "additionalProperties": false, "required": ["text"],
            "properties": {"text": {"type": "string"}, "limit": {"type": "integer", "maximum": 50},
                "kind": {"enum": ["a", "b"]}, "rows": {"type": "array", "maxItems": 2, "items": {"type": "object"}}},
        });
        let check = |value: Value| Arguments::check(value.as_object().unwrap().clone(), &schema);
        assert!(check(json!({"text": "x", "limit": 50, "kind": "a", "rows": [{}]})).is_ok());
        for wrong in [
            json!({}),
            json!({"text": 1}),
            json!({"text": "x", "limit": 51}),
            json!({"text": "x", "limit": 0}),
            json!({"text": "x", "kind": "c"}),
            json!({"text": "x", "approved": true}),
            json!({"text": "x", "rows": [{}, {}, {}]}),
            json!({"text": "x", "rows": [1]}),
        ] {
            assert!(check(wrong.clone()).is_err(), "{wrong}");
        }
    }
}

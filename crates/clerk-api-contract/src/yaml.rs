//! YAML text as JSON values. Nothing here knows OpenAPI.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Number, Value};

/// Reads one YAML document; the error is a sentence.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| error.to_string())?;
    match documents.as_slice() {
        [document] => json(document),
        other => Err(format!("expected one document, found {}", other.len())),
    }
}

fn json(node: &Yaml<'_>) -> Result<Value, String> {
    match node {
        Yaml::Value(scalar) => plain(scalar),
        Yaml::Sequence(items) => items
            .iter()
            .map(json)
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (name, value) in entries {
                map.insert(key(name)?, json(value)?);
            }
            Ok(Value::Object(map))
        }
        Yaml::Tagged(_, inner) => json(inner),
        Yaml::Representation(text, ..) => Ok(Value::from(text.as_ref())),
        Yaml::Alias(_) | Yaml::BadValue => {
            Err("an alias or a value that cannot be read".to_owned())
        }
    }
}

fn plain(scalar: &Scalar<'_>) -> Result<Value, String> {
    Ok(match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(yes) => Value::Bool(*yes),
        Scalar::Integer(number) => Value::from(*number),
        Scalar::FloatingPoint(number) => Number::from_f64(number.0)
            .map(Value::Number)
            .ok_or_else(|| format!("{number} is not a JSON number"))?,
        Scalar::String(text) => Value::from(text.as_ref()),
    })
}

/// Keys are text in JSON; YAML also has bare numbers there, such as status codes.
fn key(node: &Yaml<'_>) -> Result<String, String> {
    match json(node)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(format!("a key is text, not {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use serde_json::json;

    #[test]
    fn documents_become_json_with_text_keys() {
        let text = "a: &x {200: yes, 'on': '1'}\nb: *x\nc: [1, 1.5, true, null, 2020-01-01]\nd: |\n  two\n  lines\n";
        let same = json!({"200": "yes", "on": "1"});
        assert_eq!(
            parse(text).unwrap(),
            json!({"a": same, "b": same, "c": [1, 1.5, true, null, "2020-01-01"], "d": "two\nlines\n"})
        );
    }

    #[test]
    fn broken_text_and_several_documents_are_errors() {
        assert!(parse("a: [1").is_err());
        assert!(
            parse("--- 1\n--- 2\n")
                .unwrap_err()
                .contains("one document")
        );
    }
}

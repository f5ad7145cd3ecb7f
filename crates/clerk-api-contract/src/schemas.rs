//! Compiled schemas: each is translated with what it refers to, compiled at first use and kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value};

use crate::dialect::{Direction, Translation};
use crate::explain::{Findings, explain};

/// References that lead to references are followed this far.
const MAX_HOPS: usize = 16;

/// The compiled schemas of one document, by direction and pointer.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    compiled: Mutex<BTreeMap<(Direction, String), Arc<Validator>>>,
}

impl Schemas {
    /// Holds a value against the schema at a pointer. Fails if the schema itself is unusable.
    pub(crate) fn check(
        &self,
        document: &Value,
        pointer: &str,
        direction: Direction,
        value: &Value,
    ) -> Result<Findings, String> {
        let validator = self.validator(document, pointer, direction)?;
        let mut findings = Findings::default();
        // Most values are valid, and saying so is far cheaper than looking for reasons.
        if !validator.is_valid(value) {
            for error in validator.iter_errors(value) {
                findings.merge(explain(&error, direction));
            }
        }
        Ok(findings)
    }

    fn validator(
        &self,
        document: &Value,
        pointer: &str,
        direction: Direction,
    ) -> Result<Arc<Validator>, String> {
        // Many operations answer the same component: one compilation serves them all.
        let (pointer, _) = follow(document, pointer)?;
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = compiled.get(&(direction, pointer.clone())) {
            return Ok(Arc::clone(validator));
        }
        let bundle = bundle(document, &pointer, direction)?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(false)
            .offline()
            .build(&bundle)
            .map_err(|error| format!("the schema at {pointer} is unusable: {error}"))?;
        let validator = Arc::new(validator);
        compiled.insert((direction, pointer), Arc::clone(&validator));
        Ok(validator)
    }
}

/// Appends one name to a JSON pointer.
pub(crate) fn step(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns what a pointer points at after all references, and where that is.
pub(crate) fn follow<'a>(
    document: &'a Value,
    pointer: &str,
) -> Result<(String, &'a Value), String> {
    let mut pointer = pointer.to_owned();
    for _ in 0..MAX_HOPS {
        let value = document
            .pointer(&pointer)
            .ok_or_else(|| format!("nothing is at {pointer}"))?;
        match value.get("$ref").and_then(Value::as_str) {
            None => return Ok((pointer, value)),
            Some(target) => pointer = local(target)?.to_owned(),
        }
    }
    Err(format!("{pointer} refers to itself"))
}

fn local(target: &str) -> Result<&str, String> {
    target
        .strip_prefix('#')
        .ok_or_else(|| format!("{target} is in another document"))
}

/// Builds one schema document that holds the wanted schema and all it refers to, each at its
/// place in the specification, so that reasons name locations a reader can look up.
fn bundle(document: &Value, pointer: &str, direction: Direction) -> Result<Value, String> {
    let mut root = Map::new();
    root.insert("$ref".to_owned(), Value::from(fragment(pointer)));
    let mut root = Value::Object(root);
    let mut open = BTreeSet::from([pointer.to_owned()]);
    let mut done = BTreeSet::new();
    while let Some(pointer) = open.pop_first() {
        let source = document
            .pointer(&pointer)
            .ok_or_else(|| format!("nothing is at {pointer}"))?;
        let mut translation = Translation::new(direction);
        put(&mut root, &pointer, translation.schema(source));
        done.insert(pointer);
        for target in translation.references {
            let target = local(&target)?;
            if !done.contains(target) {
                open.insert(target.to_owned());
            }
        }
    }
    Ok(root)
}

fn put(root: &mut Value, pointer: &str, schema: Value) {
    let mut place = root;
    for name in pointer.split('/').skip(1) {
        let name = name.replace("~1", "/").replace("~0", "~");
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[name];
    }
    *place = schema;
}

/// A pointer as a URI fragment: templates hold braces, which no URI may.
fn fragment(pointer: &str) -> String {
    let mut out = String::from("#");
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'~' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Schemas, follow};
    use crate::dialect::Direction;
    use serde_json::{Value, json};

    fn valid(schema: &Value, text: &str) -> bool {
        let document = json!({"paths": {"/a/{b}": {"schema": schema}}});
        let value: Value = serde_json::from_str(text).unwrap();
        let at = "/paths/~1a~1{b}/schema";
        Schemas::default()
            .check(&document, at, Direction::Answer, &value)
            .unwrap()
            .flaws
            .is_empty()
    }

    #[test]
    fn integers_are_whole_literals_of_any_size() {
        let schema = json!({"type": "integer", "format": "int64", "minimum": 0});
        for text in ["0", "1", "1715000000000", "123456789012345678901234567890"] {
            assert!(valid(&schema, text), "{text}");
        }
        for text in ["-1", "1.0", "1e2", "1.5", "\"1\"", "null", "true"] {
            assert!(!valid(&schema, text), "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_exactly() {
        let schema = json!({"type": "number", "minimum": 0.5, "maximum": 10});
        for text in ["0.5", "0.50", "5e-1", "1", "10", "10.0"] {
            assert!(valid(&schema, text), "{text}");
        }
        for text in [
            "0.4999999999999999999999",
            "10.00000000000000000000001",
            "\"1\"",
        ] {
            assert!(!valid(&schema, text), "{text}");
        }
    }

    #[test]
    fn exclusive_bounds_are_flags() {
        let schema =
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "nullable": true});
        assert!(valid(&schema, "0.1") && valid(&schema, "null"));
        assert!(!valid(&schema, "0") && !valid(&schema, "0.0"));
    }

    #[test]
    fn references_may_be_recursive_and_bad_ones_are_errors() {
        let document = json!({
            "tree": {"type": "object", "properties": {"child": {"$ref": "#/tree"}}},
            "loop": {"$ref": "#/loop"},
            "gone": {"items": {"$ref": "#/nothing"}},
        });
        let check = |at: &str, value: &Value| {
            Schemas::default().check(&document, at, Direction::Answer, value)
        };
        assert!(
            check("/tree", &json!({"child": {"child": {}}}))
                .unwrap()
                .flaws
                .is_empty()
        );
        let findings = check("/tree", &json!({"child": {"child": 1}})).unwrap();
        assert_eq!(findings.flaws[0].pointer, "/child/child");
        assert_eq!(findings.flaws[0].rule, "/tree/type");
        assert!(follow(&document, "/loop").unwrap_err().contains("itself"));
        assert!(check("/gone", &json!([])).unwrap_err().contains("/nothing"));
    }
}

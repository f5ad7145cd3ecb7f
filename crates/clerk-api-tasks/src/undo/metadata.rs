//! Metadata key by key, at any depth: what a merge made, what is there now, and what brings back what was there before.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// How the keys that were sent stand now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// As they were before.
    Before,
    /// As the job left them, at least some of them.
    Sent,
    /// Somebody changed one of them since.
    Other,
}

/// How the keys that a merge sent stand now.
pub(super) fn standing(now: &Value, sent: &Value, before: &Value) -> Standing {
    let Value::Object(keys) = sent else {
        return Standing::Other;
    };
    let mut all = Standing::Before;
    for (key, sent) in keys {
        let (now, before) = (&now[key], &before[key]);
        let one = if sent.is_object() && before.is_object() && now.is_object() {
            standing(now, sent, before)
        } else if same(now, before) {
            Standing::Before
        } else if same(now, sent) {
            Standing::Sent
        } else {
            Standing::Other
        };
        match one {
            Standing::Other => return Standing::Other,
            Standing::Sent => all = Standing::Sent,
            Standing::Before => {}
        }
    }
    all
}

/// The merge that brings back the former value of each key that was sent; null where there was none.
pub(super) fn inverse(sent: &RawValue, before: Option<&RawValue>) -> Option<Box<RawValue>> {
    let sent: BTreeMap<String, &RawValue> = serde_json::from_str(sent.get()).ok()?;
    let before: BTreeMap<String, &RawValue> = before
        .and_then(|before| serde_json::from_str(before.get()).ok())
        .unwrap_or_default();
    let mut back: BTreeMap<String, Box<RawValue>> = BTreeMap::new();
    for (key, sent) in sent {
        let value = match before.get(&key) {
            None => serde_json::value::to_raw_value(&()).ok()?,
            Some(before) if is_object(before) && is_object(sent) => inverse(sent, Some(before))?,
            Some(before) => (*before).to_owned(),
        };
        back.insert(key, value);
    }
    serde_json::value::to_raw_value(&back).ok()
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// Whether two values mean the same: a member that is null is one that is not there.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let held = |one: &serde_json::Map<String, Value>,
                        other: &serde_json::Map<String, Value>| {
                one.iter()
                    .all(|(key, value)| same(value, other.get(key).unwrap_or(&Value::Null)))
            };
            held(a, b) && held(b, a)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn back(sent: &str, before: &str) -> String {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        inverse(&raw(sent), Some(&raw(before)))
            .unwrap()
            .get()
            .to_owned()
    }

    #[test]
    fn the_former_values_come_back_key_by_key_at_any_depth() {
        let before = r#"{"plan":"free","seats":12345678901234567890123,"deep":{"a":1,"b":[1]},"other":true}"#;
        let sent = r#"{"plan":"pro","seats":null,"new":{"x":1},"deep":{"a":2,"c":3}}"#;
        assert_eq!(
            back(sent, before),
            r#"{"deep":{"a":1,"c":null},"new":null,"plan":"free","seats":12345678901234567890123}"#
        );
        assert_eq!(back(r#"{"deep":5}"#, before), r#"{"deep":{"a":1,"b":[1]}}"#);
        assert_eq!(back(r#"{"plan":{"x":1}}"#, before), r#"{"plan":"free"}"#);
    }

    #[test]
    fn a_key_that_somebody_changed_since_is_noticed_and_others_do_not_matter() {
        let before = json!({"plan": "free", "deep": {"a": 1, "list": [1]}});
        let sent =
            json!({"plan": "pro", "deep": {"a": 2, "list": [2]}, "new": {"x": 1}, "gone": null});
        let standing = |now| standing(&now, &sent, &before);
        let left =
            json!({"plan": "pro", "deep": {"a": 2, "list": [2]}, "new": {"x": 1}, "else": 1});
        assert_eq!(standing(left), Standing::Sent);
        assert_eq!(standing(before.clone()), Standing::Before);
        let half = json!({"plan": "pro", "deep": {"a": 1, "list": [1]}});
        assert_eq!(standing(half), Standing::Sent);
        for other in [
            json!({"plan": "gold", "deep": {"a": 2, "list": [2]}, "new": {"x": 1}}),
            json!({"plan": "pro", "deep": {"a": 2, "list": [3]}, "new": {"x": 1}}),
            json!({"plan": "pro", "deep": {"a": 2, "list": [2]}, "new": {"x": 1, "y": 2}}),
            json!({"plan": "pro", "deep": {"a": 2, "list": [2]}, "new": {"x": 1}, "gone": 1}),
        ] {
            assert_eq!(standing(other.clone()), Standing::Other, "{other}");
        }
    }
}

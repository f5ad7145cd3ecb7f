//! Metadata objects: what is accepted, how a merge goes.

use serde_json::Value;
use serde_json::value::RawValue;

use super::error::ApiError;
use super::problem::{self, Problem};

/// Most bytes of one kind of metadata of one object, blanks between tokens not counted. Clerk documents 8 KB and does not say
/// whether for each kind or for all together; each kind is the more lenient reading.
pub const METADATA_LIMIT: usize = 8 * 1024;

/// Takes an object from a request, keeping its numbers and its order as they were written.
pub(crate) fn accept(param: &str, raw: &RawValue) -> Result<Box<RawValue>, Problem> {
    if !raw.get().starts_with('{') {
        return Err(problem::type_invalid(param, "object"));
    }
    let text = without_blanks(raw.get());
    check_size(param, &text)?;
    RawValue::from_string(text).map_err(|_| problem::type_invalid(param, "object"))
}

/// Merges a patch into stored metadata: objects merge at any depth, null removes, anything else replaces.
pub(crate) fn merge(
    param: &str,
    stored: &RawValue,
    patch: &RawValue,
) -> Result<Box<RawValue>, ApiError> {
    // An older file may hold what is refused today.
    let mut value: Value = serde_json::from_str(stored.get()).map_err(|_| unreadable(param))?;
    merge_value(&mut value, serde_json::from_str(patch.get())?);
    let text = serde_json::to_string(&value)?;
    check_size(param, &text)?;
    Ok(RawValue::from_string(text)?)
}

/// Returns `{}`.
pub(crate) fn empty() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn unreadable(param: &str) -> Problem {
    let long =
        format!("The stored {param} cannot be merged with, as they cannot be read: replace them.");
    Problem::new("form_param_value_invalid", "is invalid", long).of(param)
}

fn check_size(param: &str, text: &str) -> Result<(), Problem> {
    if text.len() <= METADATA_LIMIT {
        return Ok(());
    }
    Err(Problem::new(
        "form_param_exceeds_allowed_size",
        "exceeds allowed size",
        format!("{param} should not exceed {METADATA_LIMIT} bytes."),
    )
    .of(param))
}

fn merge_value(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (key, change) in patch {
        if change.is_null() {
            // Plain `remove` would move the last key into the gap.
            target.shift_remove(&key);
        } else {
            merge_value(target.entry(key).or_insert(Value::Null), change);
        }
    }
}

fn without_blanks(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    json.chars()
        .filter(|&c| {
            let keep = quoted || !matches!(c, ' ' | '\n' | '\r' | '\t');
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ => {}
            }
            keep
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("valid JSON")
    }

    fn merged(stored: &str, patch: &str) -> String {
        merge("m", &raw(stored), &raw(patch))
            .expect("small")
            .get()
            .to_owned()
    }

    #[test]
    fn accepted_text_keeps_numbers_order_and_strings() {
        let text =
            r#"{ "z" : 12345678901234567890123, "a": 1.50, "s": " a\" b ", "n" : [ 1e5 , null ] }"#;
        assert_eq!(
            accept("m", &raw(text)).expect("object").get(),
            r#"{"z":12345678901234567890123,"a":1.50,"s":" a\" b ","n":[1e5,null]}"#
        );
    }

    #[test]
    fn only_objects_up_to_eight_kilobytes_are_accepted() {
        assert!(accept("m", &raw("[1]")).is_err());
        let sized = |n: usize| format!(r#"{{"k":"{}"}}"#, "x".repeat(n - 8));
        assert!(accept("m", &raw(&sized(8192))).is_ok());
        assert!(accept("m", &raw(&sized(8193))).is_err());
        assert!(merge("m", &raw(&sized(8192)), &raw(r#"{"more":1}"#)).is_err());
    }

    #[test]
    fn merge_goes_deep_and_null_removes() {
        assert_eq!(
            merged(
                r#"{"a":{"x":1,"y":2,"w":0},"b":[1],"c":3}"#,
                r#"{"a":{"x":null,"z":{"q":null}},"b":[2],"d":4}"#
            ),
            r#"{"a":{"y":2,"w":0,"z":{}},"b":[2],"c":3,"d":4}"#
        );
    }

    #[test]
    fn merge_keeps_untouched_numbers_exact() {
        assert_eq!(
            merged(
                r#"{"big":12345678901234567890123,"f":1.50}"#,
                r#"{"k":100000000000000000001}"#
            ),
            r#"{"big":12345678901234567890123,"f":1.50,"k":100000000000000000001}"#
        );
    }

    #[test]
    fn merge_into_a_stored_null_begins_anew() {
        assert_eq!(merged("null", r#"{"a":1}"#), r#"{"a":1}"#);
        assert_eq!(merged(r#"{"a":5}"#, r#"{"a":{"b":1}}"#), r#"{"a":{"b":1}}"#);
    }
}

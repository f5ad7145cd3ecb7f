//! Text from URLs as the typed values that schemas speak of.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Splits a raw query into decoded pairs, in order.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (
                decode(&name.replace('+', " ")),
                decode(&value.replace('+', " ")),
            )
        })
        .collect()
}

/// Decodes percent signs; bytes that are no UTF-8 become replacement characters.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Reads text as the type a schema names. What does not fit stays text, so that the schema
/// itself says what is wrong.
pub(crate) fn typed(text: &str, kind: Option<&str>) -> Value {
    match kind {
        Some("integer") if is_integer(text) => number(text),
        Some("number") => number(text),
        Some("boolean") if text == "true" => Value::Bool(true),
        Some("boolean") if text == "false" => Value::Bool(false),
        _ => Value::from(text),
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn number(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Number(number)) => Value::Number(number),
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{pairs, typed};
    use serde_json::json;

    #[test]
    fn pairs_are_decoded_in_order() {
        let expected = [("a", "1 2"), ("b", "+x&y"), ("c", ""), ("a", "")];
        let found = pairs("a=1+2&&b=%2Bx%26y&c&a=");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn text_becomes_what_the_schema_names_or_stays_text() {
        assert_eq!(typed("10", Some("integer")), json!(10));
        assert_eq!(typed("-1", Some("integer")), json!(-1));
        for text in ["10.0", "1e2", "", "-", "+1", "x"] {
            assert_eq!(typed(text, Some("integer")), json!(text));
        }
        assert_eq!(typed("1.5", Some("number")), json!(1.5));
        assert_eq!(typed("true", Some("boolean")), json!(true));
        assert_eq!(typed("1", Some("boolean")), json!("1"));
        assert_eq!(typed("1", Some("string")), json!("1"));
        assert_eq!(typed("true", None), json!("true"));
    }
}

//! Metadata: keys, structure, truths and short numbers stay, all other values are replaced.

use serde_json::{Map, Number, Value};

use super::replace::Replacer;

/// Numbers of up to so many digits are counts, levels and versions, and stay.
const SHORT: usize = 3;
/// The longest key that is the name of a member and not somebody's data.
const LONGEST_KEY: usize = 40;
/// Characters of an id behind its prefix.
const ID: usize = 27;

pub(super) fn replaced(with: &Replacer, value: Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value,
        Value::Number(number) => Value::Number(other_number(with, number)),
        Value::String(text) => Value::String(other_text(with, &text)),
        Value::Array(list) => list.into_iter().map(|one| replaced(with, one)).collect(),
        Value::Object(object) => {
            let members = object
                .into_iter()
                .map(|(key, value)| (other_key(with, key), replaced(with, value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// Addresses, numbers and ids are what they are elsewhere, so that a link to another object stays one.
fn other_text(with: &Replacer, text: &str) -> String {
    if is_email(text) {
        with.email(text)
    } else if is_phone(text) {
        with.phone(text)
    } else if is_id(text) {
        with.id(text)
    } else {
        with.text(text)
    }
}

/// A key that is data itself is replaced too, such as an address or a number.
fn other_key(with: &Replacer, key: String) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let digits = key.chars().filter(char::is_ascii_digit).count();
    let is_name =
        key.len() <= LONGEST_KEY && key.chars().all(plain) && digits <= SHORT && !is_id(&key);
    if is_name { key } else { other_text(with, &key) }
}

fn other_number(with: &Replacer, number: Number) -> Number {
    let text = number.to_string();
    let (value, exponent) = text.split_at(text.find(['e', 'E']).unwrap_or(text.len()));
    let digits = value.chars().filter(char::is_ascii_digit).count();
    if digits <= SHORT {
        return number;
    }
    let other = with.digits(value) + exponent;
    serde_json::from_str(&other).unwrap_or_else(|_| Number::from(0))
}

fn is_email(text: &str) -> bool {
    let domain = text.split_once('@').map_or("", |(_, domain)| domain);
    domain.contains('.') && !text.contains(char::is_whitespace) && !text.contains('/')
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_id(text: &str) -> bool {
    let parts = text.split_once('_');
    parts.is_some_and(|(kind, rest)| {
        kind.bytes().all(|byte| byte.is_ascii_lowercase())
            && rest.len() == ID
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structure_stays_and_nothing_that_says_who_it_is() {
        let with = Replacer::new().unwrap();
        let text = r#"{"plan":"pro","seats":25,"beta":true,"none":null,"born":19790115,"pi":3.14159,"e":12345e7,
            "mail":"ada@acme.com","phone":"+15551234567","who":"user_2abcdefghijklmnopqrstuvwxyz",
            "by":{"ada@acme.com":["Grüße, 你好 😀"]}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        let other = replaced(&with, value.clone());
        assert_eq!(other, replaced(&with, value.clone()));
        for name in ["seats", "beta", "none"] {
            assert_eq!(other[name], value[name], "{name}");
        }
        for name in ["plan", "born", "pi", "e", "mail", "phone", "who", "by"] {
            assert_ne!(other[name], value[name], "{name}");
        }
        assert_eq!(other["mail"], with.email("ada@acme.com"));
        let by = other["by"].as_object().unwrap();
        let list = &by[&with.email("ada@acme.com")];
        let greeting = list[0].as_str().unwrap();
        assert_eq!(greeting.len(), "Grüße, 你好 😀".len(), "{greeting}");
        assert_eq!(other["plan"].as_str().unwrap().len(), 3);
        let born = other["born"].to_string();
        assert_eq!(born.len(), 8, "{born}");
        assert!(other["e"].to_string().ends_with("e7") || other["e"].to_string().contains('+'));
    }
}

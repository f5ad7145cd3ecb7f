//! JSON that users give: strict, with the place of a mistake, and kept as its exact text (reliability.md 8.5).

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::problem::{Outcome, Problem};

/// What is wrong with a JSON text.
#[derive(Debug)]
pub enum Mistake {
    /// It is no JSON.
    Text(Box<Problem>),
    /// It is JSON of another shape.
    Shape(Box<Problem>),
}

impl From<Mistake> for Box<Problem> {
    fn from(mistake: Mistake) -> Self {
        match mistake {
            Mistake::Text(problem) | Mistake::Shape(problem) => problem,
        }
    }
}

/// The exact text of a JSON object.
///
/// # Errors
/// The text is no JSON, or no object; the problem names it by its label.
pub fn object(label: &str, text: &str) -> Result<Box<RawValue>, Mistake> {
    let raw = strict(label, text).map_err(Mistake::Text)?;
    if raw.get().starts_with('{') {
        return Ok(raw);
    }
    let problem = Problem::usage(format!("{label} takes a JSON object"));
    Err(Mistake::Shape(problem))
}

/// The exact text of a JSON array of objects, and how many there are.
///
/// # Errors
/// The text is no JSON, or no array of objects.
pub fn records(label: &str, text: &str) -> Result<(Box<RawValue>, usize), Mistake> {
    let raw = strict(label, text).map_err(Mistake::Text)?;
    let rows: Option<Vec<&RawValue>> = serde_json::from_str(raw.get()).ok();
    match rows {
        Some(rows) if rows.iter().all(|row| row.get().starts_with('{')) => {
            let count = rows.len();
            Ok((raw, count))
        }
        _ => {
            let problem = Problem::usage(format!("{label} takes a JSON array of objects"));
            Err(Mistake::Shape(problem))
        }
    }
}

/// Checks a JSON text without keeping anything of it: syntax, depth, and that no key is given twice.
///
/// # Errors
/// The first mistake, with its line and column in the text.
pub fn check(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<Strict>(text).map(|Strict| ())
}

/// What a JSON error says, without its place.
#[must_use]
pub fn complaint(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let what = whole.split(" at line ").next().unwrap_or(&whole);
    what.to_owned()
}

/// Reads any JSON text, refusing repeated keys.
fn strict(label: &str, text: &str) -> Outcome<Box<RawValue>> {
    let text = text.trim();
    if let Err(error) = check(text) {
        let (line, column) = (error.line(), error.column());
        let what = complaint(&error);
        return Err(Problem::usage(format!(
            "{label} is not valid JSON: {what} (line {line}, column {column})"
        )));
    }
    RawValue::from_string(text.to_owned())
        .map_err(|error| Problem::usage(format!("{label} is not valid JSON: {error}")))
}

/// Reads JSON for nothing but its mistakes.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict)
    }
    fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
        Ok(Strict)
    }
    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
        while seq.next_element::<Strict>()?.is_some() {}
        Ok(Strict)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(A::Error::custom(format!("the key {key:?} is given twice")));
            }
            map.next_value::<Strict>()?;
            seen.insert(key);
        }
        Ok(Strict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_stays_exact() {
        let text = r#"{"big": 12345678901234567890123, "b":1,"a":[1.50, null]}"#;
        assert_eq!(object("--public", text).unwrap().get(), text);
    }

    #[test]
    fn mistakes_name_label_line_and_column() {
        let message =
            |text: &str| Box::<Problem>::from(object("--public", text).unwrap_err()).message;
        insta::assert_snapshot!(message("{\n  \"a\": }"), @"--public is not valid JSON: expected value (line 2, column 8)");
        insta::assert_snapshot!(message("{\"a\":1,\"b\":{\"c\":1,\"c\":2}}"), @r#"--public is not valid JSON: the key "c" is given twice (line 1, column 21)"#);
        insta::assert_snapshot!(message("[1]"), @"--public takes a JSON object");
        insta::assert_snapshot!(message("{\"a\":NaN}"), @"--public is not valid JSON: expected value (line 1, column 6)");
        insta::assert_snapshot!(message("{} {}"), @"--public is not valid JSON: trailing characters (line 1, column 4)");
    }

    #[test]
    fn records_are_objects_and_counted() {
        assert_eq!(records("--rows", r#"[{"a":1},{"a":2}]"#).unwrap().1, 2);
        assert!(records("--rows", "[1]").is_err());
        assert!(records("--rows", "{}").is_err());
    }
}

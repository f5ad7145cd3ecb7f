//! From the texts of one argument to its JSON.

use clerk_api::declare::{Field, Kind};
use clerk_api::time::{Rfc3339, Timestamp};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::source::Inputs;
use super::spelling::Label;
use super::{instant, json};
use crate::problem::{Outcome, Problem};

/// An argument whose value is read.
pub(crate) struct Value<'a> {
    pub(crate) field: &'a Field,
    pub(crate) label: &'a Label,
}

impl Value<'_> {
    /// The JSON of a single value. Only JSON and uploads come from files, and only where somebody may name them; any other
    /// text is what it says.
    pub(crate) fn json(&self, given: &str, inputs: Option<&mut Inputs>) -> Outcome<Box<RawValue>> {
        let label = self.label;
        match (self.field.kind, inputs) {
            (Kind::Upload, Some(inputs)) => raw(label, &inputs.upload(label.as_str(), given)?),
            (Kind::Object | Kind::Records(_), Some(inputs)) => {
                self.parsed(&inputs.text(label.as_str(), given)?)
            }
            _ => self.parsed(given),
        }
    }

    /// The JSON of a value's text.
    pub(crate) fn parsed(&self, text: &str) -> Outcome<Box<RawValue>> {
        let label = self.label;
        match self.field.kind {
            Kind::Object => self.typed(json::object(label.as_str(), text), OBJECT),
            Kind::Records(_) => {
                let records = json::records(label.as_str(), text);
                self.typed(records.map(|(records, _)| records), RECORDS)
            }
            Kind::Boolean => match text {
                "true" => raw(label, &true),
                "false" => raw(label, &false),
                _ => Err(Problem::usage(format!(
                    "{label} takes true or false, not {text:?}"
                ))),
            },
            Kind::Integer => raw(label, &whole(label, text)?),
            Kind::Limit if whole(label, text)? < 1 => Err(Problem::usage(format!(
                "{label} takes a number of at least 1, not {text}"
            ))),
            Kind::Offset if whole(label, text)? < 0 => Err(Problem::usage(format!(
                "{label} takes a number of at least 0, not {text}"
            ))),
            Kind::Limit | Kind::Offset => raw(label, &whole(label, text)?),
            Kind::Millis => raw(label, &moment(label, text)?),
            Kind::Instant => raw(
                label,
                &Rfc3339(Timestamp::from_millis(moment(label, text)?)),
            ),
            Kind::Order(keys) => order(label, keys, text),
            Kind::Upload => Err(Problem::usage(format!("{label} takes one file"))),
            _ => raw(label, &text),
        }
    }

    /// Says how JSON of another shape is written, to a person who typed it.
    fn typed(
        &self,
        read: Result<Box<RawValue>, json::Mistake>,
        example: &str,
    ) -> Outcome<Box<RawValue>> {
        let label = self.label;
        read.map_err(|mistake| match mistake {
            json::Mistake::Shape(problem) if label.is_typed() => problem.hint(format!(
                "write it as {label} '{example}', or {label} @file.json"
            )),
            json::Mistake::Shape(problem) | json::Mistake::Text(problem) => problem,
        })
    }
}

/// What an object looks like.
const OBJECT: &str = r#"{"plan":"pro"}"#;
/// What several look like.
const RECORDS: &str = "[{…},{…}]";

/// The JSON list of an argument that takes several values. With commas, one text can hold several of them.
pub(crate) fn list(
    field: &Field,
    label: &Label,
    given: &[&str],
    commas: bool,
) -> Outcome<Box<RawValue>> {
    let value = Value { field, label };
    let mut items = Vec::new();
    for given in given {
        let parts = if commas {
            parts(field.kind, label, given)?
        } else {
            vec![*given]
        };
        for text in parts {
            items.push(value.parsed(text)?);
        }
    }
    raw(label, &items)
}

/// The list of nothing.
pub(crate) fn empty_list(label: &Label) -> Outcome<Box<RawValue>> {
    raw::<[(); 0]>(label, &[])
}

/// The values in one text of several: commas separate them, unless a value of this kind can hold one.
pub(crate) fn parts<'a>(kind: Kind, label: &Label, given: &'a str) -> Outcome<Vec<&'a str>> {
    if !kind.is_without_commas() || !given.contains(',') {
        return Ok(vec![given]);
    }
    let parts: Vec<&str> = given.split(',').map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Err(Problem::usage(format!(
            "{label} has a comma with no value next to it: {given:?}"
        )));
    }
    Ok(parts)
}

fn raw<T: Serialize + ?Sized>(label: &Label, value: &T) -> Outcome<Box<RawValue>> {
    to_raw_value(value).map_err(|error| Problem::usage(format!("{label}: {error}")))
}

fn whole(label: &Label, text: &str) -> Outcome<i64> {
    text.parse()
        .map_err(|_| Problem::usage(format!("{label} takes a whole number, not {text:?}")))
}

fn moment(label: &Label, text: &str) -> Outcome<i64> {
    instant::millis(text).ok_or_else(|| {
        Problem::usage(format!("{label} takes a date or time, not {text:?}"))
            .hint("write 2026-01-31, 2026-01-31T12:00:00Z, or milliseconds since 1970")
    })
}

fn order(label: &Label, keys: &[&str], text: &str) -> Outcome<Box<RawValue>> {
    let key = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !keys.contains(&key) {
        let known = keys.join(", ");
        return Err(Problem::usage(format!(
            "{label} takes one of {known}, with - in front for descending, not {text:?}"
        )));
    }
    raw(label, text.strip_prefix('+').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use clerk_api::declare::Place;
    use clerk_api::form;
    use clerk_api::ops::find;

    use super::*;
    use crate::input::spelling::Spelling;

    fn field(kind: Kind) -> Field {
        Field::new("x", Place::Query, kind)
    }

    fn label() -> Label {
        let meta = find("users.list").unwrap().meta;
        Spelling::Flags.label(meta, &field(Kind::Text))
    }

    fn parse(kind: Kind, text: &str) -> Result<String, String> {
        let value = Value {
            field: &field(kind),
            label: &label(),
        };
        value
            .parsed(text)
            .map(|raw| raw.get().to_owned())
            .map_err(|failure| failure.message)
    }

    #[test]
    fn each_kind_has_its_json() {
        assert_eq!(parse(Kind::Text, "").unwrap(), "\"\"");
        assert_eq!(parse(Kind::Boolean, "false").unwrap(), "false");
        assert_eq!(parse(Kind::Millis, "2026-01-01").unwrap(), "1767225600000");
        assert_eq!(
            parse(Kind::Instant, "1767225600000").unwrap(),
            "\"2026-01-01T00:00:00Z\""
        );
        assert_eq!(
            parse(Kind::Order(&["created_at"]), "-created_at").unwrap(),
            "\"-created_at\""
        );
        assert_eq!(
            parse(Kind::Order(&["created_at"]), "+created_at").unwrap(),
            "\"created_at\""
        );
        assert_eq!(parse(Kind::Object, " {\"a\":1} ").unwrap(), "{\"a\":1}");
    }

    #[test]
    fn commas_separate_where_no_value_can_hold_one() {
        let parts = |kind, text| parts(kind, &label(), text).map(|parts| parts.join("|"));
        for kind in [
            Kind::Form(&form::EMAIL),
            Kind::Form(&form::WORD),
            Kind::Choice(&[]),
        ] {
            assert_eq!(parts(kind, "a, b,c").unwrap(), "a|b|c");
            assert_eq!(parts(kind, "a").unwrap(), "a");
            assert!(parts(kind, "a,,b").is_err());
            assert!(parts(kind, "a,").is_err());
        }
        for kind in [Kind::Text, Kind::Secret] {
            assert_eq!(parts(kind, "a, b").unwrap(), "a, b");
        }
    }

    #[test]
    fn wrong_values_name_the_flag_and_the_value() {
        for (kind, text) in [
            (Kind::Limit, "0"),
            (Kind::Limit, "10.0"),
            (Kind::Offset, "-1"),
            (Kind::Integer, "many"),
            (Kind::Boolean, "yes"),
            (Kind::Millis, "yesterday"),
            (Kind::Order(&["created_at"]), "size"),
        ] {
            let message = parse(kind, text).unwrap_err();
            assert!(
                message.starts_with("--x takes") && message.contains(text),
                "{message}"
            );
        }
    }
}

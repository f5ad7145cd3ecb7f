//! From the values of one flag to the JSON of one argument.

use clerk_api::endpoint::{Field, Kind};
use clerk_api::time::{Rfc3339, Timestamp};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::input::Inputs;
use crate::json_input;
use clerk_api_admin::input::instant;
use clerk_api_admin::problem::{Outcome, Problem};

/// The JSON of a single value. Only JSON and uploads come from files; any other text is what it says.
pub(crate) fn json(
    field: &Field,
    flag: &str,
    given: &str,
    inputs: &mut Inputs,
) -> Outcome<Box<RawValue>> {
    match field.kind {
        Kind::Upload => raw(flag, &inputs.upload(flag, given)?),
        Kind::Object | Kind::Records(_) => parsed(field, flag, &inputs.json(flag, given)?),
        _ => parsed(field, flag, given),
    }
}

/// The JSON list of a repeatable flag.
pub(crate) fn list(field: &Field, flag: &str, given: &[String]) -> Outcome<Box<RawValue>> {
    let mut items = Vec::new();
    for given in given {
        for text in parts(field.kind, flag, given)? {
            items.push(parsed(field, flag, text)?);
        }
    }
    raw(flag, &items)
}

/// The values in one argument of several: commas separate them, unless a value of this kind can hold one.
pub(crate) fn parts<'a>(kind: Kind, flag: &str, given: &'a str) -> Outcome<Vec<&'a str>> {
    if !kind.is_without_commas() || !given.contains(',') {
        return Ok(vec![given]);
    }
    let parts: Vec<&str> = given.split(',').map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Err(Problem::usage(format!(
            "{flag} has a comma without a value beside it: {given:?}"
        )));
    }
    Ok(parts)
}

/// The JSON of a value's text.
pub(crate) fn parsed(field: &Field, flag: &str, text: &str) -> Outcome<Box<RawValue>> {
    match field.kind {
        Kind::Object => json_input::object(flag, text),
        Kind::Records(_) => json_input::records(flag, text).map(|(records, _)| records),
        Kind::Boolean => match text {
            "true" => raw(flag, &true),
            "false" => raw(flag, &false),
            _ => Err(Problem::usage(format!(
                "{flag} takes true or false, not {text:?}"
            ))),
        },
        Kind::Integer => raw(flag, &whole(flag, text)?),
        Kind::Limit if whole(flag, text)? < 1 => Err(Problem::usage(format!(
            "{flag} takes a number from 1 up, not {text}"
        ))),
        Kind::Offset if whole(flag, text)? < 0 => Err(Problem::usage(format!(
            "{flag} takes a number from 0 up, not {text}"
        ))),
        Kind::Limit | Kind::Offset => raw(flag, &whole(flag, text)?),
        Kind::Millis => raw(flag, &moment(flag, text)?),
        Kind::Instant => raw(flag, &Rfc3339(Timestamp::from_millis(moment(flag, text)?))),
        Kind::Order(keys) => order(flag, keys, text),
        Kind::Upload => Err(Problem::usage(format!("{flag} takes one file"))),
        Kind::Text
        | Kind::Secret
        | Kind::Form(_)
        | Kind::Choice(_)
        | Kind::Id { .. }
        | Kind::Cursor
        | Kind::IdempotencyKey => raw(flag, &text),
    }
}

fn raw(flag: &str, value: &(impl Serialize + ?Sized)) -> Outcome<Box<RawValue>> {
    to_raw_value(value).map_err(|error| Problem::usage(format!("{flag}: {error}")))
}

fn whole(flag: &str, text: &str) -> Outcome<i64> {
    text.parse()
        .map_err(|_| Problem::usage(format!("{flag} takes a whole number, not {text:?}")))
}

fn moment(flag: &str, text: &str) -> Outcome<i64> {
    instant::millis(text).ok_or_else(|| {
        Problem::usage(format!("{flag} takes a moment, not {text:?}"))
            .hint("write 2026-01-31, 2026-01-31T12:00:00Z, or milliseconds since 1970")
    })
}

fn order(flag: &str, keys: &[&str], text: &str) -> Outcome<Box<RawValue>> {
    let key = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !keys.contains(&key) {
        let known = keys.join(", ");
        return Err(Problem::usage(format!(
            "{flag} takes one of {known}, with - in front for descending, not {text:?}"
        )));
    }
    raw(flag, text.strip_prefix('+').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use clerk_api::endpoint::Place;
    use clerk_api::form;

    use super::*;

    fn field(kind: Kind) -> Field {
        Field {
            name: "x",
            alias: None,
            place: Place::Query,
            kind,
            doc: "",
            required: false,
            many: false,
            nullable: false,
            signed: false,
            joined: false,
            range: None,
        }
    }

    fn parse(kind: Kind, text: &str) -> Result<String, String> {
        parsed(&field(kind), "--x", text)
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
        let parts = |kind, text| parts(kind, "--x", text).map(|parts| parts.join("|"));
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

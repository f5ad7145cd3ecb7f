//! Schema errors as short reasons, after the documented deviations are taken out.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::deviations::{Deviation, SCHEMAS, Wire};
use crate::dialect::Direction;

/// A reason quotes values; longer ones are cut here.
const MAX_REASON: usize = 240;

/// One thing that is wrong with a value.
#[derive(Debug)]
pub(crate) struct Flaw {
    /// JSON pointer into the value.
    pub(crate) pointer: String,
    /// Location of the broken keyword in the specification.
    pub(crate) rule: String,
    pub(crate) reason: String,
}

/// What is wrong with a value, and what excused the rest.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) flaws: Vec<Flaw>,
    pub(crate) used: BTreeSet<Deviation>,
}

impl Findings {
    pub(crate) fn merge(&mut self, other: Self) {
        self.flaws.extend(other.flaws);
        self.used.extend(other.used);
    }
}

/// Turns one error into flaws. Where every alternative failed, the nearest one speaks.
pub(crate) fn explain(error: &ValidationError<'_>, direction: Direction) -> Findings {
    let mut findings = Findings::default();
    if let Some(deviation) = excuse(error, direction) {
        findings.used.insert(deviation);
        return findings;
    }
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            nearest(error, context, direction)
        }
        _ => {
            findings.flaws.push(flaw(error));
            findings
        }
    }
}

fn nearest(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    direction: Direction,
) -> Findings {
    let here = error.instance_path().as_str();
    let explained = context.iter().enumerate().map(|(index, errors)| {
        let mut findings = Findings::default();
        for error in errors {
            findings.merge(explain(error, direction));
        }
        let distance: u32 = errors.iter().map(|error| distance(error, here)).sum();
        // A later branch wins a tie: the first one of a nullable value is the null.
        let rank = (
            !findings.flaws.is_empty(),
            distance,
            findings.flaws.len(),
            Reverse(index),
        );
        (rank, findings)
    });
    let best = explained.min_by_key(|(rank, _)| *rank);
    best.map_or_else(
        || Findings {
            flaws: vec![flaw(error)],
            used: BTreeSet::new(),
        },
        |(_, findings)| findings,
    )
}

/// How much an error says that another alternative was meant: the whole value is of another
/// kind, or one of its properties (`object`, `status`) names another alternative.
fn distance(error: &ValidationError<'_>, here: &str) -> u32 {
    let deeper = error
        .instance_path()
        .as_str()
        .strip_prefix(here)
        .unwrap_or("");
    match error.kind() {
        ValidationErrorKind::Type { .. } | ValidationErrorKind::Enum { .. }
            if deeper.is_empty() =>
        {
            2
        }
        ValidationErrorKind::Enum { .. } if deeper.matches('/').count() == 1 => 1,
        _ => 0,
    }
}

fn flaw(error: &ValidationError<'_>) -> Flaw {
    let mut reason = error.to_string();
    if let Some((cut, _)) = reason.char_indices().nth(MAX_REASON) {
        reason.truncate(cut);
        reason.push('…');
    }
    Flaw {
        pointer: error.instance_path().as_str().to_owned(),
        rule: error.schema_path().as_str().to_owned(),
        reason,
    }
}

fn excuse(error: &ValidationError<'_>, direction: Direction) -> Option<Deviation> {
    if direction == Direction::Request {
        return None;
    }
    let at = error.schema_path().as_str();
    let entries = SCHEMAS.iter().filter(|entry| entry.at == at);
    let excuses = |wire: Wire| match (wire, error.kind()) {
        (Wire::Null, _) => error.instance().is_null(),
        (Wire::Absent(name), ValidationErrorKind::Required { property }) => {
            property == &Value::from(name)
        }
        (Wire::Extra(name), ValidationErrorKind::AdditionalProperties { unexpected }) => {
            unexpected.iter().all(|other| other == name)
        }
        (Wire::Absent(_) | Wire::Extra(_), _) => false,
    };
    entries
        .into_iter()
        .find(|entry| excuses(entry.wire))
        .map(Deviation::Schema)
}

#[cfg(test)]
mod tests {
    use crate::dialect::Direction;
    use crate::schemas::Schemas;
    use serde_json::{Value, json};

    fn reasons(schema: &Value, value: &Value) -> Vec<String> {
        let document = json!({"schema": schema});
        let findings = Schemas::default()
            .check(&document, "/schema", Direction::Answer, value)
            .unwrap();
        findings
            .flaws
            .into_iter()
            .map(|flaw| format!("{} {}", flaw.pointer, flaw.reason))
            .collect()
    }

    #[test]
    fn the_nearest_alternative_speaks() {
        let kind = |name: &str, needs: &str| json!({"type": "object", "required": ["object", needs], "properties": {"object": {"enum": [name]}}});
        let schema =
            json!({"type": "object", "nullable": true, "oneOf": [kind("a", "x"), kind("b", "y")]});
        assert_eq!(
            reasons(&schema, &json!({"object": "b"})),
            [" \"y\" is a required property"]
        );
        assert_eq!(reasons(&schema, &json!({"object": "b", "y": 1})), [""; 0]);
        assert_eq!(reasons(&schema, &json!(null)), [""; 0]);
    }

    #[test]
    fn a_wrong_kind_of_value_is_named_so() {
        let schema = json!({"nullable": true, "allOf": [{"type": "object"}]});
        assert_eq!(
            reasons(&schema, &json!("x")),
            [" \"x\" is not of type \"object\""]
        );
    }

    #[test]
    fn long_reasons_are_cut() {
        let reason = reasons(&json!({"type": "integer"}), &json!("ä".repeat(1000))).remove(0);
        assert!(
            reason.chars().count() < 250 && reason.ends_with('…'),
            "{reason}"
        );
    }
}

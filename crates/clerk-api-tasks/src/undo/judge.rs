//! Whether an object is still as the job left it. What somebody changed since is left alone.

use clerk_api::declare::{Effect, Field, Kind};
use serde_json::Value;
use serde_json::value::RawValue;

use super::metadata::{self, Standing};
use super::part::Part;
use super::table::Inverse;
use crate::job::State;

/// What is to be done about a request of the old job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is to be undone.
    Send,
    /// Nothing is sent: this state, for this reason.
    Settled(State, String),
}

use Verdict::{Send, Settled};

/// Judges by what is there now. `alone` says that the job did nothing but this operation.
pub(super) fn judge(part: &Part, now: Option<&Value>, alone: bool) -> Verdict {
    match (part.inverse, now) {
        (Inverse::Take(_), None) if part.call.meta.effect == Effect::Destroy => {
            Settled(State::SkippedAbsent, "it is gone already".to_owned())
        }
        (Inverse::Take(_), Some(now)) => made(part, now, alone),
        (Inverse::Anew(_), Some(_)) => already(),
        (Inverse::Join, Some(now)) if now["role"] == part.before["role"] => already(),
        (Inverse::Join, Some(_)) => drift("the user is a member again, with another role"),
        (Inverse::Anew(_) | Inverse::Join | Inverse::Take(_), None) => Send,
        (_, None) => Settled(
            State::Rejected,
            "cannot be undone: the object is not there any more".to_owned(),
        ),
        (Inverse::Opposite(_), Some(_)) => opposite(part),
        (Inverse::Fields, Some(now)) => fields(part, now),
        (Inverse::Merge, Some(now)) => merged(part, now),
        (Inverse::Whole, Some(now)) => replaced(part, now),
    }
}

/// An object that the job made: it goes only as it was made, and while nobody uses it.
fn made(part: &Part, now: &Value, alone: bool) -> Verdict {
    let lookup = part.meta.lookup;
    if lookup.is_some_and(|lookup| !lookup.matches(&part.line.args, now)) {
        return drift("it was changed since");
    }
    for (field, sent) in part.sent() {
        let there = &now[field.name];
        let is_other = matches!(field.kind, Kind::Object)
            && sent.get() != "null"
            && !metadata::same(there, &value(sent));
        if is_other {
            return drift(&format!("its {} was changed since", field.name));
        }
    }
    if now["last_sign_in_at"].is_i64() {
        return drift("the user has signed in since");
    }
    let first = u64::from(part.line.args.has("created_by"));
    if alone
        && now["members_count"]
            .as_u64()
            .is_some_and(|count| count > first)
    {
        return drift("it has got members since");
    }
    Send
}

fn opposite(part: &Part) -> Verdict {
    let Some((member, made)) = part.meta.makes else {
        return Send;
    };
    let made: Value = serde_json::from_str(made).unwrap_or_default();
    if part.before[member] == made {
        return already();
    }
    // Whether it is the other way again is seen like for any other change.
    Send
}

fn fields(part: &Part, now: &Value) -> Verdict {
    let mut other = Vec::new();
    let mut left = false;
    for (field, sent) in part
        .sent()
        .filter(|(field, _)| part.call.args.get(field.name).is_some())
    {
        let there = &now[field.name];
        if agrees(field, there, &part.before[field.name]) {
            continue;
        }
        left = true;
        if !agrees(field, there, &value(sent)) {
            other.push(field.name);
        }
    }
    match (left, other.is_empty()) {
        (false, _) => already(),
        (true, true) => Send,
        (true, false) => changed(&other),
    }
}

fn merged(part: &Part, now: &Value) -> Verdict {
    let standing = |(field, sent): (&Field, &RawValue)| {
        let standing = metadata::standing(&now[field.name], &value(sent), &part.before[field.name]);
        (field.name, standing)
    };
    by_standing(part.sent().map(|(field, sent)| standing((field, sent))))
}

fn replaced(part: &Part, now: &Value) -> Verdict {
    by_standing(part.sent().map(|(field, sent)| {
        let there = &now[field.name];
        let standing = if metadata::same(there, &part.before[field.name]) {
            Standing::Before
        } else if metadata::same(there, &value(sent)) {
            Standing::Sent
        } else {
            Standing::Other
        };
        (field.name, standing)
    }))
}

fn by_standing<'n>(all: impl Iterator<Item = (&'n str, Standing)>) -> Verdict {
    let all: Vec<(&str, Standing)> = all.collect();
    let of = |wanted: Standing| all.iter().filter(move |(_, standing)| *standing == wanted);
    let other: Vec<&str> = of(Standing::Other).map(|(name, _)| *name).collect();
    if !other.is_empty() {
        return changed(&other);
    }
    match of(Standing::Sent).count() {
        0 => already(),
        _ => Send,
    }
}

/// Whether a value that an object shows is this one. Instants are numbers there and texts in requests.
fn agrees(field: &Field, there: &Value, wanted: &Value) -> bool {
    if matches!(field.kind, Kind::Instant) {
        return instant(there).is_some() && instant(there) == instant(wanted);
    }
    match (there, wanted) {
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        (Value::Null, Value::Number(number)) => number.as_u64() == Some(0),
        (Value::String(there), Value::String(wanted)) => {
            there.to_lowercase() == wanted.to_lowercase()
        }
        _ => metadata::same(there, wanted),
    }
}

/// An instant in milliseconds; null is one of its own.
fn instant(value: &Value) -> Option<Option<i64>> {
    match value {
        Value::Null => Some(None),
        Value::Number(millis) => millis.as_i64().map(Some),
        Value::String(text) => {
            let instant: jiff::Timestamp = text.parse().ok()?;
            Some(Some(instant.as_millisecond()))
        }
        _ => None,
    }
}

fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

fn already() -> Verdict {
    Settled(State::SkippedExisting, "it is as before already".to_owned())
}

fn changed(names: &[&str]) -> Verdict {
    drift(&format!("somebody changed {} since", names.join(", ")))
}

fn drift(what: &str) -> Verdict {
    Settled(State::SkippedDrift, what.to_owned())
}

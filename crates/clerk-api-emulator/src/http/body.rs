//! JSON bodies, read field by field so that one response can name everything that is wrong with one.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::{self, ApiError};
use super::metadata;
use super::problem::{self, Problem};
use super::unread::Unread;
use super::version::ApiVersion;
use crate::lab::clock;

/// What a body says about one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Given<T> {
    /// Not mentioned: keep what is there.
    #[default]
    Absent,
    /// Explicitly null: clear it.
    Null,
    /// A value.
    Value(T),
}

impl<T> Given<T> {
    /// Returns the value, making null and absence one.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Writes the value, or nothing for null, over what is there; true if the field was given.
    pub(crate) fn apply(self, slot: &mut Option<T>) -> bool {
        match self {
            Self::Absent => return false,
            Self::Null => *slot = None,
            Self::Value(value) => *slot = Some(value),
        }
        true
    }

    fn map<U>(self, f: impl FnOnce(T) -> Option<U>) -> Given<U> {
        match self {
            Self::Absent => Given::Absent,
            Self::Null => Given::Null,
            Self::Value(value) => f(value).map_or(Given::Absent, Given::Value),
        }
    }
}

/// What happens to fields that the endpoint does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    Refuse,
    Ignore,
}

/// One JSON object under inspection. A field that was asked for is used up; `finish` complains about the rest.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    fields: BTreeMap<String, &'a RawValue>,
    problems: Vec<Problem>,
    unread: Option<Arc<Unread>>,
}

impl<'a> Body<'a> {
    /// Reads a body; an empty one and `null` are an object without fields.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, ApiError> {
        let fields = if bytes.trim_ascii().is_empty() {
            BTreeMap::new()
        } else {
            serde_json::from_slice::<Option<BTreeMap<String, &RawValue>>>(bytes)
                .map_err(|_| error::body_invalid("The request body must be a JSON object."))?
                .unwrap_or_default()
        };
        Ok(Self::of(fields))
    }

    fn of(fields: BTreeMap<String, &'a RawValue>) -> Self {
        let unread = Unread::current();
        if let Some(unread) = &unread {
            unread.read_body();
        }
        Self {
            fields,
            problems: Vec::new(),
            unread,
        }
    }

    /// Reads a body that is an array of objects, as bulk endpoints take.
    pub(crate) fn parse_many(bytes: &'a [u8]) -> Result<Vec<Self>, ApiError> {
        let items: Vec<BTreeMap<String, &RawValue>> =
            serde_json::from_slice(bytes).map_err(|_| {
                error::body_invalid("The request body must be a JSON array of objects.")
            })?;
        Ok(items.into_iter().map(Self::of).collect())
    }

    /// Notes something wrong.
    pub(crate) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes what a check has found.
    pub(crate) fn check(&mut self, outcome: Result<(), Problem>) {
        self.problems.extend(outcome.err());
    }

    /// Returns whether no problem was found so far.
    pub(crate) fn is_good(&self) -> bool {
        self.problems.is_empty()
    }

    /// Uses up a field without reading it; true if it was there.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.fields.remove(name).is_some()
    }

    pub(crate) fn text(&mut self, name: &str) -> Given<String> {
        self.typed(name, "string")
    }

    pub(crate) fn flag(&mut self, name: &str) -> Given<bool> {
        self.typed(name, "boolean")
    }

    pub(crate) fn whole(&mut self, name: &str) -> Given<i64> {
        self.typed(name, "integer")
    }

    pub(crate) fn texts(&mut self, name: &str) -> Given<Vec<String>> {
        self.typed(name, "list of strings")
    }

    /// An object of texts.
    pub(crate) fn text_map(&mut self, name: &str) -> Given<BTreeMap<String, String>> {
        self.typed(name, "object of strings")
    }

    /// A date and time, as Unix milliseconds.
    pub(crate) fn instant(&mut self, name: &str) -> Given<i64> {
        let given: Given<String> = self.text(name);
        given.map(|text| {
            let millis = clock::parse_rfc3339(&text);
            if millis.is_none() {
                self.problem(problem::time_invalid(name));
            }
            millis
        })
    }

    /// A metadata object, its text kept but for blanks between tokens.
    pub(crate) fn metadata(&mut self, name: &str) -> Given<Box<RawValue>> {
        let raw = match self.raw(name) {
            Given::Absent => return Given::Absent,
            Given::Null => return Given::Null,
            Given::Value(raw) => raw,
        };
        match metadata::accept(name, raw) {
            Ok(text) => Given::Value(text),
            Err(problem) => {
                self.problem(problem);
                Given::Absent
            }
        }
    }

    /// Reads metadata in an update. Until 2026-05-12 it replaced the stored one; since then it is refused, and the error
    /// says what to call `instead`.
    pub(crate) fn replace_metadata(
        &mut self,
        name: &'static str,
        slot: &mut Box<RawValue>,
        version: ApiVersion,
        instead: &'static str,
    ) {
        if version >= ApiVersion::V2026_05_12 {
            if self.take(name) {
                self.problem(problem::deprecated(name, instead));
            }
        } else if let Given::Value(text) = self.metadata(name) {
            *slot = text;
        }
    }

    /// Refuses null where the field may only be absent or a value.
    pub(crate) fn not_null<T>(&mut self, name: &str, given: Given<T>) -> Option<T> {
        if matches!(given, Given::Null) {
            self.problem(problem::null(name));
        }
        given.value()
    }

    /// Refuses absence and null; the default value stands in until `finish` fails.
    pub(crate) fn required<T: Default>(&mut self, name: &str, given: Given<T>) -> T {
        match given {
            Given::Value(value) => return value,
            Given::Null => self.problem(problem::null(name)),
            // A value of the wrong type is absent too, and has been reported.
            Given::Absent => self.missing(name),
        }
        T::default()
    }

    /// Notes that a field is absent, unless its value was already found to be wrong.
    pub(crate) fn missing(&mut self, name: &str) {
        if !self.reported(name) {
            self.problem(problem::missing(name));
        }
    }

    /// Ends the inspection with all that was found, if anything was.
    pub(crate) fn finish(mut self, unknown: Unknown) -> Result<(), ApiError> {
        let names = std::mem::take(&mut self.fields).into_keys();
        if unknown == Unknown::Refuse {
            self.problems
                .extend(names.map(|name| problem::unknown(&name)));
        } else if let Some(unread) = &self.unread {
            unread.leave(names)?;
        }
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::unprocessable(self.problems))
        }
    }

    fn reported(&self, name: &str) -> bool {
        self.problems.iter().any(|problem| problem.is_of(name))
    }

    fn raw(&mut self, name: &str) -> Given<&'a RawValue> {
        match self.fields.remove(name) {
            None => Given::Absent,
            Some(raw) if raw.get() == "null" => Given::Null,
            Some(raw) => Given::Value(raw),
        }
    }

    fn typed<T: DeserializeOwned>(&mut self, name: &str, wanted: &str) -> Given<T> {
        self.raw(name).map(|raw| {
            let value = serde_json::from_str(raw.get()).ok();
            if value.is_none() {
                self.problem(problem::type_invalid(name, wanted));
            }
            value
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_absent_null_or_values() {
        let mut body = Body::parse(br#"{"a":null,"b":"x","n":7}"#).expect("object");
        assert_eq!(body.text("a"), Given::Null);
        assert_eq!(body.text("b"), Given::Value("x".to_owned()));
        assert_eq!(body.whole("n"), Given::Value(7));
        assert_eq!(body.text("c"), Given::Absent);
        assert!(body.finish(Unknown::Refuse).is_ok());
    }

    #[test]
    fn empty_and_null_bodies_have_no_fields() {
        for bytes in [&b""[..], b" ", b"null"] {
            assert!(
                Body::parse(bytes)
                    .expect("no fields")
                    .finish(Unknown::Refuse)
                    .is_ok()
            );
        }
        for bytes in [&b"[]"[..], b"1", b"{", b"\"x\""] {
            assert!(Body::parse(bytes).is_err());
        }
    }

    #[test]
    fn every_problem_is_reported_once() {
        let mut body = Body::parse(br#"{"a":1,"n":1.5,"t":"soon","z":0}"#).expect("object");
        let given = body.text("a");
        body.required("a", given);
        body.whole("n");
        body.instant("t");
        let given = body.text("m");
        body.required("m", given);
        let error = body.finish(Unknown::Refuse).expect_err("five problems");
        let text = error.to_string();
        for code in [
            "form_param_type_invalid: `a`",
            "form_param_type_invalid: `n`",
            "form_param_invalid_time: t",
            "form_param_missing: m",
            "form_param_unknown: z",
        ] {
            assert_eq!(text.matches(code).count(), 1, "{code} in {text}");
        }
    }
}

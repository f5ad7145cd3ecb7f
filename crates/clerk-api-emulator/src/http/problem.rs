//! What can be wrong with a request's parameters: one entry of an error answer each.
//!
//! Codes are the vendor's; most words are ours, as the vendor calls them unstable.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

/// One entry of the `errors` array.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    message: Cow<'static, str>,
    long_message: Cow<'static, str>,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Map<String, Value>>,
}

impl Problem {
    pub(crate) fn new(
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
        long_message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            message: message.into(),
            long_message: long_message.into(),
            code,
            meta: None,
        }
    }

    /// Adds one value to `meta`.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.meta
            .get_or_insert_default()
            .insert(key.to_owned(), value.into());
        self
    }

    /// The parameter that is at fault, if it is one.
    pub(crate) fn param(&self) -> Option<&str> {
        self.meta.as_ref()?.get("param_name")?.as_str()
    }

    /// What is wrong, as a sentence.
    pub(crate) fn long(&self) -> &str {
        &self.long_message
    }

    /// Returns whether this is about the given parameter.
    pub(crate) fn is_of(&self, param: &str) -> bool {
        self.param() == Some(param)
    }

    /// Names the parameter that is at fault.
    #[must_use]
    pub(crate) fn of(self, param: &str) -> Self {
        self.with("param_name", param)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.long_message)
    }
}

pub(crate) fn missing(param: &str) -> Problem {
    Problem::new(
        "form_param_missing",
        "is missing",
        format!("{param} must be included."),
    )
    .of(param)
}

pub(crate) fn unknown(param: &str) -> Problem {
    Problem::new(
        "form_param_unknown",
        "is unknown",
        format!("{param} is not a valid parameter for this request."),
    )
    .of(param)
}

pub(crate) fn null(param: &str) -> Problem {
    Problem::new(
        "form_param_nil",
        "is null",
        format!("{param} can't be null."),
    )
    .of(param)
}

pub(crate) fn type_invalid(param: &str, wanted: &str) -> Problem {
    Problem::new(
        "form_param_type_invalid",
        "is invalid",
        format!("`{param}` must be a `{wanted}`."),
    )
    .of(param)
}

pub(crate) fn value_invalid(param: &str, value: &str) -> Problem {
    Problem::new(
        "form_param_value_invalid",
        "is invalid",
        format!("{value} does not match one of the allowed values for parameter {param}"),
    )
    .of(param)
}

/// `wanted` completes the sentence "… must be a valid".
pub(crate) fn format_invalid(param: &str, wanted: &str) -> Problem {
    Problem::new(
        "form_param_format_invalid",
        "is invalid",
        format!("{param} must be a valid {wanted}."),
    )
    .of(param)
}

pub(crate) fn date_invalid(param: &str) -> Problem {
    let text = format!("{param} must be a timestamp in milliseconds.");
    Problem::new("form_param_invalid_date", text.clone(), text).of(param)
}

pub(crate) fn time_invalid(param: &str) -> Problem {
    Problem::new(
        "form_param_invalid_time",
        "invalid format",
        format!("{param} must be a date and time in RFC3339 format."),
    )
    .of(param)
}

pub(crate) fn too_long(param: &str, most: usize) -> Problem {
    Problem::new(
        "form_param_max_length_exceeded",
        "exceeds maximum length",
        format!("{param} should not exceed {most} characters."),
    )
    .of(param)
}

pub(crate) fn too_short(param: &str, least: usize) -> Problem {
    Problem::new(
        "form_param_min_length_exceeded",
        "does not reach minimum length",
        format!("{param} should have at least {least} characters."),
    )
    .of(param)
}

pub(crate) fn too_large(param: &str, most: i64) -> Problem {
    Problem::new(
        "form_param_value_too_large",
        "Value too large",
        format!("{param} should not exceed {most}."),
    )
    .of(param)
}

pub(crate) fn too_many(param: &str, most: usize) -> Problem {
    Problem::new(
        "form_param_array_size_exceeded",
        "exceeds maximum size",
        format!("{param} should not exceed {most} items."),
    )
    .of(param)
}

pub(crate) fn duplicate(param: &str) -> Problem {
    Problem::new(
        "form_param_duplicate",
        "is duplicate",
        format!("{param} contains a value more than once."),
    )
    .of(param)
}

pub(crate) fn lengths_differ(param: &str, other: &str) -> Problem {
    Problem::new(
        "form_param_array_length_mismatch",
        "length mismatch",
        format!("{param} must have as many items as {other}."),
    )
    .of(param)
}

pub(crate) fn needs(param: &str, other: &str) -> Problem {
    Problem::new(
        "form_conditional_param_missing",
        "is missing",
        format!("{param} must be included together with {other}."),
    )
    .of(param)
}

pub(crate) fn only_with(param: &str, other: &str) -> Problem {
    Problem::new(
        "form_conditional_param_disallowed",
        "is not allowed",
        format!("{param} is only allowed together with {other}."),
    )
    .of(param)
}

pub(crate) fn deprecated(param: &str, instead: &str) -> Problem {
    Problem::new(
        "form_param_deprecated",
        "is deprecated",
        format!("{param} is deprecated and no longer accepted. Use {instead} instead."),
    )
    .of(param)
}

pub(crate) fn exists(param: &str, what: &str) -> Problem {
    let text = format!("That {what} is taken. Please try another.");
    Problem::new("form_identifier_exists", text.clone(), text).of(param)
}

/// Like `exists`, for what is no identifier of a person or an organization.
pub(crate) fn already_exists(param: &str, what: &str) -> Problem {
    let text = format!("There is another {what} with this {param}.");
    Problem::new("form_already_exists", text.clone(), text).of(param)
}

pub(crate) fn no_such(param: &str, long: impl Into<Cow<'static, str>>) -> Problem {
    Problem::new("form_resource_not_found", "is missing", long).of(param)
}

pub(crate) fn unverified(param: &str) -> Problem {
    Problem::new(
        "form_verification_needed",
        "is unverified",
        format!("{param} must be verified first."),
    )
    .of(param)
}

/// None of the parameters that identify a user was given.
pub(crate) fn data_missing(params: &[&str]) -> Problem {
    Problem::new(
        "form_data_missing",
        "missing data",
        format!("At least one of these is needed: {}.", params.join(", ")),
    )
    .with("param_names", json!(params))
}

//! The parts of objects that several kinds have.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::export::table::Json;

/// Text, borrowed from the object where it has no escapes: serde borrows within an `Option` only by a type of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The text itself.
pub(super) fn text(text: Option<Text<'_>>) -> Option<Cow<'_, str>> {
    text.map(|text| text.0)
}

/// A value as the API wrote it.
pub(super) fn json(value: Option<&RawValue>) -> Option<Json<'_>> {
    value.map(|value| Json(Cow::Borrowed(value.get())))
}

/// How something was verified.
#[derive(Debug, Deserialize)]
pub(super) struct Verification<'a> {
    #[serde(borrow)]
    pub(super) status: Option<Text<'a>>,
}

impl Verification<'_> {
    pub(super) fn is_done(&self) -> bool {
        self.status
            .as_ref()
            .is_some_and(|status| status.0 == "verified")
    }
}

/// Whether something is verified; what has no verification is not.
pub(super) fn is_verified(verification: Option<&Verification<'_>>) -> bool {
    verification.is_some_and(Verification::is_done)
}

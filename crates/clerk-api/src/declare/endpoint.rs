//! Operations with their types and without.

use serde::de::DeserializeOwned;

use super::effect::Form;
use super::member::Member;
use super::meta::Meta;
use crate::args::Args;

/// A type that a response is read as.
pub trait Model: DeserializeOwned {
    /// The form that the response must have.
    const FORM: Form;
    /// The members of the object, or of each row of a list; none where they are not known.
    const MEMBERS: &'static [Member] = &[];
}

/// The response of a list: a [`Model`] that has rows.
pub trait ListModel: Model {
    /// What each row is read as.
    type Row: DeserializeOwned;
}

impl Model for () {
    const FORM: Form = Form::Nothing;
}

/// An operation with its types: a request struct that knows its `Meta` and its response.
pub trait Endpoint {
    /// What the response is read as.
    type Output: Model;
    /// The operation's facts.
    const META: &'static Meta;
    /// The arguments that were set, as JSON.
    fn args(&self) -> Args;
}

/// An operation without its types, for callers that have names and JSON.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Op {
    /// The operation's facts.
    pub meta: &'static Meta,
    /// Reads a response as the operation's type, to check that it fits.
    pub check: fn(&[u8]) -> Result<(), serde_json::Error>,
}

impl Op {
    /// The operation of a typed endpoint.
    #[must_use]
    pub const fn of<E: Endpoint>() -> Self {
        Self {
            meta: E::META,
            check: check::<E>,
        }
    }
}

fn check<E: Endpoint>(bytes: &[u8]) -> Result<(), serde_json::Error> {
    serde_json::from_slice::<E::Output>(bytes).map(|_| ())
}

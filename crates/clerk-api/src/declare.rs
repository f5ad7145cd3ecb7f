//! How an operation is declared: [`Meta`] and [`Field`] are its facts, [`Endpoint`] is an operation with its types.
//!
//! The declarations themselves are in [`ops`](crate::ops), one module per resource.

pub(crate) mod check;
mod effect;
mod endpoint;
mod field;
mod macros;
mod member;
mod meta;
mod rate;
mod resource;

pub use effect::{Class, Effect, Form, Paging, Verb};
pub use endpoint::{Endpoint, ListModel, Model, Op};
pub use field::{Field, Kind, Place};
pub use member::Member;
pub use meta::{Lookup, Meta, Second};
pub use rate::{RateClass, RateLimit};
pub use resource::{Group, Resource};

pub(crate) use field::wire_name;
pub(crate) use macros::{alias, endpoint, field, lookup, makes, place, range, rate, record};

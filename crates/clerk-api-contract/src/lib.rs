//! The judge: recorded HTTP exchanges against the official specification of the API.
//!
//! [`Judge`] holds the specification named by `CLERK_API_SPEC` and says of an [`Exchange`] what
//! is wrong with it; [`Report`] collects many verdicts; [`Spec::shape`] describes one operation
//! for tests that compare declarations with the specification. Test support only: nothing that
//! users run depends on this crate, and nothing made from the specification is kept.
#![warn(missing_docs)]

mod answer;
mod deviations;
mod dialect;
mod exchange;
mod explain;
mod judge;
mod multipart;
mod operation;
mod query;
mod report;
mod request;
mod schemas;
mod shape;
mod spec;
mod verdict;
mod yaml;

pub use deviations::{AnswerDeviation, Deviation, QueryDeviation, SchemaDeviation, Wire};
pub use exchange::{Body, Exchange, ExchangeError};
pub use judge::Judge;
pub use report::Report;
pub use shape::{AnswerShape, BodyShape, Kind, OperationShape, ParamShape, PropertyShape, Range};
pub use spec::{Spec, SpecError};
pub use verdict::{Side, Verdict, Violation};

/// The environment variable that names the specification file.
pub const SPEC_VARIABLE: &str = "CLERK_API_SPEC";

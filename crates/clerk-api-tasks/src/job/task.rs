//! A row on its way: what it asks for, and what is left to do for it.

use clerk_api_admin::call::Call;
use clerk_api_admin::problem::Problem;

use super::journal::Report;
use super::state::State;
use crate::rows::Position;

/// A row of the input with what it asks for.
#[derive(Debug)]
pub struct Task {
    /// The number of the row.
    pub number: u64,
    /// What it asks for; names of objects may still have to be looked up.
    pub call: Call,
}

/// What the first pass found in a row.
#[derive(Debug)]
pub struct Scanned {
    /// Where it stands.
    pub at: Position,
    /// What it asks for, or why it cannot be used.
    pub call: Result<Call, Box<Problem>>,
    /// What makes it the only row for its object, if anything does.
    pub key: Option<Vec<u8>>,
}

/// One request for a row.
#[derive(Debug, Clone)]
pub struct Step {
    /// The call; it names every object by its id.
    pub call: Call,
    /// The object as it was before, as JSON, where that is known.
    pub before: Option<String>,
}

/// What is to be done for a row.
#[derive(Debug)]
pub enum Decision {
    /// These requests, one after the other. Only the first may be a create.
    Send(Vec<Step>),
    /// Nothing: it is in its last state.
    Settled(State, Report),
}

//! What a job does, apart from how: which rows there are, what each asks for, and what is left to do for it.

use clerk_api::Client;
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem};

use super::decide::Decider;
use super::journal::Report;
use super::state::State;
use crate::rows::{Input, Position, Template, natural_key};

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

/// What a job does.
pub trait Work {
    /// Reads the input once, from its beginning, and shows each row of it that belongs to the job. Gives how many do not.
    ///
    /// # Errors
    /// The input cannot be read; a row that cannot be used is no error.
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64>;

    /// Reads one row again.
    ///
    /// # Errors
    /// The input changed.
    fn reread(&self, at: Position) -> Outcome<Call>;

    /// The call that was sent for a row, by the operation that was written down. It may be another one than the row asks for at first
    /// sight, such as an invitation of somebody who has no account.
    ///
    /// # Errors
    /// The input changed.
    fn sent(&self, at: Position, _operation: Option<&str>) -> Outcome<Call> {
        self.reread(at)
    }

    /// Whether a row is sent only when every row before it has its response, since it needs what they do.
    fn waits(&self, _number: u64) -> bool {
        false
    }

    /// What a call does for a row, in words. Works that change what nobody wrote down say it for each change.
    fn says(&self, _number: u64, _call: &Call) -> Option<String> {
        None
    }

    /// Looks at what is there, and says what is left to do for these rows, at most 100. Nothing is written.
    ///
    /// # Errors
    /// What is there could not be looked at. That says nothing about the rows.
    fn decide(
        &self,
        decider: &Decider,
        tasks: Vec<Task>,
    ) -> impl Future<Output = Outcome<Vec<(u64, Decision)>>> {
        decider.decide(tasks)
    }

    /// What cannot come back of the rows that were decided so far, with the numbers of the objects that lose it.
    fn lost(&self) -> Vec<(String, u64)> {
        Vec::new()
    }
}

/// One operation over the rows of a file.
#[derive(Debug)]
pub struct RowsWork {
    input: Input,
    template: Template,
}

impl RowsWork {
    /// The operation of a template over an input.
    #[must_use]
    pub const fn new(input: Input, template: Template) -> Self {
        Self { input, template }
    }

    /// The input.
    #[must_use]
    pub const fn input(&self) -> &Input {
        &self.input
    }

    /// The template.
    #[must_use]
    pub const fn template(&self) -> &Template {
        &self.template
    }
}

impl Work for RowsWork {
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64> {
        let mut rows = self.input.rows()?;
        let mut left_out = 0;
        while let Some(row) = rows.next_row()? {
            let scanned = match row {
                Err(bad) => Scanned {
                    at: bad.at,
                    call: Err(bad.into()),
                    key: None,
                },
                Ok(row) => {
                    let call = match self.template.selects(&row) {
                        Ok(true) => self.template.call(&row),
                        Ok(false) => {
                            left_out += 1;
                            continue;
                        }
                        Err(problem) => Err(problem),
                    };
                    let key = call.as_ref().ok().and_then(natural_key);
                    Scanned {
                        at: row.at,
                        call,
                        key,
                    }
                }
            };
            each(scanned)?;
        }
        Ok(left_out)
    }

    fn reread(&self, at: Position) -> Outcome<Call> {
        self.template.call(&self.input.read_at(at)?)
    }
}

/// The client that looks at what is there, for works that do so in their own way.
impl Decider {
    /// The client.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }
}

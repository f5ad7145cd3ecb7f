//! What a job does, apart from how: which rows there are, what each asks for, and what is left to do for it.

use clerk_api_admin::call::Call;
use clerk_api_admin::problem::Outcome;
use futures_util::future::LocalBoxFuture;

use super::decide::Decider;
use super::task::{Decision, Scanned, Task};
use crate::rows::{Input, Position, Row, Template, natural_key};

/// What is left to do for rows, by their numbers, once it is known.
pub type Deciding<'a> = LocalBoxFuture<'a, Outcome<Vec<(u64, Decision)>>>;

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

    /// Whether a row is looked at and sent only when every row before it has its response, since it needs what they do.
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
    fn decide<'a>(&'a self, decider: &'a Decider, tasks: Vec<Task>) -> Deciding<'a> {
        Box::pin(decider.decide(tasks))
    }

    /// What cannot come back of the rows that were decided so far, with the numbers of the objects that lose it. Nothing where that is
    /// what no undo brings back of their requests.
    fn lost(&self) -> Option<Vec<(String, u64)>> {
        None
    }
}

/// Shows each row of an input that belongs to a job, as `Work::scan` does. `read` says what a row asks for; nothing where it does not
/// belong to the job.
pub(crate) fn scan(
    input: &Input,
    each: &mut dyn FnMut(Scanned) -> Outcome<()>,
    mut read: impl FnMut(&Row) -> Outcome<Option<Call>>,
) -> Outcome<u64> {
    let mut rows = input.rows()?;
    let mut left_out = 0;
    while let Some(row) = rows.next_row()? {
        let (at, call) = match row {
            Err(bad) => (bad.at, Err(bad.into())),
            Ok(row) => match read(&row) {
                Ok(Some(call)) => (row.at, Ok(call)),
                Ok(None) => {
                    left_out += 1;
                    continue;
                }
                Err(problem) => (row.at, Err(problem)),
            },
        };
        let key = call.as_ref().ok().and_then(natural_key);
        each(Scanned { at, call, key })?;
    }
    Ok(left_out)
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
        scan(&self.input, each, |row| {
            match self.template.selects(row)? {
                true => self.template.call(row).map(Some),
                false => Ok(None),
            }
        })
    }

    fn reread(&self, at: Position) -> Outcome<Call> {
        self.template.call(&self.input.read_at(at)?)
    }
}

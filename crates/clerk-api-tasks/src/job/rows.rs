//! What a job over rows is written down as, so that it can be made anew.

use std::path::{Path, PathBuf};

use clerk_api_admin::call::operation;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;
use serde::{Deserialize, Serialize};

use super::journal::Meta;
use super::place::Place;
use super::work::RowsWork;
use crate::rows::{Asked, Input, Template};

/// What an input is called that no file of the user holds. The paths of files are absolute.
pub const COMMAND_LINE: &str = "the command line";

/// What the work is made from, besides the input.
#[derive(Debug, Serialize, Deserialize)]
pub struct RowsOptions {
    /// The name of the operation.
    pub operation: String,
    /// What was asked for besides the input.
    pub asked: Asked,
    /// How the input is read.
    pub form: Form,
}

/// How an input is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Rows, by their content.
    Rows,
    /// The same, with cells as they are.
    Literal,
    /// One target a line.
    Targets,
}

impl RowsOptions {
    /// The work over this input.
    ///
    /// # Errors
    /// The input cannot be read, or what was asked for does not fit to it.
    pub fn work(&self, path: &Path) -> Outcome<RowsWork> {
        let meta = operation(&self.operation)?;
        let input = match self.form {
            Form::Rows => Input::open(path)?,
            Form::Literal => Input::open_as(path, true)?,
            Form::Targets => {
                let target = target::field_of(meta);
                Input::open_list(path, target.map_or("", |target| target.name))?
            }
        };
        let template = Template::new(meta, &self.asked, &input)?;
        Ok(RowsWork::new(input, template))
    }

    /// The work of a job that was made before.
    ///
    /// # Errors
    /// As those of `work`, or what the job is cannot be read.
    pub fn again(meta: &Meta, place: &Place) -> Outcome<RowsWork> {
        let options: Self = serde_json::from_value(meta.options.clone())
            .map_err(|error| Problem::io("cannot read what the job is", &error))?;
        let path = match meta.input.as_str() {
            "-" | COMMAND_LINE => place.spool(),
            path => PathBuf::from(path),
        };
        options.work(&path)
    }
}

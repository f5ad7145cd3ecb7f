//! A second file that has what the first one lacks: password digests and secrets of authenticator apps, joined by id.

use std::collections::BTreeMap;
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

use super::record::Record;
use crate::rows::{Columns, Input, Position};

/// The rows of the second file by their ids. Only their places are kept; the secrets are read when they are needed.
#[derive(Debug)]
pub(super) struct Passwords {
    input: Input,
    columns: Columns,
    places: BTreeMap<String, Position>,
    /// What is wrong with rows of the file.
    pub(super) trouble: Vec<String>,
}

impl Passwords {
    /// Opens the file and goes through it once.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let input = Input::open(path)?;
        let columns = Columns::new(input.columns());
        if columns.find("id").is_none() {
            return Err(columns.missing("--passwords", "id"));
        }
        if columns.find("password_digest").is_none() && columns.find("totp_secret").is_none() {
            return Err(columns.missing("--passwords", "password_digest"));
        }
        let mut found = Self {
            input,
            columns,
            places: BTreeMap::new(),
            trouble: Vec::new(),
        };
        found.fill()?;
        Ok(found)
    }

    fn fill(&mut self) -> Outcome<()> {
        for row in self.input.rows()? {
            let row = match row? {
                Ok(row) => row,
                Err(bad) => {
                    self.trouble.push(format!("the file of --passwords, {bad}"));
                    continue;
                }
            };
            let record = self.record(&row);
            if let Some(id) = record.get("id")
                && let Some(first) = self.places.insert(id.text, row.at)
            {
                let (line, again) = (first.line, row.at.line);
                let problem = Problem::usage(format!(
                    "the file of --passwords has the same id in lines {line} and {again}"
                ));
                return Err(problem.hint("nobody can know which password is the right one"));
            }
        }
        Ok(())
    }

    fn record<'r>(&'r self, row: &'r crate::rows::Row) -> Record<'r> {
        Record {
            row,
            columns: &self.columns,
            nulls: true,
            country: None,
        }
    }

    /// Shows the row with this id, and says whether there is one.
    pub(super) fn with(&self, id: &str, show: impl FnOnce(&Record<'_>)) -> Outcome<bool> {
        let Some(at) = self.places.get(id) else {
            return Ok(false);
        };
        let row = self.input.read_at(*at)?;
        show(&self.record(&row));
        Ok(true)
    }
}

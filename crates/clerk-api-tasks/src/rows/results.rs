//! What became of each row: the columns of the input, then row, state, id, error and what to do.

use std::io::Write as _;
use std::path::Path;

use clerk_api_admin::format::csv;
use clerk_api_admin::problem::{Outcome, Problem};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::columns::is_secret;
use super::input::Input;
use super::row::{Cell, Position, Row};
use crate::fresh::Fresh;

/// What became of one row.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Fate<'a> {
    /// Its state, as reliability.md 4.4 names it.
    pub state: &'a str,
    /// The id of the object that it made or changed.
    pub id: Option<&'a str>,
    /// Why it failed.
    pub error: Option<&'a str>,
    /// What to do about it.
    pub todo: Option<&'a str>,
}

/// A file of results.
#[derive(Debug)]
pub struct Results {
    file: Fresh,
    columns: Vec<String>,
    /// The columns whose cells stay empty.
    secret: Vec<bool>,
    is_csv: bool,
}

/// The columns that follow those of the input.
const OWN: [&str; 5] = ["row", "state", "id", "error", "todo"];

impl Results {
    /// Begins a file: CSV if its name ends in `.csv`, else NDJSON. A column of the input that has the name of one of ours is
    /// called `input_…`.
    ///
    /// # Errors
    /// The file exists and must not be replaced, or cannot be written.
    pub fn create(path: &Path, input: &Input, replaces: bool) -> Outcome<Self> {
        let ending = path.extension();
        let is_csv = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let names = input.columns();
        let free = |name: &str| !OWN.contains(&name) && names.iter().all(|other| **other != *name);
        let columns = names.iter().map(|name| {
            let mut name = name.to_string();
            if OWN.contains(&name.as_str()) {
                name = format!("input_{name}");
                while !free(&name) {
                    name.push('_');
                }
            }
            name
        });
        let mut results = Self {
            file: Fresh::create(path, replaces)?,
            columns: columns.collect(),
            secret: names.iter().map(|name| is_secret(name)).collect(),
            is_csv,
        };
        if is_csv {
            let head: Vec<String> = results
                .columns
                .iter()
                .cloned()
                .chain(OWN.map(str::to_owned))
                .collect();
            results.line(head.iter().map(String::as_str))?;
        }
        Ok(results)
    }

    /// Adds a row; one that could not be read has a place only. Cells of columns such as `password` are left empty.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, at: Position, row: Option<&Row>, fate: Fate<'_>) -> Outcome<()> {
        if self.is_csv {
            self.add_cells(at, row, fate)
        } else {
            self.add_object(at, row, fate)
        }
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// It cannot be written, or another file has taken its place meanwhile.
    pub fn finish(self) -> Outcome<()> {
        self.file.finish()
    }

    fn add_cells(&mut self, at: Position, row: Option<&Row>, fate: Fate<'_>) -> Outcome<()> {
        let cells =
            (0..self.columns.len()).map(|column| match row.filter(|_| !self.secret[column]) {
                Some(row) => row.cell(column).text(),
                None => String::new(),
            });
        let own = [at.number.to_string(), fate.state.to_owned()];
        let rest = [fate.id, fate.error, fate.todo].map(|text| text.unwrap_or_default().to_owned());
        let cells: Vec<String> = cells.chain(own).chain(rest).collect();
        self.line(cells.iter().map(String::as_str))
    }

    fn add_object(&mut self, at: Position, row: Option<&Row>, fate: Fate<'_>) -> Outcome<()> {
        let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
        if let Some(row) = row {
            for (column, name) in self.columns.iter().enumerate() {
                let value = match row.cell(column) {
                    Cell::Missing => continue,
                    _ if self.secret[column] => raw(&None::<String>)?,
                    Cell::Text(text) => raw(text)?,
                    Cell::Json(json) => json.to_owned(),
                };
                members.push((name.clone(), value));
            }
            for (name, value) in row.more().filter(|(name, _)| !OWN.contains(name)) {
                members.push((name.to_owned(), value.to_owned()));
            }
        }
        let texts = [("id", fate.id), ("error", fate.error), ("todo", fate.todo)];
        members.push(("row".to_owned(), raw(&at.number)?));
        members.push(("state".to_owned(), raw(fate.state)?));
        for (name, text) in texts {
            members.push((name.to_owned(), raw(&text)?));
        }
        let mut line = String::from("{");
        for (place, (name, value)) in members.iter().enumerate() {
            line.push_str(if place > 0 { "," } else { "" });
            line.push_str(raw(name)?.get());
            line.push(':');
            // Line breaks of a pretty array are blanks between tokens, never in a text.
            line.push_str(&value.get().replace(['\r', '\n'], " "));
        }
        line.push_str("}\n");
        self.write(&line)
    }

    /// A line of CSV, as every program reads it and no spreadsheet computes it (reliability.md 8.4).
    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Outcome<()> {
        let line = csv::line(cells);
        self.write(&line)
    }

    fn write(&mut self, text: &str) -> Outcome<()> {
        self.file
            .write_all(text.as_bytes())
            .map_err(|error| Problem::io("cannot write the results", &error))
    }
}

fn raw<T: Serialize + ?Sized>(value: &T) -> Outcome<Box<RawValue>> {
    to_raw_value(value).map_err(|error| Problem::usage(format!("the results: {error}")))
}

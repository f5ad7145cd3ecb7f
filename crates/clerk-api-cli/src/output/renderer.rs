//! The renderer: one answer, or a list row by row, in the format that was asked for.

use std::borrow::Cow;
use std::io::Write;

use super::cell::Cells;
use super::csv::Csv;
use super::fields::{Path, Selection};
use super::ids::Ids;
use super::jq::{Jq, Output};
use super::json::{self, Style, new_line};
use super::options::{Format, OutputError, OutputOptions, RenderError};
use super::rows::Shape;
use super::table::{self, Table};
use super::token::{is_deeper_than, is_named, members};
use super::yaml;
use crate::sanitize;

/// Writes answers.
///
/// A whole answer goes through `answer`; a walk calls `list_start`, `row` for each row, and `list_end`, also
/// after a failure in the middle, so that what was written stays well-formed.
pub struct Renderer {
    sink: Sink,
    style: Style,
    to_terminal: bool,
    /// The fields of JSON-like formats; tables and CSV have columns instead.
    selection: Option<Selection>,
    rows: u64,
    pruned: String,
}

enum Sink {
    Json,
    Ndjson,
    Yaml,
    Ids(Ids),
    Csv(Csv),
    Table(Table),
    Jq(Jq),
}

impl Renderer {
    /// Checks the options; compiles the filter.
    pub fn new(options: &OutputOptions) -> Result<Self, OutputError> {
        let cells = || Cells::new(&options.fields, options.view);
        let sink = match (&options.jq, options.format) {
            (Some(code), Format::Json | Format::Ndjson) => Sink::Jq(Jq::new(code)?),
            (Some(_), format) => return Err(OutputError::JqFormat(format.as_str())),
            (None, Format::Json) => Sink::Json,
            (None, Format::Ndjson) => Sink::Ndjson,
            (None, Format::Yaml) => Sink::Yaml,
            (None, Format::Ids) => Sink::Ids(Ids::new(&options.fields, options.view)?),
            (None, Format::Csv) => Sink::Csv(Csv::new(cells()?, options.to_terminal)),
            (None, Format::Table) => {
                let width = options.width.filter(|_| options.to_terminal);
                Sink::Table(Table::new(cells()?, width, options.color))
            }
        };
        let prunes = !matches!(sink, Sink::Ids(_) | Sink::Csv(_) | Sink::Table(_));
        let selection = match options.fields.as_slice() {
            [] => None,
            fields if prunes => {
                let paths: Result<Vec<_>, _> =
                    fields.iter().map(|field| Path::parse(field)).collect();
                Some(Selection::new(&paths?))
            }
            _ => None,
        };
        Ok(Self {
            sink,
            style: Style {
                pretty: options.pretty && options.format == Format::Json,
                color: options.color,
            },
            to_terminal: options.to_terminal,
            selection,
            rows: 0,
            pruned: String::new(),
        })
    }

    /// Writes a whole answer: an object, a list, or a list with its total. Gives a warning for the user, if there is one.
    pub fn answer(
        &mut self,
        raw: &[u8],
        out: &mut dyn Write,
    ) -> Result<Option<String>, RenderError> {
        // the check is 20 times as fast as the repair, and the repair is never needed
        let text = match std::str::from_utf8(raw) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(raw),
        };
        let text = text.trim();
        let in_rows = matches!(self.sink, Sink::Ids(_) | Sink::Csv(_) | Sink::Table(_));
        // `null` is the answer of what answers nothing: it has no rows.
        if text.is_empty() || (in_rows && text == "null") {
            return Ok(None);
        }
        match &mut self.sink {
            Sink::Json => {
                let whole = pruned_answer(text, self.selection.as_mut());
                json::write(&whole, self.style, 0, out)?;
                out.write_all(b"\n")?;
            }
            Sink::Jq(jq) => {
                let whole = pruned_answer(text, self.selection.as_mut());
                filter(jq, &whole, self.style, self.to_terminal, out)?;
            }
            Sink::Yaml => {
                let whole = pruned_answer(text, self.selection.as_mut());
                check_depth(&whole)?;
                let mut yaml = String::with_capacity(whole.len() * 2);
                yaml::push(&whole, 0, &mut yaml);
                yaml.push('\n');
                out.write_all(yaml.as_bytes())?;
            }
            Sink::Table(table) if matches!(Shape::of(text), Shape::One(_)) => {
                table::write_object(table, text, out)?;
            }
            Sink::Ndjson | Sink::Ids(_) | Sink::Csv(_) | Sink::Table(_) => {
                self.list_start(out)?;
                for row in Shape::of(text).rows() {
                    self.row(row, out)?;
                }
                return self.list_end(out);
            }
        }
        Ok(self.warning())
    }

    /// Begins a list.
    pub fn list_start(&mut self, out: &mut dyn Write) -> Result<(), RenderError> {
        self.rows = 0;
        match &mut self.sink {
            Sink::Json => out.write_all(b"[")?,
            Sink::Csv(csv) => csv.head(out)?,
            Sink::Ndjson | Sink::Yaml | Sink::Ids(_) | Sink::Table(_) | Sink::Jq(_) => {}
        }
        Ok(())
    }

    /// Writes one row from its exact JSON text.
    pub fn row(&mut self, row: &str, out: &mut dyn Write) -> Result<(), RenderError> {
        let row = match &mut self.selection {
            Some(selection) => {
                self.pruned.clear();
                selection.prune(row, &mut self.pruned);
                &self.pruned
            }
            None => row,
        };
        let is_first = self.rows == 0;
        self.rows += 1;
        match &mut self.sink {
            Sink::Json => {
                if !is_first {
                    out.write_all(b",")?;
                }
                new_line(self.style, 1, out)?;
                json::write(row, self.style, 1, out)?;
            }
            Sink::Ndjson => {
                json::write(row, self.style, 0, out)?;
                out.write_all(b"\n")?;
            }
            Sink::Yaml => {
                check_depth(row)?;
                let mut yaml = String::with_capacity(row.len() * 2);
                yaml::push_item(row, 0, &mut yaml);
                yaml.push('\n');
                out.write_all(yaml.as_bytes())?;
            }
            Sink::Ids(ids) => ids.row(self.rows, row, out)?,
            Sink::Csv(csv) => csv.row(row, out)?,
            Sink::Table(table) => table.row(row, out)?,
            Sink::Jq(jq) => filter(jq, row, self.style, self.to_terminal, out)?,
        }
        Ok(())
    }

    /// Ends a list, complete or not. Gives a warning for the user, if there is one.
    pub fn list_end(&mut self, out: &mut dyn Write) -> Result<Option<String>, RenderError> {
        match &mut self.sink {
            Sink::Json => {
                if self.rows > 0 {
                    new_line(self.style, 0, out)?;
                }
                out.write_all(b"]\n")?;
            }
            Sink::Yaml if self.rows == 0 => out.write_all(b"[]\n")?,
            Sink::Table(table) => table.release(out)?,
            Sink::Ndjson | Sink::Yaml | Sink::Ids(_) | Sink::Csv(_) | Sink::Jq(_) => {}
        }
        Ok(self.warning())
    }

    fn warning(&self) -> Option<String> {
        let unknown = match (&self.selection, &self.sink) {
            (Some(selection), _) => selection.unknown(),
            (None, Sink::Csv(csv)) => csv.cells.unknown(),
            (None, Sink::Table(table)) => table.cells.unknown(),
            _ => Vec::new(),
        };
        match unknown.as_slice() {
            [] => None,
            [one] => Some(format!("nothing in the answer has the field {one}")),
            many => Some(format!(
                "nothing in the answer has the fields {}",
                many.join(", ")
            )),
        }
    }
}

/// The answer with each row pruned; what stands beside the rows of a list stays.
fn pruned_answer<'a>(text: &'a str, selection: Option<&mut Selection>) -> Cow<'a, str> {
    let Some(selection) = selection else {
        return Cow::Borrowed(text);
    };
    let mut pruned = String::new();
    match Shape::of(text) {
        Shape::One(rows) | Shape::Bare(rows) => selection.prune(rows, &mut pruned),
        Shape::Envelope { whole, .. } => {
            for (name, value) in members(whole) {
                pruned.push_str(if pruned.is_empty() { "{" } else { "," });
                pruned.push_str(name);
                pruned.push(':');
                if is_named(name, "data") {
                    selection.prune(value, &mut pruned);
                } else {
                    pruned.push_str(value);
                }
            }
            pruned.push('}');
        }
    }
    Cow::Owned(pruned)
}

/// Writes the filter's results, one a line; strings as their value.
fn filter(
    jq: &Jq,
    input: &str,
    style: Style,
    to_terminal: bool,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    jq.run(input, |output| {
        match output {
            Output::Text(text) if to_terminal => out.write_all(sanitize::text(&text).as_bytes())?,
            Output::Text(text) => out.write_all(text.as_bytes())?,
            Output::Json(text) => json::write(&text, style, 0, out)?,
        }
        out.write_all(b"\n")?;
        Ok(())
    })
}

fn check_depth(json: &str) -> Result<(), RenderError> {
    if is_deeper_than(json, yaml::DEPTH) {
        return Err(RenderError::Json(format!(
            "it is deeper than {} levels",
            yaml::DEPTH
        )));
    }
    Ok(())
}

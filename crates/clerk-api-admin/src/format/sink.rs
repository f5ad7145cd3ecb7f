//! Where rows, objects and the results of filters are written: one kind a format.

use std::io::Write;

use super::cell::{self, Cells};
use super::csv::Csv;
use super::ids::Ids;
use super::jq::Output;
use super::json::{self, Style};
use super::options::{Format, OutputError, OutputOptions, Reader, RenderError};
use super::report::Report;
use super::results;
use super::rows::Layout;
use super::table::{self, Table};
use super::yaml;
use crate::text::sanitize;
use crate::view::view;

pub(super) enum Sink {
    Json(Style),
    Ndjson(Style),
    Yaml,
    Ids(Ids),
    Csv(Csv),
    Table(Table),
    /// The results of a filter, one a line.
    Lines {
        style: Style,
        reader: Reader,
    },
}

impl Sink {
    pub(super) fn new(options: &OutputOptions) -> Result<Self, OutputError> {
        let is_filtered = options.jq.is_some();
        // The results of a filter have members of their own.
        let shown = if is_filtered { view("") } else { options.view };
        let cells = || Cells::new(&options.fields, shown);
        let style = Style {
            pretty: options.pretty && options.format == Format::Json,
            color: options.color,
        };
        let reader = options.reader();
        Ok(match options.format {
            Format::Json | Format::Ndjson if is_filtered => Self::Lines { style, reader },
            Format::Json => Self::Json(style),
            Format::Ndjson => Self::Ndjson(style),
            Format::Yaml => Self::Yaml,
            Format::Ids => Self::Ids(Ids::new(&options.fields, shown)?),
            Format::Csv => {
                // Who filters says what the values are.
                let values = match options.raw || is_filtered {
                    true => cell::Reader::Program,
                    false => cell::Reader::Sheet,
                };
                Self::Csv(Csv::new(cells()?, reader, values))
            }
            Format::Table => {
                let width = options.width.filter(|_| options.to_terminal);
                let seen_by = match options.to_terminal {
                    true => cell::Reader::Terminal,
                    false => cell::Reader::Person,
                };
                Self::Table(Table::new(cells()?, width, seen_by, options.color))
            }
        })
    }

    /// Whether it shows rows and nothing else.
    pub(super) const fn has_rows_only(&self) -> bool {
        matches!(self, Self::Ids(_) | Self::Csv(_) | Self::Table(_))
    }

    /// Writes one object, or a plain value.
    pub(super) fn one(&mut self, one: &str, out: &mut dyn Write) -> Result<(), RenderError> {
        match self {
            Self::Json(style) => {
                json::write(one, *style, 0, out)?;
                out.write_all(b"\n")?;
            }
            Self::Yaml => {
                yaml::check_depth(one)?;
                let mut text = String::with_capacity(one.len() * 2);
                yaml::push(one, 0, &mut text);
                text.push('\n');
                out.write_all(text.as_bytes())?;
            }
            Self::Table(table) => table::write_object(table, one, out)?,
            Self::Ndjson(_) | Self::Ids(_) | Self::Csv(_) | Self::Lines { .. } => {
                let layout = Layout::default();
                self.start(&layout, out)?;
                self.row(one, &layout, out)?;
                self.end(&layout, out)?;
            }
        }
        Ok(())
    }

    /// Begins a list.
    pub(super) fn start(
        &mut self,
        layout: &Layout,
        out: &mut dyn Write,
    ) -> Result<(), RenderError> {
        match self {
            Self::Json(style) => json::list_start(layout, *style, out)?,
            Self::Yaml => out.write_all(yaml::list_start(layout)?.as_bytes())?,
            Self::Csv(csv) => csv.head(out)?,
            Self::Ndjson(_) | Self::Ids(_) | Self::Table(_) | Self::Lines { .. } => {}
        }
        Ok(())
    }

    /// Writes one row of it.
    pub(super) fn row(
        &mut self,
        row: &str,
        layout: &Layout,
        out: &mut dyn Write,
    ) -> Result<(), RenderError> {
        match self {
            Self::Json(style) => json::list_row(row, layout, *style, out)?,
            Self::Ndjson(style) | Self::Lines { style, .. } => {
                json::write(row, *style, 0, out)?;
                out.write_all(b"\n")?;
            }
            Self::Yaml => out.write_all(yaml::list_row(row, layout)?.as_bytes())?,
            Self::Ids(ids) => ids.row(row, out)?,
            Self::Csv(csv) => csv.row(row, out)?,
            Self::Table(table) => table.row(row, out)?,
        }
        Ok(())
    }

    /// Ends it, complete or not.
    pub(super) fn end(&mut self, layout: &Layout, out: &mut dyn Write) -> Result<(), RenderError> {
        match self {
            Self::Json(style) => json::list_end(layout, *style, out)?,
            Self::Yaml => out.write_all(yaml::list_end(layout)?.as_bytes())?,
            _ => self.release(out)?,
        }
        Ok(())
    }

    /// Writes what was held back.
    pub(super) fn release(&mut self, out: &mut dyn Write) -> Result<(), RenderError> {
        if let Self::Table(table) = self {
            table.release(out)?;
        }
        Ok(())
    }

    /// Writes one result of a filter: a line, or the rows that it is.
    pub(super) fn result(
        &mut self,
        result: &Output,
        out: &mut dyn Write,
    ) -> Result<(), RenderError> {
        let Self::Lines { style, reader } = self else {
            let layout = Layout::default();
            return results::rows(result, &mut |row| self.row(row, &layout, out));
        };
        match (result, *reader) {
            (Output::Json(text), _) => json::write(text, *style, 0, out)?,
            (Output::Text(text), Reader::Terminal) => {
                out.write_all(sanitize::text(text).as_bytes())?;
            }
            (Output::Text(text), Reader::Pipe) => {
                out.write_all(sanitize::for_logs(text, true).as_bytes())?;
            }
            (Output::Text(text), Reader::File) => out.write_all(text.as_bytes())?,
        }
        out.write_all(b"\n")?;
        Ok(())
    }

    /// Notes how what was written differs from what there is.
    pub(super) fn report(&self, report: &mut Report) {
        if let Self::Table(table) = self {
            table.report(report);
        }
    }

    /// The fields that were asked for as columns and that no row had.
    pub(super) fn unknown_fields(&self) -> Vec<String> {
        match self {
            Self::Csv(csv) => csv.cells.unknown(),
            Self::Table(table) => table.cells.unknown(),
            _ => Vec::new(),
        }
    }
}

//! Tables as CSV files: instants as ISO 8601 in UTC, nothing as an empty cell.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clerk_api_admin::format::csv::push_cell;
use clerk_api_admin::problem::Outcome;

use super::instant::Iso;
use super::table::{Rows, Table, Value};
use super::target::Outlet;

/// CSV files by table; rows of other tables are left out.
pub(super) struct Csv {
    files: BTreeMap<&'static str, Outlet>,
    line: String,
    number: String,
}

impl Csv {
    pub(super) fn create(files: Vec<(&'static Table, Outlet)>) -> Outcome<Self> {
        let mut csv = Self {
            files: BTreeMap::new(),
            line: String::new(),
            number: String::new(),
        };
        for (table, mut out) in files {
            csv.line.clear();
            for (place, column) in table.columns.iter().enumerate() {
                csv.line.push_str(if place > 0 { "," } else { "" });
                push_cell(&mut csv.line, column.name);
            }
            csv.line.push_str("\r\n");
            out.put(csv.line.as_bytes())?;
            csv.files.insert(table.name, out);
        }
        Ok(csv)
    }

    pub(super) fn end(self) -> Vec<Outlet> {
        self.files.into_values().collect()
    }

    fn cell(&mut self, value: &Value<'_>) {
        self.number.clear();
        let instant;
        let text = match value {
            Value::Null => "",
            Value::Text(text) | Value::Json(text) => text,
            Value::Boolean(true) => "true",
            Value::Boolean(false) => "false",
            Value::Integer(number) => {
                let _ = write!(self.number, "{number}");
                &self.number
            }
            Value::Timestamp(at) => {
                instant = Iso::of(*at);
                instant.as_ref().map_or("", Iso::as_str)
            }
        };
        push_cell(&mut self.line, text);
    }
}

impl Rows for Csv {
    fn row(&mut self, table: &'static Table, values: &[Value<'_>]) -> Outcome<()> {
        if !self.files.contains_key(table.name) {
            return Ok(());
        }
        self.line.clear();
        for (place, value) in values.iter().enumerate() {
            self.line.push_str(if place > 0 { "," } else { "" });
            self.cell(value);
        }
        self.line.push_str("\r\n");
        match self.files.get_mut(table.name) {
            Some(out) => out.put(self.line.as_bytes()),
            None => Ok(()),
        }
    }
}

//! CSV: every field quoted, lines as RFC 4180 has them, and nothing that a spreadsheet takes for a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cell::{Cells, Reader as CellReader};
use super::options::Reader;
use crate::text::sanitize;

/// The sink for rows.
#[derive(Debug)]
pub(super) struct Csv {
    pub(super) cells: Cells,
    headed: bool,
    reader: Reader,
    values: CellReader,
}

impl Csv {
    pub(super) fn new(cells: Cells, reader: Reader, values: CellReader) -> Self {
        Self {
            cells,
            headed: false,
            reader,
            values,
        }
    }

    pub(super) fn row(&mut self, row: &str, out: &mut dyn Write) -> io::Result<()> {
        self.cells.settle(row, |_| true);
        self.head(out)?;
        let cells = self.cells.of(row, self.values);
        self.line(cells.iter().map(String::as_str), out)
    }

    /// Writes the head, once, as soon as the columns are known.
    pub(super) fn head(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.headed || self.cells.columns.is_empty() {
            return Ok(());
        }
        self.headed = true;
        let names = self.cells.columns.iter().map(|column| column.name.as_str());
        self.line(names, out)
    }

    fn line<'a>(
        &self,
        cells: impl Iterator<Item = &'a str>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let line = written(cells, |cell| match self.reader {
            Reader::Terminal => sanitize::text(cell),
            Reader::Pipe => sanitize::for_logs(cell, false),
            Reader::File => cell.into(),
        });
        out.write_all(line.as_bytes())
    }
}

/// A line of a file: each cell guarded and quoted, with its line end.
#[must_use]
pub fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    written(cells, Cow::Borrowed)
}

fn written<'a>(
    cells: impl Iterator<Item = &'a str>,
    show: impl Fn(&'a str) -> Cow<'a, str>,
) -> String {
    let mut line = String::new();
    for (place, cell) in cells.enumerate() {
        line.push_str(if place > 0 { "," } else { "" });
        push(&mut line, needs_guard(cell), &show(cell));
    }
    line.push_str("\r\n");
    line
}

/// Adds a cell to a line of a file, guarded and quoted.
pub fn push_cell(line: &mut String, cell: &str) {
    push(line, needs_guard(cell), cell);
}

/// The quote in front of a cell keeps its first line from being a command.
fn push(line: &mut String, guarded: bool, cell: &str) {
    line.push_str(if guarded { "\"'" } else { "\"" });
    let mut rest = cell;
    while let Some(at) = memchr::memchr(b'"', rest.as_bytes()) {
        line.push_str(&rest[..=at]);
        line.push('"');
        rest = &rest[at + 1..];
    }
    line.push_str(rest);
    line.push('"');
}

/// A cell in a file: with a `'` in front if a spreadsheet would compute it (reliability.md 8.4).
#[must_use]
pub fn guard(cell: &str) -> String {
    if needs_guard(cell) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A cell as it was before `guard`.
#[must_use]
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(inner) if is_formula(cell) => inner,
        _ => cell,
    }
}

fn needs_guard(cell: &str) -> bool {
    is_formula(cell) && !is_phone_number(cell)
}

/// Whether the first character after any `'` makes it one.
fn is_formula(cell: &str) -> bool {
    let first = cell.trim_start_matches('\'').chars().next();
    matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠')
    )
}

fn is_phone_number(cell: &str) -> bool {
    cell.strip_prefix('+')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_guarded_and_phone_numbers_are_not() {
        // reliability.md 8.4
        for (cell, guarded) in [
            ("=1+1", "'=1+1"),
            ("+1 555", "'+1 555"),
            ("+15550100", "+15550100"),
            ("'+15550100", "''+15550100"),
            ("-5", "'-5"),
            ("@x", "'@x"),
            ("''=x", "'''=x"),
            ("\tx", "'\tx"),
            ("\r", "'\r"),
            ("\nx", "'\nx"),
            ("\0", "'\0"),
            ("＝x", "'＝x"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("'quoted'", "'quoted'"),
            ("'", "'"),
            ("a=b", "a=b"),
            ("+", "'+"),
            ("", ""),
        ] {
            assert_eq!(guard(cell), guarded, "{cell:?}");
            assert_eq!(unguard(guarded), cell, "{guarded:?}");
        }
    }

    proptest! {
        #[test]
        fn export_then_import_is_the_identity(cell in "['=+@\t\r\n\0＝＠a1 -]{0,8}|\\PC{0,8}") {
            let guarded = guard(&cell);
            prop_assert_eq!(unguard(&guarded), &cell);
        }

        #[test]
        fn a_csv_reader_reads_what_was_written(cells in proptest::collection::vec("[\"',=\r\na]{0,6}", 1..4)) {
            let csv = Csv::new(Cells { columns: Vec::new() }, Reader::File, CellReader::Program);
            let mut out = Vec::new();
            csv.line(cells.iter().map(String::as_str), &mut out).unwrap();
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
            let record = reader.records().next().unwrap().unwrap();
            let back: Vec<_> = record.iter().map(unguard).collect();
            prop_assert_eq!(back, cells);
        }
    }
}

//! From the bytes of a row to its cells.

use std::sync::Arc;

use super::cells;
use super::format::{self, Format, Found};
use super::json;
use super::row::{Cells, Flaw};
use super::source::Source;

/// What all passes over a file share.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) source: Arc<Source>,
    pub(super) found: Found,
    pub(super) columns: Vec<Arc<str>>,
    pub(super) literal: bool,
    /// Whether the first row of cells names the columns.
    pub(super) has_header: bool,
    /// What stands before the first row, in bytes: the mark, a line `sep=;`, the header and its line end.
    pub(super) head: u64,
}

impl Reader {
    /// The cells of a row's bytes; nothing where all are empty, as below a table in a spreadsheet.
    pub(super) fn cells(&self, bytes: &[u8]) -> Result<Option<Cells>, Flaw> {
        let text = self.text(bytes)?;
        let Format::Cells(delimiter) = self.found.format else {
            return match text.trim() {
                "" => Ok(None),
                value if self.found.format == Format::Lines => Ok(Some(Cells::Text {
                    text: value.to_owned(),
                    ends: vec![value.len()],
                })),
                object => json::members(object, &self.columns).map(Some),
            };
        };
        let split = cells::split(text, delimiter, self.literal);
        let (text, ends) = split.map_err(|stray| {
            Flaw::new("text follows the closing quote")
                .within(self.columns.get(stray.0))
                .hint("a quote within a quoted cell is written twice: \"\"")
        })?;
        if text.is_empty() {
            return Ok(None);
        }
        if ends.len() != self.columns.len() {
            let (found, expected) = (ends.len(), self.columns.len());
            let what = format!("{} expected, {found} found", count(expected, "cell"));
            let quote = match char::from(delimiter) {
                '\t' => "a tab".to_owned(),
                delimiter => format!("a {delimiter}"),
            };
            return Err(Flaw::new(what).hint(format!("put a cell with {quote} in it into quotes")));
        }
        Ok(Some(Cells::Text { text, ends }))
    }

    /// The text of a row's bytes.
    pub(super) fn text<'b>(&self, bytes: &'b [u8]) -> Result<&'b str, Flaw> {
        if format::begins_with_mark(bytes) {
            return Err(Flaw::new("a byte order mark stands within the file")
                .hint("two files were probably joined: take the mark and the second header out"));
        }
        if let Some(place) = bytes.iter().position(|byte| *byte == 0) {
            let what = format!("byte {} is NUL", place + 1);
            return Err(Flaw::new(what).within(self.column_of(bytes, place)));
        }
        std::str::from_utf8(bytes).map_err(|error| {
            let place = error.valid_up_to();
            let byte = bytes.get(place).copied().unwrap_or_default();
            Flaw::new(format!("byte {} (0x{byte:02X}) is not UTF-8", place + 1))
                .within(self.column_of(bytes, place))
                .hint(
                    "save the file as \"CSV UTF-8\", or convert it: iconv -f WINDOWS-1252 -t UTF-8",
                )
        })
    }

    fn column_of(&self, bytes: &[u8], place: usize) -> Option<&Arc<str>> {
        match self.found.format {
            Format::Cells(delimiter) => self.columns.get(cells::cell_of(bytes, place, delimiter)),
            _ => None,
        }
    }

    pub(super) fn too_long(&self) -> Flaw {
        let flaw = Flaw::new("the row has more than 1 MiB");
        match self.found.format {
            Format::Cells(_) => flaw.hint("a quote is probably missing or left over in it"),
            _ => flaw,
        }
    }
}

fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

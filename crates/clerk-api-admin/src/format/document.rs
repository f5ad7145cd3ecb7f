//! The document that a filter sees where it does not see rows: what `--output json` would print, collected.

use super::filter::Filter;
use super::options::RenderError;
use super::report::Report;
use super::rows::Layout;
use super::token::items;

/// The most that is collected.
const MOST: usize = 128 * 1024 * 1024;

/// A list on its way to be one document.
#[derive(Debug, Default)]
pub(super) struct Document {
    text: String,
    /// How long the text in front of the rows is.
    start: usize,
    end: String,
    empty: bool,
}

impl Document {
    /// Begins it.
    pub(super) fn start(&mut self, layout: &Layout) {
        let (start, end) = layout.around();
        *self = Self {
            start: start.len(),
            text: start,
            end,
            empty: true,
        };
    }

    /// Takes the next row.
    pub(super) fn push(&mut self, row: &str) -> Result<(), RenderError> {
        if self.text.len() + row.len() > MOST {
            return Err(RenderError::TooLarge(MOST >> 20));
        }
        if !std::mem::take(&mut self.empty) {
            self.text.push(',');
        }
        self.text.push_str(row);
        Ok(())
    }

    /// All of it, without the rows that the filter cannot read.
    pub(super) fn readable(
        mut self,
        filter: &mut Filter,
        report: &mut Report,
    ) -> Result<String, RenderError> {
        self.text.push_str(&self.end);
        if filter.check(&self.text)?.is_ok() {
            return Ok(self.text);
        }
        let mut kept = Self {
            text: self.text[..self.start].to_owned(),
            start: self.start,
            end: self.end,
            empty: true,
        };
        // What stands in front of the rows ends with their bracket.
        let rows = &self.text[self.start.saturating_sub(1)..];
        for (row, number) in items(rows).zip(1..) {
            match filter.check(&format!("{{\"data\":[{row}]}}"))? {
                Ok(()) => kept.push(row)?,
                Err(reason) => report.leave_out(number, row, &RenderError::Json(reason)),
            }
        }
        kept.text.push_str(&kept.end);
        Ok(kept.text)
    }
}

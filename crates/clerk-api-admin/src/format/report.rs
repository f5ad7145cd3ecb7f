//! What somebody should know about what was written.

use super::options::RenderError;
use super::token::{member, unquote};

/// How many rows that were left out are named.
const NAMED: u64 = 20;

/// Remarks on an output that was written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// One sentence each.
    pub warnings: Vec<String>,
    /// Notes for a terminal about the layout.
    pub notes: Vec<String>,
    /// How many rows could not be read in the format and are not in the output.
    pub left_out: u64,
}

impl Report {
    /// Notes that a row is not in the output.
    pub(super) fn leave_out(&mut self, number: u64, row: &str, error: &RenderError) {
        self.left_out += 1;
        if self.left_out > NAMED {
            return;
        }
        let id = member(row, "id").and_then(unquote);
        let id = id.map_or_else(String::new, |id| format!(" ({id})"));
        self.warnings
            .push(format!("row {number}{id} is left out: {error}"));
    }

    /// Notes the fields that no row had.
    pub(super) fn unknown_fields(&mut self, unknown: &[String]) {
        if self.left_out > NAMED {
            let more = self.left_out - NAMED;
            self.warnings.push(format!("{more} more rows are left out"));
        }
        match unknown {
            [] => {}
            [one] => self.warnings.push(format!("no row has the field {one}")),
            many => self
                .warnings
                .push(format!("no row has the fields {}", many.join(", "))),
        }
    }
}

//! One row of a file: where it stands, what its cells hold, and what is wrong with it.

use std::fmt;
use std::sync::Arc;

use clerk_api_admin::problem::Problem;
use serde_json::value::RawValue;

/// Where a row stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Its number among the rows, from 1; the header has none.
    pub number: u64,
    /// The line of the file in which it begins, from 1.
    pub line: u64,
    /// Where it begins, in bytes from the beginning of the file.
    pub offset: u64,
    /// How many bytes it has, without its line end.
    pub length: u64,
    /// The first half of the SHA-256 of these bytes.
    pub hash: [u8; 16],
}

/// What one cell holds.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'r> {
    /// The row has no such member.
    Missing,
    /// The text of a cell.
    Text(&'r str),
    /// The exact text of a JSON value.
    Json(&'r RawValue),
}

impl Cell<'_> {
    /// Whether it sets nothing: an empty cell, or a member that is not there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Missing | Self::Text(""))
    }

    /// What it says: the text of a cell or a JSON string, any other JSON as it is written.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Text(text) => (*text).to_owned(),
            Self::Json(json) => {
                serde_json::from_str(json.get()).unwrap_or_else(|_| json.get().to_owned())
            }
        }
    }
}

/// A row that was read.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it stands.
    pub at: Position,
    pub(super) cells: Cells,
}

/// The cells of a row, in the order of the columns.
#[derive(Debug, Clone)]
pub(super) enum Cells {
    /// Texts behind each other, and where each ends.
    Text { text: String, ends: Vec<usize> },
    /// JSON values by column, and members that are no column.
    Json {
        values: Vec<Option<Box<RawValue>>>,
        more: Vec<(String, Box<RawValue>)>,
    },
}

impl Row {
    /// The cell in a column, counted from 0.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cell<'_> {
        match &self.cells {
            Cells::Text { text, ends } => {
                let start = match column {
                    0 => 0,
                    _ => ends.get(column - 1).copied().unwrap_or(text.len()),
                };
                let end = ends.get(column).copied();
                end.map_or(Cell::Missing, |end| Cell::Text(&text[start..end]))
            }
            Cells::Json { values, .. } => match values.get(column) {
                Some(Some(value)) => Cell::Json(value),
                _ => Cell::Missing,
            },
        }
    }

    /// The members of a JSON row that are no column of the input, since none of its first rows had them.
    pub fn more(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        let more = match &self.cells {
            Cells::Text { .. } => &[][..],
            Cells::Json { more, .. } => more,
        };
        more.iter().map(|(name, value)| (name.as_str(), &**value))
    }
}

/// A row that cannot be used. The rows around it can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Where it stands.
    pub at: Position,
    /// The column in which the mistake is, if it is in one.
    pub column: Option<Arc<str>>,
    /// What is wrong, without a full stop.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.at.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for BadRow {}

impl From<BadRow> for Box<Problem> {
    fn from(bad: BadRow) -> Self {
        let problem = Problem::usage(bad.to_string());
        match bad.hint {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// What is wrong with a row whose place is not known yet.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) column: Option<Arc<str>>,
    pub(super) what: String,
    pub(super) hint: Option<String>,
}

impl Flaw {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self {
            column: None,
            what: what.into(),
            hint: None,
        }
    }

    pub(super) fn within(mut self, column: Option<&Arc<str>>) -> Self {
        self.column = column.cloned();
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn at(self, at: Position) -> BadRow {
        BadRow {
            at,
            column: self.column,
            what: self.what,
            hint: self.hint,
        }
    }
}

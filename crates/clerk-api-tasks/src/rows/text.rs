//! A text with `{{column}}` in it, as it is given for an argument.

use std::fmt::Write as _;

use clerk_api_admin::input::json;
use clerk_api_admin::problem::{Outcome, Problem};
use minijinja::{ErrorKind, Value};

use super::columns::Columns;
use super::expression::{self, Expression};
use super::row::{Cell, Row};

/// The most that a text becomes.
const MOST: usize = 1024 * 1024;

/// A text, taken apart.
#[derive(Debug)]
pub(super) struct Text {
    parts: Vec<Part>,
    is_json: bool,
    /// The columns that it uses.
    pub(super) columns: Vec<usize>,
}

#[derive(Debug)]
enum Part {
    Literal(String),
    /// A cell as it is, the exact JSON of a JSON cell included.
    Cell {
        column: usize,
        quoted: bool,
    },
    Computed {
        expression: Expression,
        quoted: bool,
    },
}

/// Why a text cannot be made from a row.
#[derive(Debug)]
pub(super) struct Unmade {
    /// The column that is to blame, if one is.
    pub(super) column: Option<usize>,
    pub(super) what: String,
    /// The value as it is shown at the end of the sentence, where it is no secret.
    pub(super) value: Option<String>,
    pub(super) hint: Option<String>,
}

impl Text {
    /// Takes a text apart. Within JSON, values are escaped; `place` is the argument, for messages.
    pub(super) fn read(
        place: &str,
        source: &str,
        is_json: bool,
        columns: &Columns,
    ) -> Outcome<Self> {
        let mut text = Self {
            parts: Vec::new(),
            is_json,
            columns: Vec::new(),
        };
        let mut quotes = Quotes::default();
        let mut rest = source;
        while let Some(start) = rest.find("{{") {
            let at = source.len() - rest.len() + start;
            let (literal, placeholder) = (&rest[..start], &rest[start + 2..]);
            quotes.pass(literal);
            text.literal(literal);
            let Some(end) = end_of(placeholder) else {
                let shown: String = rest[start..].chars().take(40).collect();
                let place = format!("{place}, character {}", source[..at].chars().count() + 1);
                return Err(Problem::usage(format!("{place}: {shown} has no }}}}"))
                    .hint("a placeholder is written {{column}}"));
            };
            let place = format!("{place}, character {}", source[..at].chars().count() + 1);
            text.placeholder(&place, &placeholder[..end], quotes.open && is_json, columns)?;
            rest = &placeholder[end + 2..];
        }
        text.literal(rest);
        Ok(text)
    }

    /// A text that is what it says.
    pub(super) fn plain(source: &str, is_json: bool) -> Self {
        let mut text = Self {
            parts: Vec::new(),
            is_json,
            columns: Vec::new(),
        };
        text.literal(source);
        text
    }

    /// Whether it is the same for every row, without anything computed.
    pub(super) fn is_plain(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.all(|part| matches!(part, Part::Literal(_)))
    }

    /// The column that it is, where it is nothing but one cell.
    pub(super) fn sole_column(&self) -> Option<usize> {
        match self.parts.as_slice() {
            [Part::Cell { column, .. }] => Some(*column),
            _ => None,
        }
    }

    fn literal(&mut self, text: &str) {
        if !text.is_empty() {
            self.parts.push(Part::Literal(text.to_owned()));
        }
    }

    fn placeholder(
        &mut self,
        place: &str,
        source: &str,
        quoted: bool,
        columns: &Columns,
    ) -> Outcome<()> {
        let name = source.trim();
        if name.is_empty() {
            return Err(Problem::usage(format!("{place}: {{{{}}}} names no column")));
        }
        let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let exact = columns.names.iter().any(|column| **column == *name);
        if is_word || exact {
            let column = columns.find(name);
            if let Some(column) = column {
                self.columns.push(column);
                self.parts.push(Part::Cell { column, quoted });
                return Ok(());
            }
        }
        let expression = Expression::placeholder(place, source, columns)?;
        self.columns.extend(expression.used(columns));
        self.parts.push(Part::Computed { expression, quoted });
        Ok(())
    }

    /// The text for a row.
    pub(super) fn render(&self, row: &Row, columns: &Columns) -> Result<String, Unmade> {
        let mut made = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => made.push_str(text),
                Part::Cell { column, quoted } => self.cell(row, *column, *quoted, &mut made)?,
                Part::Computed { expression, quoted } => {
                    let value = expression.eval(row, columns);
                    let value = value.map_err(|error| unmade(expression, row, &error))?;
                    self.computed(expression, row, &value, *quoted, &mut made)?;
                }
            }
            if made.len() > MOST {
                return Err(Unmade {
                    column: None,
                    what: "the text becomes longer than 1 MiB".to_owned(),
                    value: None,
                    hint: None,
                });
            }
        }
        Ok(made)
    }

    fn cell(
        &self,
        row: &Row,
        column: usize,
        quoted: bool,
        made: &mut String,
    ) -> Result<(), Unmade> {
        let cell = row.cell(column);
        if expression::is_empty(cell) {
            return Err(empty(column));
        }
        match cell {
            _ if quoted => escape(&cell.text(), made),
            Cell::Json(json) if self.is_json => made.push_str(json.get()),
            Cell::Text(text) if self.is_json => bare(text, Some(column), made)?,
            _ => made.push_str(&cell.text()),
        }
        Ok(())
    }

    fn computed(
        &self,
        expression: &Expression,
        row: &Row,
        value: &Value,
        quoted: bool,
        made: &mut String,
    ) -> Result<(), Unmade> {
        let nothing = value.is_undefined() || value.is_none();
        if nothing && (quoted || !self.is_json) {
            return Err(match expression.empty_column(row) {
                Some(column) => empty(column),
                None => Unmade {
                    column: None,
                    what: format!("{{{{{}}}}} gives nothing", expression.source),
                    value: None,
                    hint: Some("write … | default(\"\") where that may be".to_owned()),
                },
            });
        }
        let column = match expression.columns.as_slice() {
            [(_, column)] => Some(*column),
            _ => None,
        };
        let is_cell_text = value.as_str().is_some()
            && expression
                .columns
                .iter()
                .all(|(_, place)| matches!(row.cell(*place), Cell::Text(_) | Cell::Missing));
        match value.as_str() {
            Some(text) if quoted => escape(text, made),
            _ if quoted => escape(&value.to_string(), made),
            None if !self.is_json => _ = write!(made, "{value}"),
            Some(text) if !self.is_json || value.is_safe() => made.push_str(text),
            Some(text) if is_cell_text => bare(text, column, made)?,
            _ if value.is_undefined() => made.push_str("null"),
            _ => {
                let json = serde_json::to_string(value).map_err(|error| Unmade {
                    column,
                    what: format!("{{{{{}}}}} has no JSON: {error}", expression.source),
                    value: None,
                    hint: None,
                })?;
                made.push_str(&json);
            }
        }
        Ok(())
    }
}

/// Puts a cell's text outside of quotes into JSON, where it has to be JSON itself: a cell knows no types.
fn bare(text: &str, column: Option<usize>, made: &mut String) -> Result<(), Unmade> {
    if json::check(text).is_err() {
        return Err(Unmade {
            column,
            what: "outside of quotes the cell must be JSON, such as 5 or true".to_owned(),
            value: Some(shown(text)),
            hint: Some("put the placeholder between quotes to send the cell as text".to_owned()),
        });
    }
    made.push_str(text.trim());
    Ok(())
}

/// Puts a text between the quotes of a JSON string.
fn escape(text: &str, made: &mut String) {
    let quoted = Json(text).to_string();
    made.push_str(&quoted[1..quoted.len() - 1]);
}

/// A text as a JSON string.
struct Json<'a>(&'a str);

impl std::fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let quoted = serde_json::to_string(self.0).map_err(|_| std::fmt::Error)?;
        f.write_str(&quoted)
    }
}

fn empty(column: usize) -> Unmade {
    Unmade {
        column: Some(column),
        what: "the cell is empty".to_owned(),
        value: None,
        hint: Some("write {{… | default(\"\")}} where that may be, or use --map, which leaves empty cells out".to_owned()),
    }
}

fn unmade(expression: &Expression, row: &Row, error: &minijinja::Error) -> Unmade {
    if error.kind() == ErrorKind::UndefinedError
        && let Some(column) = expression.empty_column(row)
    {
        return empty(column);
    }
    let what = format!("{{{{{}}}}} cannot be computed", expression.source);
    let (column, value) = match expression.columns.as_slice() {
        [(_, column)] => (Some(*column), shown(&row.cell(*column).text())),
        _ => (None, expression::reason(error)),
    };
    Unmade {
        column,
        what,
        value: Some(value),
        hint: None,
    }
}

/// The beginning of a value, for messages.
pub(crate) fn shown(value: &str) -> String {
    let start: String = value.chars().take(80).collect();
    let more = if start.len() < value.len() { "…" } else { "" };
    format!("{start:?}{more}")
}

/// Whether a text stands between the quotes of JSON, as far as it was read.
#[derive(Debug, Default)]
struct Quotes {
    open: bool,
    escaped: bool,
}

impl Quotes {
    fn pass(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                _ if self.escaped => self.escaped = false,
                '\\' if self.open => self.escaped = true,
                '"' => self.open = !self.open,
                _ => {}
            }
        }
    }
}

/// Where a placeholder ends: at the first `}}` that is in no quotes and in no braces of its own.
fn end_of(placeholder: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    let mut braces = 0_u32;
    let bytes = placeholder.as_bytes();
    for (place, byte) in bytes.iter().copied().enumerate() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), byte) => quote = (open != byte).then_some(open),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => braces += 1,
            (None, b'}') if braces > 0 => braces -= 1,
            (None, b'}') if bytes.get(place + 1) == Some(&b'}') => return Some(place),
            _ => {}
        }
    }
    None
}

//! CSV and its kin: where a row ends, and what its cells are.
//!
//! The `csv` crate reads the same files, and the tests compare. It gives neither the exact bytes of a row nor a bound for it, and
//! it takes quotes that stand wrong as they come, so that a lost quote would silently join rows.

use clerk_api_admin::format::csv::unguard;

/// Where the reader is in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first character of a cell.
    Start,
    /// In a cell without quotes.
    Bare,
    /// Between the quotes of a cell.
    Quoted,
    /// Behind a quote that ends the cell or begins a doubled one.
    Closed,
}

/// Finds the end of a row, over any number of pieces.
#[derive(Debug)]
pub(super) struct Cutter {
    delimiter: u8,
    state: State,
}

impl Cutter {
    pub(super) const fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            state: State::Start,
        }
    }

    /// Where the row ends in this piece, if it does; counts the line breaks between quotes.
    pub(super) fn feed(&mut self, piece: &[u8], breaks: &mut Breaks) -> Option<usize> {
        for (place, byte) in piece.iter().copied().enumerate() {
            self.state = match (self.state, byte) {
                (State::Quoted, _) => {
                    breaks.see(byte);
                    if byte == b'"' {
                        State::Closed
                    } else {
                        State::Quoted
                    }
                }
                (_, b'\r' | b'\n') => {
                    self.state = State::Start;
                    return Some(place);
                }
                (_, byte) if byte == self.delimiter => State::Start,
                (State::Start | State::Closed, b'"') => State::Quoted,
                _ => State::Bare,
            };
        }
        None
    }

    /// Whether a cell is still open, which at the end of a file it must not be.
    pub(super) fn is_open(&self) -> bool {
        self.state == State::Quoted
    }
}

/// Counts line breaks of all three kinds.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Breaks {
    pub(super) count: u64,
    after_return: bool,
}

impl Breaks {
    /// Forgets what came last, since bytes follow that it does not see.
    pub(super) fn settle(&mut self) {
        self.after_return = false;
    }

    /// Sees one byte more.
    pub(super) fn see(&mut self, byte: u8) {
        let pair = byte == b'\n' && self.after_return;
        if matches!(byte, b'\r' | b'\n') && !pair {
            self.count += 1;
        }
        self.after_return = byte == b'\r';
    }
}

/// A cell in which text follows the closing quote; counted from 0.
#[derive(Debug)]
pub(super) struct Stray(pub(super) usize);

/// Splits a row into cells: their texts behind each other, and where each ends.
pub(super) fn split(
    row: &str,
    delimiter: u8,
    literal: bool,
) -> Result<(String, Vec<usize>), Stray> {
    let mut text = String::with_capacity(row.len());
    let mut ends = Vec::with_capacity(8);
    let delimiter = char::from(delimiter);
    let mut rest = row;
    loop {
        let start = text.len();
        rest = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted, &mut text).ok_or(Stray(ends.len()))?,
            None => {
                let end = rest.find(delimiter).unwrap_or(rest.len());
                text.push_str(&rest[..end]);
                &rest[end..]
            }
        };
        if !literal && unguard(&text[start..]).len() < text.len() - start {
            text.remove(start);
        }
        ends.push(text.len());
        match rest.strip_prefix(delimiter) {
            Some(next) => rest = next,
            None if rest.is_empty() => return Ok((text, ends)),
            None => return Err(Stray(ends.len() - 1)),
        }
    }
}

/// Reads a cell behind its opening quote; gives what follows the closing one, which a row that was cut whole has.
fn quoted_cell<'a>(mut rest: &'a str, text: &mut String) -> Option<&'a str> {
    loop {
        let quote = rest.find('"')?;
        text.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(doubled) => {
                text.push('"');
                rest = doubled;
            }
            None => return Some(rest),
        }
    }
}

/// In which cell a byte of a row stands, counted from 0.
pub(super) fn cell_of(row: &[u8], byte: usize, delimiter: u8) -> usize {
    let mut quoted = false;
    let before = row[..byte].iter().filter(|byte| {
        quoted ^= **byte == b'"';
        !quoted && **byte == delimiter
    });
    before.count()
}

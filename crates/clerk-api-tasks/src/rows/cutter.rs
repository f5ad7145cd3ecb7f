//! Cuts a file into the bytes of its rows.

use std::sync::Arc;

use clerk_api_admin::problem::Outcome;
use sha2::{Digest as _, Sha256};

use super::cells::{self, Breaks};
use super::format::Format;
use super::json;
use super::row::Position;
use super::source::Source;
use super::window::Window;

/// The most bytes of one row (reliability.md 8.5).
pub(super) const MOST: usize = 1024 * 1024;

/// A row's place, and how many of its bytes are in the window: none where there are too many.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) at: Position,
    pub(super) is_whole: bool,
}

/// How rows end in a format.
#[derive(Debug)]
enum Ends {
    Cells(cells::Cutter),
    Lines,
    Array(json::Cutter),
}

/// Goes through a file row by row.
#[derive(Debug)]
pub(super) struct Cutter {
    source: Arc<Source>,
    pub(super) window: Window,
    ends: Ends,
    breaks: Breaks,
    number: u64,
}

impl Cutter {
    /// Begins behind what belongs to no row.
    pub(super) fn new(source: Arc<Source>, format: Format, preamble: usize) -> Outcome<Self> {
        let window = Window::new(Arc::clone(&source)).map_err(|error| source.unreadable(&error))?;
        let mut cutter = Self {
            source,
            window,
            ends: match format {
                Format::Cells(delimiter) => Ends::Cells(cells::Cutter::new(delimiter)),
                Format::Ndjson | Format::Lines => Ends::Lines,
                // What stands in front of the array is an object around it.
                Format::Json => Ends::Array(json::Cutter::within(preamble > 0)),
            },
            breaks: Breaks::default(),
            number: 0,
        };
        for byte in &cutter.window.bytes()[..preamble] {
            cutter.breaks.see(*byte);
        }
        cutter.window.skip(preamble);
        Ok(cutter)
    }

    /// The next row: its bytes are the first in the window, and `pass` goes behind them.
    pub(super) fn next(&mut self) -> Outcome<Option<Cut>> {
        if !self.pass_between()? {
            return Ok(None);
        }
        self.breaks.settle();
        let line = self.breaks.count + 1;
        let offset = self.window.offset();
        self.number += 1;
        let mut lost = Lost::default();
        let mut seen = 0;
        let length = loop {
            let piece = &self.window.bytes()[seen..];
            let end = match &mut self.ends {
                Ends::Cells(cutter) => Ok(cutter.feed(piece, &mut self.breaks)),
                Ends::Lines => Ok(piece.iter().position(|byte| matches!(byte, b'\r' | b'\n'))),
                Ends::Array(cutter) => cutter.feed(piece, &mut self.breaks),
            };
            let end = end.map_err(|what| self.broken(line, what))?;
            if let Some(end) = end {
                break seen + end;
            }
            seen += piece.len();
            if seen > MOST || lost.length > 0 {
                lost.take(&mut self.window, seen);
                seen = 0;
            }
            if !self.grow()? {
                self.check_end(line)?;
                break seen;
            }
        };
        let length = match self.ends {
            // Blanks in front of the comma are nobody's.
            Ends::Array(_) => self.window.bytes()[..length].trim_ascii_end().len(),
            _ => length,
        };
        if lost.length == 0 && length <= MOST {
            let mut hash = Sha256::new();
            hash.update(&self.window.bytes()[..length]);
            let at = self.position(line, offset, length as u64, hash);
            return Ok(Some(Cut { at, is_whole: true }));
        }
        lost.take(&mut self.window, length);
        let at = self.position(line, offset, lost.length, lost.hash);
        Ok(Some(Cut {
            at,
            is_whole: false,
        }))
    }

    /// Goes behind a row that is whole.
    pub(super) fn pass(&mut self, cut: &Cut) {
        if cut.is_whole {
            // It fits into the window.
            self.window
                .skip(usize::try_from(cut.at.length).unwrap_or(MOST));
        }
    }

    /// Takes a row that turned out to be none out of the count.
    pub(super) fn uncount(&mut self) {
        self.number -= 1;
    }

    fn position(&self, line: u64, offset: u64, length: u64, hash: Sha256) -> Position {
        let digest: [u8; 32] = hash.finalize().into();
        let mut hash = [0; 16];
        hash.copy_from_slice(&digest[..16]);
        Position {
            number: self.number,
            line,
            offset,
            length,
            hash,
        }
    }

    /// Goes over line ends, blank lines, commas and the brackets of an array; false at the end of the file.
    fn pass_between(&mut self) -> Outcome<bool> {
        loop {
            let mut passed = 0;
            let mut broken = None;
            for byte in self.window.bytes() {
                let passes = match &mut self.ends {
                    Ends::Array(cutter) => cutter.passes(*byte),
                    _ => Ok(matches!(byte, b'\r' | b'\n')),
                };
                match passes {
                    Ok(true) => self.breaks.see(*byte),
                    Ok(false) => break,
                    Err(what) => {
                        broken = Some(what);
                        break;
                    }
                }
                passed += 1;
            }
            if let Some(what) = broken {
                return Err(self.broken(self.breaks.count + 1, what));
            }
            let all = passed == self.window.bytes().len();
            self.window.skip(passed);
            if !all {
                return Ok(true);
            }
            if !self.grow()? {
                self.check_end(self.breaks.count + 1)?;
                return Ok(false);
            }
        }
    }

    fn grow(&mut self) -> Outcome<bool> {
        let grown = self.window.grow();
        grown.map_err(|error| self.source.unreadable(&error))
    }

    /// A file that ends in the middle of something was cut off, and nobody knows what else it held.
    fn check_end(&self, line: u64) -> Outcome<()> {
        match &self.ends {
            Ends::Cells(cutter) if cutter.is_open() => Err(self
                .source
                .wrong(&format!(
                    "the row of line {line} opens a quote that is never closed"
                ))
                .hint("close it, or write a quote in a quoted cell twice")),
            Ends::Array(cutter) if !cutter.is_closed() => Err(self
                .source
                .wrong(&format!(
                    "line {line}: the JSON array is not closed at the end of the file"
                ))
                .hint("the file was probably cut off: write it again")),
            _ => Ok(()),
        }
    }

    fn broken(&self, line: u64, what: &str) -> Box<clerk_api_admin::problem::Problem> {
        self.source
            .wrong(&format!("line {line}: {what}"))
            .hint("the rest of the array cannot be read: mend this place")
    }
}

/// The bytes of a row that is too long to be kept.
#[derive(Debug, Default)]
struct Lost {
    length: u64,
    hash: Sha256,
}

impl Lost {
    fn take(&mut self, window: &mut Window, count: usize) {
        self.hash.update(&window.bytes()[..count]);
        self.length += count as u64;
        window.skip(count);
    }
}

//! A file with rows: opened, its format found out, its columns known, its rows read one by one.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use clerk_api::form::is_email;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use sha2::{Digest as _, Sha256};

use super::cells;
use super::cutter::{Cutter, MOST};
use super::format::{self, Format, Found};
use super::json;
use super::row::{BadRow, Cells, Flaw, Position, Row};
use super::source::Source;
use super::window::Window;

/// How many rows of a JSON file say which columns it has.
const SAMPLE: usize = 1000;
/// The most columns.
const WIDEST: usize = 1000;

/// A file with rows, open for reading. Clones share the open file.
#[derive(Debug, Clone)]
pub struct Input(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: Arc<Source>,
    found: Found,
    columns: Vec<Arc<str>>,
    literal: bool,
    /// What stands before the first row, in bytes: the mark, a line `sep=;`, the header and its line end.
    head: u64,
}

impl Input {
    /// Opens a regular file and reads its header. Standard input has to be written to a file first.
    ///
    /// # Errors
    /// There is no such file, it is a folder, a pipe or a device, it is empty, it is no UTF-8, CSV or JSON, or its header has no
    /// name for a column or one name twice.
    pub fn open(path: &Path) -> Outcome<Self> {
        Self::open_as(path, false)
    }

    /// As `open`; a `literal` input keeps the `'` that protects a cell of CSV from being a formula (reliability.md 8.4).
    ///
    /// # Errors
    /// As those of `open`.
    pub fn open_as(path: &Path, literal: bool) -> Outcome<Self> {
        let source = Arc::new(Source::open(path)?);
        let window = Window::new(Arc::clone(&source)).map_err(|error| source.unreadable(&error))?;
        let found = format::find(&source, window.bytes())?;
        let inner = Inner {
            source,
            found,
            columns: Vec::new(),
            literal,
            head: 0,
        };
        let inner = match found.format {
            Format::Cells(delimiter) => with_header(inner, delimiter)?,
            Format::Ndjson | Format::Json => with_members(inner)?,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// How its rows are written.
    #[must_use]
    pub fn format(&self) -> Format {
        self.0.found.format
    }

    /// The names of its columns in order. Those of a JSON file are the members of its first 1,000 rows.
    #[must_use]
    pub fn columns(&self) -> &[Arc<str>] {
        &self.0.columns
    }

    /// Its size in bytes when it was opened.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.source.size
    }

    /// Its path, as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0.source.path
    }

    /// Begins a pass over all rows, in constant memory.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn rows(&self) -> Outcome<Rows> {
        let source = Arc::clone(&self.0.source);
        let mut cutter = Cutter::new(source, self.format(), self.0.found.preamble)?;
        if let Format::Cells(_) = self.format()
            && let Some(header) = cutter.next()?
        {
            cutter.pass(&header);
            cutter.uncount();
        }
        Ok(Rows {
            input: self.clone(),
            cutter,
            ended: false,
        })
    }

    /// The SHA-256 of the whole content, as it is now.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sha256(&self) -> Outcome<[u8; 32]> {
        let path = self.path();
        let failed =
            |error: io::Error| Problem::io(format!("cannot read {}", path.display()), &error);
        let mut file = fs_err::File::open(path).map_err(failed)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match io::Read::read(&mut file, &mut buffer).map_err(failed)? {
                0 => return Ok(digest.finalize().into()),
                read => digest.update(&buffer[..read]),
            }
        }
    }

    /// Reads one row again.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else in this place than it did (kind `Changed`).
    pub fn read_at(&self, at: Position) -> Outcome<Row> {
        let changed = || {
            let shown = self.path().display();
            let message = format!("{shown} has changed: line {} is not what it was", at.line);
            Problem::new(ProblemKind::Changed, "input_changed", message)
                .hint("a job needs its input as it was: put the old file back, or begin a new job")
        };
        let length = usize::try_from(at.length).map_err(|_| changed())?;
        if length > MOST {
            return Err(self.0.too_long().at(at).into());
        }
        let bytes = match self.0.source.exactly(at.offset, length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(changed()),
            bytes => bytes.map_err(|error| self.0.source.unreadable(&error))?,
        };
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        if digest[..16] != at.hash {
            return Err(changed());
        }
        match self.0.cells(&bytes) {
            Ok(Some(cells)) => Ok(Row { at, cells }),
            Ok(None) => Err(changed()),
            Err(flaw) => Err(flaw.at(at).into()),
        }
    }

    /// Copies the bytes of a row as they are, whatever is wrong with it.
    pub(super) fn copy(&self, at: Position, out: &mut dyn Write) -> Outcome<()> {
        self.copy_range(at.offset, at.length, out)
    }

    /// Copies what stands before the first row: of cells, the header with its line end.
    pub(super) fn copy_head(&self, out: &mut dyn Write) -> Outcome<()> {
        self.copy_range(0, self.0.head, out)
    }

    /// The bytes that end the header's line: what the file ends its rows with.
    pub(super) fn line_end(&self) -> Outcome<&'static [u8]> {
        let source = &self.0.source;
        let back = self.0.head.min(2);
        let read = source.exactly(self.0.head - back, back as usize);
        let end = read.map_err(|error| source.unreadable(&error))?;
        Ok(match end.as_slice() {
            [b'\r', b'\n'] => b"\r\n",
            [.., b'\r'] => b"\r",
            _ => b"\n",
        })
    }

    fn copy_range(&self, mut offset: u64, mut length: u64, out: &mut dyn Write) -> Outcome<()> {
        while length > 0 {
            let piece = length.min(64 * 1024);
            let bytes = self.0.source.exactly(offset, piece as usize);
            let bytes = bytes.map_err(|error| self.0.source.unreadable(&error))?;
            out.write_all(&bytes)
                .map_err(|error| Problem::io("cannot write the rows that failed", &error))?;
            offset += piece;
            length -= piece;
        }
        Ok(())
    }
}

impl Inner {
    /// The cells of a row's bytes; nothing where all are empty, as below a table in a spreadsheet.
    fn cells(&self, bytes: &[u8]) -> Result<Option<Cells>, Flaw> {
        let text = self.text(bytes)?;
        let Format::Cells(delimiter) = self.found.format else {
            if text.trim().is_empty() {
                return Ok(None);
            }
            return json::members(text.trim(), &self.columns).map(Some);
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
    fn text<'b>(&self, bytes: &'b [u8]) -> Result<&'b str, Flaw> {
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

    fn too_long(&self) -> Flaw {
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

/// A pass over all rows.
#[derive(Debug)]
pub struct Rows {
    input: Input,
    cutter: Cutter,
    ended: bool,
}

impl Rows {
    /// The next row, or what is wrong with it; nothing at the end. After an error of the whole file there is no more.
    ///
    /// # Errors
    /// The file cannot be read, or it ends or breaks off in the middle of something, so that nobody knows which rows follow.
    pub fn next_row(&mut self) -> Outcome<Option<Result<Row, BadRow>>> {
        while !self.ended {
            let cut = self.cutter.next().inspect_err(|_| self.ended = true)?;
            let Some(cut) = cut else {
                self.ended = true;
                break;
            };
            let at = cut.at;
            if !cut.is_whole {
                return Ok(Some(Err(self.input.0.too_long().at(at))));
            }
            let length = usize::try_from(at.length).unwrap_or(MOST);
            let cells = self.input.0.cells(&self.cutter.window.bytes()[..length]);
            self.cutter.pass(&cut);
            match cells {
                Ok(Some(cells)) => return Ok(Some(Ok(Row { at, cells }))),
                Ok(None) => self.cutter.uncount(),
                Err(flaw) => return Ok(Some(Err(flaw.at(at)))),
            }
        }
        Ok(None)
    }

    /// The SHA-256 of the whole file, once a pass came to its end.
    #[must_use]
    pub fn digest(&self) -> Option<[u8; 32]> {
        self.cutter.window.digest()
    }
}

impl Iterator for Rows {
    type Item = Outcome<Result<Row, BadRow>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row().transpose()
    }
}

/// Reads the header of cells.
fn with_header(mut inner: Inner, delimiter: u8) -> Outcome<Inner> {
    let source = Arc::clone(&inner.source);
    let format = inner.found.format;
    let mut cutter = Cutter::new(Arc::clone(&source), format, inner.found.preamble)?;
    let wrong = |line: u64, what: &str| source.wrong(&format!("line {line}: {what}"));
    let Some(cut) = cutter.next()? else {
        return Err(source
            .wrong("the file is empty")
            .hint("the first line names the columns, each further line is one row"));
    };
    let line = cut.at.line;
    if !cut.is_whole {
        return Err(wrong(line, "the header has more than 1 MiB"));
    }
    let length = usize::try_from(cut.at.length).unwrap_or(MOST);
    let bytes = &cutter.window.bytes()[..length];
    let text = inner.text(bytes).map_err(|flaw| {
        let problem = wrong(line, &format!("the header: {}", flaw.what));
        flaw.hint.into_iter().fold(problem, Problem::hint)
    })?;
    let (text, ends) = cells::split(text, delimiter, inner.literal).map_err(|stray| {
        let what = format!("header {}: text follows the closing quote", stray.0 + 1);
        wrong(line, &what)
    })?;
    let header = Row {
        at: cut.at,
        cells: Cells::Text { text, ends },
    };
    let Cells::Text { ends, .. } = &header.cells else {
        return Ok(inner);
    };
    for place in 0..ends.len() {
        let name = header.cell(place).text();
        let checked = check_name(name.trim(), place, &inner.columns);
        checked.map_err(|(what, hint)| wrong(line, &what).hint(hint))?;
        inner.columns.push(name.trim().into());
    }
    cutter.pass(&cut);
    let rest = cutter.window.bytes();
    let end = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    inner.head = cutter.window.offset() + end;
    Ok(inner)
}

/// What is wrong with the name of a column, and what to do.
fn check_name(name: &str, place: usize, before: &[Arc<str>]) -> Result<(), (String, String)> {
    let number = place + 1;
    if name.is_empty() {
        let what = format!("the header of column {number} is empty");
        return Err((
            what,
            "give each column a name, and delete empty ones".to_owned(),
        ));
    }
    if let Some(first) = before.iter().position(|column| **column == *name) {
        let what = format!(
            "the header {name:?} stands twice, in columns {} and {number}",
            first + 1
        );
        return Err((what, "rename or delete one of them".to_owned()));
    }
    if is_email(name) {
        let what = format!("the header of column {number} is {name:?}, which looks like a value");
        return Err((
            what,
            "the first line must name the columns: put a line with names above".to_owned(),
        ));
    }
    if number > WIDEST {
        let what = format!("there are more than {WIDEST} columns");
        return Err((what, "delete those that are not needed".to_owned()));
    }
    Ok(())
}

/// Finds the columns of JSON: all members of the first rows.
fn with_members(mut inner: Inner) -> Outcome<Inner> {
    let source = Arc::clone(&inner.source);
    let mut cutter = Cutter::new(Arc::clone(&source), inner.found.format, 0)?;
    let mut columns: Vec<Arc<str>> = Vec::new();
    for _ in 0..SAMPLE {
        let Some(cut) = cutter.next()? else { break };
        if !cut.is_whole {
            continue;
        }
        let length = usize::try_from(cut.at.length).unwrap_or(MOST);
        let bytes = &cutter.window.bytes()[..length];
        // Rows that are wrong are named in the pass over all of them.
        if let Ok(Some(Cells::Json { values, more })) = inner.cells(bytes) {
            debug_assert!(values.is_empty(), "no column is known yet");
            for (name, _) in more {
                if columns.len() < WIDEST && !columns.iter().any(|column| **column == name) {
                    columns.push(name.into());
                }
            }
        }
        cutter.pass(&cut);
    }
    inner.columns = columns;
    Ok(inner)
}

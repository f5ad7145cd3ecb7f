//! A file with rows: opened, its format found out, its columns known, its rows read one by one.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use clerk_api_admin::input::source::broken_pipe;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_admin::target::reference::slip;
use sha2::{Digest as _, Sha256};

use super::cutter::{Cutter, MOST};
use super::format::{self, Format, Found};
use super::header::{with_header, with_members, with_names};
use super::reader::Reader;
use super::row::{BadRow, Position, Row};
use super::source::Source;
use super::window::Window;

/// A file with rows, open for reading. Clones share the open file.
#[derive(Debug, Clone)]
pub struct Input(Arc<Reader>);

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
        Self::open_with(path, literal, None)
    }

    /// As `open`; cells without a header have columns of these names, in order.
    ///
    /// # Errors
    /// As those of `open`.
    pub fn open_named(path: &Path, names: &[&'static str]) -> Outcome<Self> {
        Self::open_with(path, false, Some(names))
    }

    fn open_with(path: &Path, literal: bool, names: Option<&[&'static str]>) -> Outcome<Self> {
        let source = Arc::new(Source::open(path)?);
        let window = Window::new(Arc::clone(&source)).map_err(|error| source.unreadable(&error))?;
        let found = format::find(&source, window.bytes())?;
        let reader = Reader {
            source,
            found,
            columns: Vec::new(),
            literal,
            has_header: true,
            head: 0,
        };
        let reader = match (found.format, names) {
            (Format::Cells(delimiter), Some(names)) => with_names(reader, delimiter, names)?,
            (Format::Cells(delimiter), None) => with_header(reader, delimiter)?,
            (Format::Ndjson | Format::Json | Format::Lines, _) => with_members(reader)?,
        };
        Ok(Self(Arc::new(reader)))
    }

    /// Opens a list: each line is a value of the only column, which gets this name. A list may be empty.
    ///
    /// # Errors
    /// There is no such file, it is a folder, a pipe or a device, or no UTF-8.
    pub fn open_list(path: &Path, column: &str) -> Outcome<Self> {
        let source = Arc::new(Source::open(path)?);
        let window = Window::new(Arc::clone(&source)).map_err(|error| source.unreadable(&error))?;
        format::refuse_others(&source, window.bytes())?;
        Ok(Self(Arc::new(Reader {
            source,
            found: Found {
                format: Format::Lines,
                preamble: 0,
            },
            columns: vec![column.into()],
            literal: true,
            has_header: false,
            head: 0,
        })))
    }

    /// Refuses a list of names in which a line does not name anything: the program that wrote it has probably failed.
    ///
    /// # Errors
    /// Such a line, or the file cannot be read.
    pub fn check_names(&self, label: &str) -> Outcome<()> {
        let mut last = 0;
        for row in self.rows()? {
            // What cannot be read at all is the mistake of its row.
            let (at, name) = match row? {
                Ok(row) => (row.at, row.cell(0).text()),
                Err(bad) => (bad.at, "?".to_owned()),
            };
            if at.line > last + 1 {
                return Err(broken_pipe(label, last + 1, "empty"));
            }
            if let Some(what) = slip(&name) {
                return Err(broken_pipe(label, at.line, &what));
            }
            last = at.line;
        }
        if last == 0 && self.size() > 0 {
            return Err(broken_pipe(label, 1, "empty"));
        }
        Ok(())
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
            && self.0.has_header
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

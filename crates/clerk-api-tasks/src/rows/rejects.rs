//! The rows that failed, as they were: the same format, the same header, the same bytes. Mended, the file is run again.

use std::io::Write as _;
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

use super::format::Format;
use super::input::Input;
use super::row::Position;
use crate::fresh::Fresh;

/// A file of rows that failed.
#[derive(Debug)]
pub struct Rejects {
    input: Input,
    file: Fresh,
    line_end: &'static [u8],
    rows: u64,
}

impl Rejects {
    /// Begins the file with the header of the input. Rows are read from the input again, which must be there still.
    ///
    /// # Errors
    /// The file exists and must not be replaced, or cannot be written.
    pub fn create(path: &Path, input: &Input, replaces: bool) -> Outcome<Self> {
        let mut file = Fresh::create(path, replaces)?;
        let line_end = match input.format() {
            Format::Cells(_) => {
                input.copy_head(&mut file)?;
                input.line_end()?
            }
            Format::Ndjson | Format::Lines => b"\n",
            Format::Json => {
                write(&mut file, b"[\n")?;
                b"\n"
            }
        };
        Ok(Self {
            input: input.clone(),
            file,
            line_end,
            rows: 0,
        })
    }

    /// Adds a row, whether it could be read or not.
    ///
    /// # Errors
    /// The input cannot be read, or the file cannot be written.
    pub fn add(&mut self, at: Position) -> Outcome<()> {
        let is_array = self.input.format() == Format::Json;
        if is_array && self.rows > 0 {
            write(&mut self.file, b",\n")?;
        }
        self.rows += 1;
        self.input.copy(at, &mut self.file)?;
        if is_array {
            return Ok(());
        }
        write(&mut self.file, self.line_end)
    }

    /// Puts the file into its place, and says how many rows it has.
    ///
    /// # Errors
    /// It cannot be written, or another file has taken its place meanwhile.
    pub fn finish(mut self) -> Outcome<u64> {
        if self.input.format() == Format::Json {
            let end: &[u8] = if self.rows > 0 { b"\n]\n" } else { b"]\n" };
            write(&mut self.file, end)?;
        }
        self.file.finish()?;
        Ok(self.rows)
    }
}

fn write(file: &mut Fresh, bytes: &[u8]) -> Outcome<()> {
    file.write_all(bytes)
        .map_err(|error| Problem::io("cannot write the rows that failed", &error))
}

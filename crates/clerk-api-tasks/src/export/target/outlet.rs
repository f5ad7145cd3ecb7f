//! One stream of bytes of an export: a file that appears when it is whole, or standard output.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem};
use serde::Serialize;

use crate::fresh::Fresh;

/// A file that was written.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Written {
    /// The file; nothing for standard output.
    pub file: Option<PathBuf>,
    /// Its size.
    pub bytes: u64,
}

impl Written {
    pub(in crate::export) const fn file(file: PathBuf, bytes: u64) -> Self {
        Self {
            file: Some(file),
            bytes,
        }
    }

    /// A file that was sent somewhere else.
    #[must_use]
    pub fn elsewhere(address: String, bytes: u64) -> Self {
        Self::file(address.into(), bytes)
    }
}

/// A stream of bytes.
pub(in crate::export) struct Outlet {
    way: Way,
    bytes: u64,
}

enum Way {
    File(Fresh, PathBuf),
    Stdout(Box<dyn Write + Send>),
}

impl Outlet {
    /// A file.
    pub(in crate::export) fn file(path: &Path, replaces: bool, mode: Option<u32>) -> Outcome<Self> {
        let file = Fresh::create(path, replaces)?.with_mode(mode);
        let way = Way::File(file, path.to_owned());
        Ok(Self { way, bytes: 0 })
    }

    pub(in crate::export) fn stdout(out: Box<dyn Write + Send>) -> Self {
        let way = Way::Stdout(out);
        Self { way, bytes: 0 }
    }

    /// Adds bytes.
    pub(in crate::export) fn put(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.write_all(bytes).map_err(|error| self.failed(&error))
    }

    /// The failure of a write.
    pub(in crate::export) fn failed(&self, error: &io::Error) -> Box<Problem> {
        match &self.way {
            Way::File(_, path) => Problem::io(format!("cannot write {}", path.display()), error),
            Way::Stdout(_) => Problem::output(error),
        }
    }

    /// Puts the file into its place.
    pub(in crate::export) fn finish(mut self) -> Outcome<Written> {
        self.flush().map_err(|error| self.failed(&error))?;
        let bytes = self.bytes;
        let file = match self.way {
            Way::File(file, path) => {
                file.finish()?;
                Some(path)
            }
            Way::Stdout(_) => None,
        };
        Ok(Written { file, bytes })
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.way {
            Way::File(file, _) => file.write(bytes)?,
            Way::Stdout(out) => out.write(bytes)?,
        };
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.way {
            Way::File(file, _) => file.flush(),
            Way::Stdout(out) => out.flush(),
        }
    }
}

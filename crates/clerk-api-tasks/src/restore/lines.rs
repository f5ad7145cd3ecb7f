//! The objects of an export to a folder in the format ndjson: a file for each kind, an object on each line.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

use super::ORDER;
use crate::sweep::Kind;

/// The longest line, in bytes.
const LONGEST: u64 = 16 << 20;

/// A folder.
#[derive(Debug)]
pub struct Lines(PathBuf);

impl Lines {
    pub(super) fn open(folder: &Path) -> Outcome<Self> {
        let lines = Self(folder.to_owned());
        if ORDER.iter().any(|kind| lines.file(*kind).is_file()) {
            return Ok(lines);
        }
        let message = format!("{} is not an export in the format ndjson", folder.display());
        Err(Problem::usage(message)
            .hint("`clerk-api export --to FOLDER/` writes one, and `--to acme.sqlite` one file"))
    }

    fn file(&self, kind: Kind) -> PathBuf {
        self.0.join(format!("{}.ndjson", kind.name()))
    }

    pub(super) fn read(
        &self,
        kind: Kind,
        each: &mut dyn FnMut(&str) -> Outcome<()>,
    ) -> Outcome<()> {
        let path = self.file(kind);
        if !path.is_file() {
            return Ok(());
        }
        let unread = |error: &dyn std::fmt::Display| {
            Problem::io(format!("cannot read {}", path.display()), &error)
        };
        let mut file = BufReader::new(fs::File::open(&path).map_err(|error| unread(&error))?);
        let mut line = String::new();
        loop {
            line.clear();
            let mut bounded = file.by_ref().take(LONGEST);
            let read = bounded.read_line(&mut line);
            if read.map_err(|error| unread(&error))? == 0 {
                return Ok(());
            }
            if !line.ends_with('\n') && line.len() as u64 == LONGEST {
                let message = format!("{} has a line of more than 16 MiB", path.display());
                return Err(Problem::usage(message));
            }
            let object = line.trim();
            if !object.is_empty() {
                each(object)?;
            }
        }
    }
}

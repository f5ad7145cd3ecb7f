//! The file behind the rows: a regular one, opened once and read from any place.

use std::io;
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

/// An open file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) size: u64,
    file: std::fs::File,
}

impl Source {
    /// Opens a regular file that no system makes up.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let shown = path.display();
        let unreadable = |error: io::Error| {
            let problem = Problem::usage(format!("the rows file {shown} cannot be read"));
            problem.cause(error.to_string())
        };
        let refused = |what: &str| {
            Problem::usage(format!("{shown} is {what}, not a file with rows"))
                .hint("name a regular file, or pipe the rows in: … | clerk-api … --rows -")
        };
        if is_of_system(path) {
            return Err(refused("made up by the system"));
        }
        let real = fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Problem::usage(format!("there is no file {shown} with rows"))
            }
            _ => unreadable(error),
        })?;
        // Before it is opened: opening a FIFO waits for its writer.
        let kind = fs::metadata(&real).map_err(unreadable)?;
        if is_of_system(&real) {
            return Err(refused("made up by the system"));
        }
        if kind.is_dir() {
            return Err(refused("a folder"));
        }
        if !kind.is_file() {
            return Err(refused("a pipe, a socket or a device"));
        }
        let (file, _) = fs::File::open(&real).map_err(unreadable)?.into_parts();
        let opened = file.metadata().map_err(unreadable)?;
        if !opened.is_file() {
            return Err(refused("no regular file any more"));
        }
        Ok(Self {
            path: path.to_owned(),
            size: opened.len(),
            file,
        })
    }

    /// Reads what there is at an offset, 0 bytes at the end.
    pub(super) fn read(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        loop {
            match at(&self.file, buffer, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Reads exactly so many bytes at an offset; fewer mean that the file was cut.
    pub(super) fn exactly(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let mut done = 0;
        while done < length {
            match self.read(&mut bytes[done..], offset + done as u64)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => done += count,
            }
        }
        Ok(bytes)
    }

    /// The problem of a read that failed.
    pub(super) fn unreadable(&self, error: &io::Error) -> Box<Problem> {
        Problem::io(format!("cannot read {}", self.path.display()), error)
    }

    /// A problem of the whole file.
    pub(super) fn wrong(&self, what: &str) -> Box<Problem> {
        Problem::usage(format!("{}: {what}", self.path.display()))
    }
}

/// Whether a path leads to what the system makes up (reliability.md 7.7b).
fn is_of_system(path: &Path) -> bool {
    ["/proc", "/dev", "/sys"]
        .iter()
        .any(|system| path.starts_with(system))
}

#[cfg(unix)]
fn at(file: &std::fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn at(file: &std::fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

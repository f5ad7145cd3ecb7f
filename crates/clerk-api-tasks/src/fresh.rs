//! A file that appears whole or not at all (reliability.md 4.12 and 9).

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

/// Rows of an export are some hundred bytes each.
const BUFFER: usize = 64 << 10;

/// A file in the making: written beside its place under a random name, for its owner only, and moved there when it is whole. It is
/// taken away when it is dropped before.
#[derive(Debug)]
pub(crate) struct Fresh {
    target: PathBuf,
    temporary: PathBuf,
    out: Option<BufWriter<fs::File>>,
    replaces: bool,
    /// Who else may read it when it is whole.
    mode: Option<u32>,
}

impl Fresh {
    /// Begins a file; where there is one already, it is refused unless it may be replaced.
    pub(crate) fn create(target: &Path, replaces: bool) -> Outcome<Self> {
        if let Ok(kind) = fs::symlink_metadata(target) {
            let shown = target.display();
            if !kind.is_file() {
                return Err(Problem::usage(format!("{shown} is not a regular file")));
            }
            if !replaces {
                return Err(exists(target));
            }
        }
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| Problem::io("the system gives no random numbers", &error))?;
        let Some(name) = target.file_name() else {
            return Err(Problem::usage(format!(
                "{} names no file",
                target.display()
            )));
        };
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{:016x}.tmp", u64::from_le_bytes(random)));
        let temporary = target.with_file_name(hidden);
        let mut options = fs::OpenOptions::new();
        // No link is followed where the name must be new.
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use fs_err::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let file = options
            .open(&temporary)
            .map_err(|error| failed(target, &error))?;
        Ok(Self {
            target: target.to_owned(),
            temporary,
            out: Some(BufWriter::with_capacity(BUFFER, file)),
            replaces,
            mode: None,
        })
    }

    /// Lets others read it when it is whole, whatever the umask says.
    pub(crate) const fn with_mode(mut self, mode: Option<u32>) -> Self {
        self.mode = mode;
        self
    }

    /// Where it is written meanwhile, for those who open it themselves.
    pub(crate) fn path(&self) -> &Path {
        &self.temporary
    }

    /// Brings it to the disk and into its place.
    pub(crate) fn finish(mut self) -> Outcome<()> {
        let moved = self.settle();
        match moved {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&self.target)),
            moved => moved.map_err(|error| failed(&self.target, &error)),
        }
    }

    fn settle(&mut self) -> io::Result<()> {
        let Some(out) = self.out.take() else {
            return Ok(());
        };
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        #[cfg(unix)]
        if let Some(mode) = self.mode {
            use std::os::unix::fs::PermissionsExt as _;
            file.set_permissions(std::fs::Permissions::from_mode(mode))?;
        }
        file.sync_all()?;
        drop(file);
        if self.replaces {
            fs::rename(&self.temporary, &self.target)?;
        } else {
            move_beside(&self.temporary, &self.target)?;
        }
        let folder = self.target.parent();
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        sync_folder(folder.unwrap_or(Path::new(".")))
    }
}

impl Write for Fresh {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Nothing to do about it: a file that was moved is gone, another one is named as temporary.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Moves a file without replacing another.
fn move_beside(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // File systems that cannot.
            Err(
                rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP,
            ) => {}
            moved => return moved.map_err(io::Error::from),
        }
    }
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn exists(target: &Path) -> Box<Problem> {
    Problem::usage(format!("{} exists already", target.display()))
        .hint("name another file, or allow it to be replaced: --force")
}

fn failed(target: &Path, error: &io::Error) -> Box<Problem> {
    Problem::io(format!("cannot write {}", target.display()), error)
}

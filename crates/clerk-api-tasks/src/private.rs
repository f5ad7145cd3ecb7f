//! Files and folders that only their user can open (reliability.md section 9).

use std::io;
use std::path::Path;

use fs_err as fs;

/// Makes the folder (0700) and the file (0600) where they are missing, and refuses links and what belongs to others.
pub(crate) fn prepare(path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    match fs::symlink_metadata(path) {
        Ok(facts) => {
            own(path, &facts, false)?;
            own(folder, &fs::symlink_metadata(folder)?, true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            self::folder(folder)?;
            make_file(path)
        }
        Err(error) => Err(error),
    }
}

/// Makes a folder (0700) where it is missing, and refuses a link and what belongs to others.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    own(path, &fs::symlink_metadata(path)?, true)
}

/// Makes a folder (0700) and those above it where they are missing.
#[cfg(unix)]
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Another process may make it at the same moment, which is as good.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            own(path, &fs::symlink_metadata(path)?, false)
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn own(path: &Path, facts: &std::fs::Metadata, folder: bool) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let refused = |reason: &str| Err(io::Error::other(format!("{} {reason}", path.display())));
    if facts.is_symlink() {
        refused("is a link")
    } else if folder != facts.is_dir() {
        refused("is not what it should be")
    } else if facts.uid() != rustix::process::geteuid().as_raw() {
        refused("belongs to another user")
    } else if facts.mode() & 0o022 != 0 {
        refused("can be changed by others")
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
fn own(_: &Path, _: &std::fs::Metadata, _: bool) -> io::Result<()> {
    Ok(())
}

//! The database's file is this user's own: no link to another one, and nobody else may read it (reliability section 9).

use std::path::Path;

use crate::start_error::StartError;

/// Refuses a database that is a link, somebody else's, or open to others. One that is not there yet is fine.
#[cfg(unix)]
pub(crate) fn check(path: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::MetadataExt as _;

    use fs_err as fs;

    let refused = |reason: &str| {
        Err(StartError::NotOwn {
            path: path.to_owned(),
            reason: reason.to_owned(),
        })
    };
    let user = rustix::process::geteuid().as_raw();
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = fs::metadata(folder.unwrap_or(Path::new(".")));
    // Containers run as root in folders of others.
    if user != 0 && folder.is_ok_and(|facts| facts.uid() != 0 && facts.uid() != user) {
        return refused("is in a folder of another user");
    }
    let Ok(facts) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if facts.is_symlink() {
        refused("is a link: name the file that it leads to")
    } else if !facts.is_file() {
        refused("is not a file")
    } else if facts.uid() != user {
        refused("belongs to another user")
    } else if facts.mode() & 0o077 != 0 {
        refused(&format!(
            "can be read by others: run `chmod 600 {}`",
            path.display()
        ))
    } else {
        Ok(())
    }
}

#[cfg(not(unix))]
pub(crate) fn check(_: &Path) -> Result<(), StartError> {
    Ok(())
}

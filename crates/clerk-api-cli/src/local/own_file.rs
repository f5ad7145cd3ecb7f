//! Small files beside the database that let their reader in: the key, and the word of a running server. They are used
//! only if they are this user's own (reliability.md section 9).

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

/// More than such a file ever has.
const LARGEST: u64 = 16 << 10;

/// Reads one; `None` if there is none.
pub(crate) fn read(path: &Path, what: &str) -> Outcome<Option<String>> {
    let unreadable = |error: &std::io::Error| {
        Problem::io(
            format!("cannot read the {what} of the local instance"),
            error,
        )
    };
    check(path, what)?;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&error)),
    };
    let mut text = String::new();
    file.take(LARGEST)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// Refuses a link, somebody else's file, and one that others can read.
#[cfg(unix)]
fn check(path: &Path, what: &str) -> Outcome<()> {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(facts) = std::fs::symlink_metadata(path) else {
        return Ok(());
    };
    let shown = path.display();
    let refused = |reason: &str| {
        Problem::config(format!(
            "the {what} of the local instance in {shown} {reason}"
        ))
    };
    if facts.is_symlink() {
        return Err(refused("is a link").hint(format!(
            "replace it with a file of your own, or remove it: rm {shown}"
        )));
    }
    if !facts.is_file() {
        return Err(refused("is not a file"));
    }
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused("belongs to another user"));
    }
    if facts.mode() & 0o077 != 0 {
        return Err(refused("can be read by others").hint(format!("chmod 600 {shown}")));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(_: &Path, _: &str) -> Outcome<()> {
    Ok(())
}

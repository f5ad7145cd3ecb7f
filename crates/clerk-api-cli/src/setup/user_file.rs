//! Files that belong to the user and to other programs: read and replaced as a whole, links refused.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;

/// More than a text of settings ever has.
const LARGEST: u64 = 64 << 20;

/// The text of a file; nothing if there is no file.
///
/// # Errors
/// It is a link, no regular file, too large, or not UTF-8.
pub(crate) fn text(path: &Path) -> Outcome<Option<String>> {
    let shown = path.display();
    let facts = match fs::symlink_metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Problem::io(format!("cannot read {shown}"), &error)),
    };
    if facts.is_symlink() {
        return Err(is_link(path));
    }
    if !facts.is_file() || facts.len() > LARGEST {
        return Err(Problem::config(format!(
            "{shown} is not a regular file of at most 64 MB"
        )));
    }
    let bytes =
        fs::read(path).map_err(|error| Problem::io(format!("cannot read {shown}"), &error))?;
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|_| Problem::config(format!("{shown} is not UTF-8")))
}

/// Puts a text in place of what was read `before`, at once and with the file's own mode.
///
/// # Errors
/// Another program changed the file meanwhile, or it cannot be written.
pub(crate) fn put(path: &Path, before: Option<&str>, after: &str) -> Outcome<()> {
    let shown = path.display();
    let failed =
        |error: &dyn std::fmt::Display| Problem::io(format!("cannot write {shown}"), &error);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let mut file = tempfile::Builder::new()
        .prefix(".clerk-api")
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    file.write_all(after.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    if text(path)?.as_deref() != before {
        return Err(Problem::io(
            format!("cannot write {shown}"),
            &"another program changed it",
        )
        .hint("run the command again"));
    }
    if before.is_none() {
        return file
            .persist_noclobber(path)
            .map(drop)
            .map_err(|error| failed(&error.error));
    }
    let mode =
        fs::metadata(path).and_then(|facts| fs::set_permissions(file.path(), facts.permissions()));
    mode.map_err(|error| failed(&error))?;
    file.persist(path)
        .map(drop)
        .map_err(|error| failed(&error.error))
}

/// Refuses a path with a link in it below `root`: it leads to where nobody expects a file of ours.
pub(crate) fn refuse_links(root: &Path, path: &Path) -> Outcome<()> {
    let below = path.ancestors().take_while(|part| *part != root);
    for part in below {
        let facts = fs::symlink_metadata(part);
        if facts.is_ok_and(|facts| facts.is_symlink()) {
            return Err(is_link(part));
        }
    }
    Ok(())
}

fn is_link(path: &Path) -> Box<Problem> {
    Problem::config(format!("{} is a symbolic link", path.display()))
        .hint("nothing was written: name the place it leads to, or replace the link")
}

//! `docs/reference`: written from the command tree, or compared with it.

use std::path::{Path, PathBuf};

use fs_err as fs;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference")
}

/// Writes all pages again and removes those that no longer have a group.
pub(crate) fn write() -> Result<String, String> {
    let folder = folder();
    let pages = clerk_api_cli::reference();
    let failed = |error: std::io::Error| error.to_string();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    for (name, text) in &pages {
        fs::write(folder.join(name), text).map_err(failed)?;
    }
    Ok(format!("docs: {} pages written", pages.len()))
}

/// Fails where a page on disk is not what would be written.
pub(crate) fn check() -> Result<String, String> {
    let pages = clerk_api_cli::reference();
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let written = fs::read_to_string(folder().join(name)).unwrap_or_default();
        if written != *text {
            let line = written
                .lines()
                .zip(text.lines())
                .position(|(old, new)| old != new);
            let line =
                line.unwrap_or_else(|| written.lines().count().min(text.lines().count())) + 1;
            stale.push(format!("docs/reference/{name} differs from line {line} on"));
        }
    }
    let extra =
        fs::read_dir(folder()).map_or(0, |entries| entries.count().saturating_sub(pages.len()));
    if extra > 0 {
        stale.push(format!("docs/reference has {extra} pages too many"));
    }
    if stale.is_empty() {
        return Ok(format!("docs: {} pages are up to date", pages.len()));
    }
    stale.push("run cargo xtask docs".to_owned());
    Err(stale.join("\n"))
}

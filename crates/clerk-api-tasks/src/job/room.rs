//! The room on the disk that a job needs before it begins (reliability.md 4.10).

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};

/// For every job, in bytes.
const ANY: u64 = 64 * 1024 * 1024;
/// For each row.
const ROW: u64 = 250;
const MB: u64 = 1_000_000;

/// Refuses a job of so many rows where its folder has too little room.
///
/// # Errors
/// There is too little room.
pub(super) fn check(folder: &Path, rows: u64) -> Outcome<()> {
    match free(folder) {
        Some(free) => of(free, rows, folder),
        // A disk that does not say what is free says when it is full.
        None => Ok(()),
    }
}

#[cfg(unix)]
fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
const fn free(_: &Path) -> Option<u64> {
    None
}

fn of(free: u64, rows: u64, folder: &Path) -> Outcome<()> {
    let needed = ANY.saturating_add(rows.saturating_mul(ROW));
    if free >= needed {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(folder);
    let (needed, free) = (needed.div_ceil(MB), free / MB);
    let said =
        format!("the journal of the job needs {needed} MB of free disk, and there are {free} MB");
    let hint = format!(
        "nothing was sent; make room where {} is, or name another folder by XDG_STATE_HOME",
        parent.display()
    );
    Err(Problem::io("cannot start the job", &said).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_4_10_a_job_needs_64_mib_and_250_bytes_a_row() {
        let folder = Path::new("/state/jobs/01");
        let is_enough = |free, rows| of(free, rows, folder).is_ok();
        assert!(is_enough(ANY, 0) && !is_enough(ANY - 1, 0));
        assert!(is_enough(ANY + 250_000_000, 1_000_000));
        let refused = of(ANY, 1_000_000, folder).unwrap_err();
        assert_eq!(
            refused.causes,
            ["the journal of the job needs 318 MB of free disk, and there are 67 MB"]
        );
        assert!(
            refused.hints[0].contains("/state/jobs is"),
            "{:?}",
            refused.hints
        );
    }
}

//! A warning where somebody's data lies among the files of a git repository, so that the next commit could take it along
//! (reliability.md 9).

use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::setup::context::Context;

/// Warns if one of these files that were just written is in a work tree and git would not ignore it.
pub(super) fn warn<'p>(context: &Context, files: impl Iterator<Item = &'p Path>) {
    for file in files {
        if is_exposed(file) {
            context.ui.warn(&format!(
                "{} has personal data and is in a git repository that does not ignore it: name it in .gitignore",
                file.display()
            ));
            // One warning is enough for all of them.
            return;
        }
    }
}

fn is_exposed(file: &Path) -> bool {
    let Ok(path) = std::path::absolute(file) else {
        return false;
    };
    let Some(folder) = path.parent() else {
        return false;
    };
    let has_git = |folder: &&Path| folder.join(".git").exists();
    let tree: Option<PathBuf> = folder.ancestors().find(has_git).map(Path::to_owned);
    let Some(tree) = tree else { return false };
    // Nothing that the repository itself configures is run.
    let git = std::process::Command::new("git")
        .args([
            "-c",
            "core.fsmonitor=false",
            "check-ignore",
            "--quiet",
            "--no-index",
            "--",
        ])
        .arg(&path)
        .current_dir(&tree)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    // 0: ignored. Without git nobody knows.
    !git.is_ok_and(|status| status.code() == Some(0))
}

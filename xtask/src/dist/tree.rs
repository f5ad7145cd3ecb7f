//! The binary with all that belongs to it, laid out once, and packed as a tarball.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::platform::{Platform, packages, stage};
use super::wheel;
use crate::command::{command, read, run};
use crate::place;

/// Shell and name of the file that it reads completions from.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "clerk-api.bash"),
    ("fish", "clerk-api.fish"),
    ("powershell", "_clerk-api.ps1"),
    ("zsh", "_clerk-api"),
];

/// Lays out the folder that becomes the tarball.
pub(super) fn lay(platform: &Platform, notices: &str) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| error.to_string();
    let folder = stage().join(name(platform));
    fs::create_dir_all(folder.join("completions")).map_err(failed)?;
    fs::copy(platform.binary(), folder.join(platform.program())).map_err(failed)?;
    for (from, to) in [
        ("LICENSE", "LICENSE"),
        ("CHANGELOG.md", "CHANGELOG.md"),
        ("packaging/README.md", "README.md"),
    ] {
        fs::copy(place::root().join(from), folder.join(to)).map_err(failed)?;
    }
    fs::copy(packages().join(wheel::bill()), folder.join("sbom.cdx.json")).map_err(failed)?;
    fs::write(folder.join("THIRD-PARTY.txt"), notices).map_err(failed)?;
    for (shell, file) in COMPLETIONS {
        let script = read(&mut command(platform.binary(), &["completions", shell]))?;
        fs::write(folder.join("completions").join(file), script).map_err(failed)?;
    }
    let pages = folder.join("man/man1");
    read(command(platform.binary(), &["man", "--dir"]).arg(&pages))?;
    Ok(folder)
}

fn name(platform: &Platform) -> String {
    format!("clerk-api-{}-{}", place::VERSION, platform.triple)
}

/// The finished tarball.
pub(super) fn path(platform: &Platform) -> PathBuf {
    packages().join(format!("{}.tar.gz", name(platform)))
}

/// Packs the folder.
pub(super) fn pack(platform: &Platform, tree: &Path) -> Result<(), String> {
    let mut tar = command("tar", &["-czf"]);
    tar.arg(path(platform)).arg("-C").arg(stage());
    if platform.triple.contains("linux") {
        // GNU tar's: the archive does not tell who built it.
        tar.args(["--owner=0", "--group=0", "--numeric-owner", "--sort=name"]);
    }
    run(tar.arg(tree.file_name().unwrap_or_default()))
}

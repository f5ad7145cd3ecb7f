//! The package for Debian and Ubuntu, packed by Debian's own `dpkg-deb`.

use std::path::{Path, PathBuf};

use fs_err as fs;

use super::platform::{GLIBC, Platform, packages, stage};
use crate::command::{command, read, run};
use crate::place;

/// Where the files of the tarball go; a folder goes with all that is in it.
const FILES: &[(&str, &str)] = &[
    ("clerk-api", "usr/bin/clerk-api"),
    ("man/man1", "usr/share/man/man1"),
    (
        "completions/clerk-api.bash",
        "usr/share/bash-completion/completions/clerk-api",
    ),
    (
        "completions/clerk-api.fish",
        "usr/share/fish/vendor_completions.d/clerk-api.fish",
    ),
    (
        "completions/_clerk-api",
        "usr/share/zsh/vendor-completions/_clerk-api",
    ),
    ("LICENSE", "usr/share/doc/clerk-api/copyright"),
    ("THIRD-PARTY.txt", "usr/share/doc/clerk-api/THIRD-PARTY.txt"),
    ("CHANGELOG.md", "usr/share/doc/clerk-api/changelog"),
];

/// The finished package, on platforms that have one.
pub(super) fn path(platform: &Platform) -> Option<PathBuf> {
    let name = format!("clerk-api_{}_{}.deb", place::VERSION, platform.debian()?);
    Some(packages().join(name))
}

/// Packs what is laid out for the tarball, where the platform can be Debian's.
pub(super) fn build(platform: &Platform, tree: &Path) -> Result<(), String> {
    let (Some(processor), Some(path)) = (platform.debian(), path(platform)) else {
        return Ok(());
    };
    let failed = |error: std::io::Error| error.to_string();
    let root = stage().join("debian");
    for (from, to) in FILES {
        let to = root.join(to);
        fs::create_dir_all(to.parent().unwrap_or(&root)).map_err(failed)?;
        run(command("cp", &["--recursive"]).arg(tree.join(from)).arg(to))?;
    }
    read(command("gzip", &["-9n", "--recursive"]).arg(root.join("usr/share/man/man1")))?;

    let kibibytes = read(command("du", &["-s", "--apparent-size"]).arg(&root))?;
    let kibibytes = kibibytes.split_whitespace().next().unwrap_or("0");
    let (version, (major, minor)) = (place::VERSION, GLIBC);
    let control = format!(
        "Package: clerk-api
Version: {version}
Architecture: {processor}
Maintainer: The clerk-api authors <clerk-api@example.invalid>
Installed-Size: {kibibytes}
Depends: libc6 (>= {major}.{minor})
Section: utils
Priority: optional
Description: administers a Clerk application from the command line
 Users, organizations, memberships and invitations of a Clerk application.
 It has a local Clerk inside: every command runs offline with --local.
"
    );
    fs::create_dir_all(root.join("DEBIAN")).map_err(failed)?;
    fs::write(root.join("DEBIAN/control"), control).map_err(failed)?;
    let pack = ["--build", "--root-owner-group", "-Zxz"];
    run(command("dpkg-deb", &pack).arg(&root).arg(path))
}

//! The names of this machine's platform in each packaging system, and the folder for packages.

use std::path::PathBuf;

use fs_err as fs;

use crate::{place, tools};

/// The oldest glibc that the binary runs with; manylinux2014 and Debian's dependency say the same.
pub(super) const GLIBC: (u32, u32) = (2, 17);

/// Where finished packages are. Not `target/dist`, which is cargo's folder for the profile of that name.
pub(super) fn packages() -> PathBuf {
    place::target().join("packages")
}

/// The files in the folder of packages, sorted.
pub(super) fn files() -> Result<Vec<String>, String> {
    let entries = fs::read_dir(packages()).map_err(|error| error.to_string())?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

/// Where packages are laid out before they are packed. Not below `CARGO_TARGET_DIR`: manifests name it by a relative path.
pub(super) fn stage() -> PathBuf {
    place::root().join("target/stage")
}

/// The names of the platform that is built for.
pub(super) struct Platform {
    /// Rust's, such as `x86_64-unknown-linux-gnu`.
    pub(super) triple: String,
}

/// What npm calls the platforms: operating system, processor, and Rust's name for both.
pub(super) const NPM: &[(&str, &str, &str)] = &[
    ("linux", "x64", "x86_64-unknown-linux-gnu"),
    ("linux", "arm64", "aarch64-unknown-linux-gnu"),
    ("darwin", "x64", "x86_64-apple-darwin"),
    ("darwin", "arm64", "aarch64-apple-darwin"),
    ("win32", "x64", "x86_64-pc-windows-msvc"),
];

impl Platform {
    /// The compiler's own.
    pub(super) fn here() -> Result<Self, String> {
        let (triple, _) = tools::compiler()?;
        Ok(Self { triple })
    }

    /// Linked by zig against an old glibc.
    pub(super) fn is_glibc(&self) -> bool {
        self.triple.ends_with("-linux-gnu")
    }

    /// Debian's name for the processor.
    pub(super) fn debian(&self) -> Option<&'static str> {
        match self.triple.as_str() {
            "x86_64-unknown-linux-gnu" => Some("amd64"),
            "aarch64-unknown-linux-gnu" => Some("arm64"),
            _ => None,
        }
    }

    pub(super) fn program(&self) -> &'static str {
        if self.triple.contains("windows") {
            "clerk-api.exe"
        } else {
            "clerk-api"
        }
    }

    /// Where the build leaves the binary.
    pub(super) fn binary(&self) -> PathBuf {
        let folder = place::target().join(&self.triple).join("dist");
        folder.join(self.program())
    }
}

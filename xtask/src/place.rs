//! Where things are: the project, what is built, and what the environment says.

use std::path::{Path, PathBuf};

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where everything goes that is built or installed.
pub(crate) fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A variable of the environment that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of xtask that reads the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The version of all crates, hence of all packages.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The oldest compiler that builds the project.
pub(crate) const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

//! The binary that is shipped.

use std::path::PathBuf;

use crate::command::{command, run};
use crate::place;

/// Builds the binary.
pub(crate) fn build() -> Result<String, String> {
    let args = [
        "build",
        "--profile",
        "dist",
        "--locked",
        "-p",
        "clerk-api-cli",
    ];
    run(&mut command("cargo", &args))?;
    Ok(format!("dist: {}", binary().display()))
}

/// Where the binary is, once it is built.
pub(crate) fn binary() -> PathBuf {
    place::target().join("dist/clerk-api")
}

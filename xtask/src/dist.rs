//! `cargo xtask dist`: the binary, built once, in every package that is shipped for this machine's platform.

mod check;
mod debian;
mod npm;
mod platform;
mod sources;
mod tree;
mod wheel;

use std::path::PathBuf;

use fs_err as fs;

use crate::command::{command, read, say};
use platform::Platform;

pub(crate) use check::check;

/// Builds every package into `target/packages`.
pub(crate) fn build() -> Result<String, String> {
    let platform = Platform::here()?;
    let packages = platform::packages();
    let failed = |error: std::io::Error| error.to_string();
    for folder in [&packages, &platform::stage()] {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(failed)?;
        }
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let notices = sources::notices(&platform)?;
    wheel::build(&platform, &notices)?;
    let tree = tree::lay(&platform, &notices)?;
    tree::pack(&platform, &tree)?;
    debian::build(&platform, &tree)?;
    npm::build(&platform, &tree)?;
    sums()?;
    for file in platform::files()? {
        let size = fs::metadata(packages.join(&file)).map_err(failed)?.len();
        say(&format!("{size:>10} {file}"));
    }
    Ok(format!("dist: {}", packages.display()))
}

/// Where the binary is, once it is built.
pub(crate) fn binary() -> Result<PathBuf, String> {
    Ok(Platform::here()?.binary())
}

fn sums() -> Result<(), String> {
    let mut sum = command("sha256sum", &[]);
    let text = read(
        sum.args(platform::files()?)
            .current_dir(platform::packages()),
    )?;
    let file = platform::packages().join("SHA256SUMS");
    fs::write(file, text).map_err(|error| error.to_string())
}

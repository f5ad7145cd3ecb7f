//! Tools that checks and packages need, at pinned versions: installed below `target/tools` when they are first needed.

use std::path::PathBuf;

use fs_err as fs;

use crate::command::{command, output, read, run};
use crate::place;

/// Where a virtual environment of Python has its programs.
pub(crate) const BIN: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// Node's package manager.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn folder() -> PathBuf {
    place::target().join("tools")
}

/// A program written in Rust: the one on the PATH where it has this very version, else built here.
pub(crate) fn cargo(name: &str, version: &str) -> Result<PathBuf, String> {
    let built = folder().join("bin").join(name);
    for program in [PathBuf::from(name), built.clone()] {
        let told = output(&mut command(&program, &["--version"]));
        if told.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).contains(version)) {
            return Ok(program);
        }
    }
    let root = folder().display().to_string();
    let mut install = command("cargo", &["install", name, "--locked", "--quiet"]);
    install.args(["--version", version, "--root", &root, "--force"]);
    // A tool runs for seconds, so the time to build it counts more.
    install.env("CARGO_TARGET_DIR", folder().join("build"));
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    install.env("CARGO_PROFILE_RELEASE_LTO", "off");
    install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run(&mut install)?;
    Ok(built)
}

/// The folder with the programs of these packages for Python, such as `ruff==0.17.6`.
pub(crate) fn python(packages: &[&str]) -> Result<PathBuf, String> {
    let place = folder().join("python").join(packages.join("+"));
    let programs = place.join(BIN);
    let done = place.join("done");
    if !done.exists() {
        let at = place.display().to_string();
        run(&mut command("python3", &["-m", "venv", "--clear", &at]))?;
        let mut install = command(programs.join("pip"), &["install", "--quiet"]);
        run(install.arg("--disable-pip-version-check").args(packages))?;
        fs::write(&done, "").map_err(|error| error.to_string())?;
    }
    Ok(programs)
}

/// The source archive of a package for Python, such as `pytest==9.2.0`, which has what no other archive has: tests and schemas. It comes through
/// the environment of these packages.
pub(crate) fn python_source(packages: &[&str], package: &str) -> Result<PathBuf, String> {
    let place = folder().join("python-sources").join(package);
    let archive = place.join(format!("{}.tar.gz", package.replace("==", "-")));
    if !archive.exists() {
        let name = package.split("==").next().unwrap_or(package);
        let pip = python(packages)?.join("pip");
        let mut download = command(pip, &["download", "--quiet", "--disable-pip-version-check"]);
        download.args(["--no-deps", "--no-binary", name, package]);
        run(download.arg("--dest").arg(&place))?;
    }
    Ok(archive)
}

/// A program of a package for Node.js, such as `oxlint@1.94.0`.
pub(crate) fn node(package: &str, program: &str) -> Result<PathBuf, String> {
    let place = folder().join("node").join(package);
    let program = place.join("node_modules/.bin").join(program);
    if !program.exists() {
        fs::create_dir_all(&place).map_err(|error| error.to_string())?;
        let at = place.display().to_string();
        let mut install = command(NPM, &["install", "--prefix", &at, package]);
        run(install.args(["--no-save", "--no-audit", "--no-fund", "--silent"]))?;
    }
    Ok(program)
}

/// The compiler's host, such as `x86_64-unknown-linux-gnu`, and its release, such as `1.95.0`.
pub(crate) fn compiler() -> Result<(String, String), String> {
    let text = read(&mut command("rustc", &["-vV"]))?;
    let told = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::to_owned)
            .ok_or_else(|| format!("rustc -vV does not say {name}"))
    };
    Ok((told("host: ")?, told("release: ")?))
}

//! Which crates there are: ours and what they use, and those of others, their licences, advisories and compilers.

use std::path::PathBuf;

use crate::command::{command, output, run, say};
use crate::{deps, docs, place, tools, words};

pub(crate) fn deps() -> Result<(), String> {
    deps::check().map(|message| say(&message))
}

pub(crate) fn docs() -> Result<(), String> {
    docs::check().map(|message| say(&message))
}

pub(crate) fn words() -> Result<(), String> {
    words::check().map(|message| say(&message))
}

fn deny() -> Result<PathBuf, String> {
    tools::cargo("cargo-deny", "0.20.2")
}

pub(crate) fn licenses() -> Result<(), String> {
    // It looks at the crates of every platform, more than was built here.
    run(&mut command("cargo", &["fetch", "--locked", "--quiet"]))?;
    let args = ["--offline", "check", "licenses", "bans", "sources"];
    run(&mut command(deny()?, &args))
}

/// Needs a copy of the `RustSec` database, which is no package of a registry: the one that cargo-deny keeps, where it has fetched one.
pub(crate) fn advisories() -> Result<(), String> {
    let home = variable_path("CARGO_HOME").or_else(|| Some(variable_path("HOME")?.join(".cargo")));
    let known = home.map(|home| home.join("advisory-dbs"));
    if known.is_some_and(|known| known.exists()) {
        return run(&mut command(deny()?, &["--offline", "check", "advisories"]));
    }
    say("advisories: NOT CHECKED, there is no copy of the database here.");
    say("To check them, run `cargo deny check advisories` where the network allows it.");
    Ok(())
}

fn variable_path(name: &str) -> Option<PathBuf> {
    place::variable(name).map(PathBuf::from)
}

/// Clippy's `incompatible_msrv` has looked at what is used of the standard library; here the whole is compiled by that compiler.
pub(crate) fn msrv() -> Result<(), String> {
    let wanted = place::RUST_VERSION;
    let (_, release) = tools::compiler()?;
    if release.starts_with(&format!("{wanted}.")) {
        say(&format!("msrv: {wanted} is the compiler of all steps"));
        return Ok(());
    }
    let toolchain = format!("+{wanted}");
    if !output(&mut command("cargo", &[&toolchain, "--version"]))?
        .status
        .success()
    {
        say(&format!(
            "msrv: NOT COMPILED, there is no toolchain {wanted} here; only clippy's incompatible_msrv has looked"
        ));
        return Ok(());
    }
    let mut check = command(
        "cargo",
        &[&toolchain, "check", "--workspace", "--locked", "--quiet"],
    );
    run(check.arg("--target-dir").arg(place::target().join("msrv")))
}

//! What cargo itself says of the project's Rust.

use crate::command::{command, run};
use crate::place;

pub(crate) fn format() -> Result<(), String> {
    run(&mut command("cargo", &["fmt", "--all", "--check"]))
}

pub(crate) fn lints() -> Result<(), String> {
    let args = "clippy --workspace --all-targets --locked --quiet -- -D warnings";
    run(&mut cargo(args))
}

/// The servers that tests start write down what they received and answered, for the step `judge`.
pub(crate) fn tests() -> Result<(), String> {
    let exchanges = crate::steps::local::exchanges("tests")?;
    let mut tests = cargo("test --workspace --locked");
    run(tests.env("CLERK_API_LOCAL_RECORD", exchanges))
}

pub(crate) fn rustdoc() -> Result<(), String> {
    let mut doc = cargo("doc --workspace --no-deps --locked --quiet");
    run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

pub(crate) fn features() -> Result<(), String> {
    run(&mut cargo(
        "check -p clerk-api --no-default-features --locked --quiet",
    ))
}

/// Running them takes cargo-fuzz (`fuzz/run`); that they compile needs neither that nor a nightly compiler.
pub(crate) fn fuzz() -> Result<(), String> {
    let mut check = cargo("check --manifest-path fuzz/Cargo.toml --lib --bins --locked --quiet");
    run(check.arg("--target-dir").arg(place::target().join("fuzz")))
}

/// Built where the step `conformance` looks for it.
pub(crate) fn rust_client() -> Result<(), String> {
    let mut build = cargo("build --manifest-path conformance/rust/Cargo.toml --locked --quiet");
    let target = place::root().join("target/conformance/rust");
    run(build.arg("--target-dir").arg(target))
}

fn cargo(args: &str) -> std::process::Command {
    command("cargo", &args.split(' ').collect::<Vec<_>>())
}

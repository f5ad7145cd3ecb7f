//! Running other programs: what runs is shown, and what fails is an error that names it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::place;

/// A program that runs in the project's folder and has nothing to read.
pub(crate) fn command(program: impl AsRef<Path>, args: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command
        .args(args)
        .current_dir(place::root())
        .stdin(Stdio::null());
    command
}

/// Runs it, shows what it prints, and fails where it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    say(&format!("$ {shown}"));
    let status = command
        .status()
        .map_err(|error| format!("cannot run {shown}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown}: {status}"))
    }
}

/// Runs it quietly and returns what it wrote to its standard output; an error has what it wrote to the other one.
pub(crate) fn read(command: &mut Command) -> Result<String, String> {
    let output = output(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {}\n{text}", shown(command), output.status))
}

/// Runs it quietly, whatever comes of it.
pub(crate) fn output(command: &mut Command) -> Result<Output, String> {
    command
        .output()
        .map_err(|error| format!("cannot run {}: {error}", shown(command)))
}

/// Program and arguments as one line, to read and not to run: arguments are not quoted.
fn shown(command: &Command) -> String {
    let root = place::root();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ").replace(&format!("{}/", root.display()), "")
}

/// Prints a message for the person who runs a chore.
#[expect(
    clippy::print_stderr,
    reason = "a chore prints for the person who runs it"
)]
pub(crate) fn say(message: &str) {
    eprintln!("{message}");
}

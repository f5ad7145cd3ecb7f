//! Wrong command lines, in the same two forms as every other failure.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clerk_api_admin::problem::Problem;

use super::{meaning, root, tree};
use crate::show::exit::Exit;
use crate::show::failure;
use crate::show::ui::{ColorWhen, Ui};

/// Shows help, the version, or what is wrong.
pub(crate) fn report(error: &clap::Error, arguments: &[OsString], ui: &Ui) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let text = if ui.color_out {
                text.ansi().to_string()
            } else {
                text.to_string()
            };
            match ui.print(&text) {
                Ok(()) => Exit::Done,
                Err(failure) => {
                    ui.failure(&failure);
                    failure::exit(&failure)
                }
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if ui.stderr_terminal => {
            ui.help(&error.render().to_string());
            Exit::Usage
        }
        _ => {
            ui.failure(&wrong(error, arguments));
            Exit::Usage
        }
    }
}

fn wrong(error: &clap::Error, arguments: &[OsString]) -> Box<Problem> {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Problem::usage("a command is missing").hint("`--help` lists the commands");
    }
    let text = error.render().to_string();
    let mut parts = text.split("\n\n");
    let first = parts.next().unwrap_or_default();
    let words: Vec<&str> = first.lines().map(str::trim).collect();
    let message = words.join(" ");
    let mut failure = Problem::usage(message.strip_prefix("error: ").unwrap_or(&message).trim());
    let meant = meant(error, arguments);
    let tips = parts.flat_map(str::lines).map(str::trim);
    let tips = tips.filter_map(|line| line.strip_prefix("tip: "));
    // A word that is known from elsewhere says more than letters that look alike.
    let hints = match &meant {
        Some(meant) => vec![meant.as_str()],
        None => tips.collect(),
    };
    for hint in hints {
        failure = failure.hint(hint);
    }
    if let Some(ContextValue::StyledStr(shape)) = error.get(ContextKind::Usage) {
        let shape = shape.to_string();
        let line: Vec<&str> = shape.split_whitespace().collect();
        failure = failure.hint(line.join(" ").replacen("Usage:", "usage:", 1));
    }
    failure
}

/// What was meant by a command or flag that there is not, where its name is one that people use for another, and by a form that one command has.
fn meant(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    if error.kind() == ErrorKind::InvalidValue {
        let form = text(ContextKind::InvalidValue).filter(|form| root::REPORTS.contains(form))?;
        let is_output = text(ContextKind::InvalidArg)?.starts_with("--output ");
        return is_output.then(|| {
            format!("only `audit` writes {form}, and takes it after its name: `clerk-api audit --output {form}`")
        });
    }
    let unknown = match error.kind() {
        ErrorKind::InvalidSubcommand => text(ContextKind::InvalidSubcommand)?,
        ErrorKind::UnknownArgument => text(ContextKind::InvalidArg)?,
        _ => return None,
    };
    let mut tree = tree::command();
    tree.build();
    let words = arguments.iter().filter_map(|word| word.to_str());
    let words: Vec<&str> = words
        .take_while(|word| word.split('=').next() != Some(unknown))
        .collect();
    let (at, path) = meaning::innermost(&tree, &words);
    if error.kind() == ErrorKind::UnknownArgument {
        return Some(format!("did you mean {}", meaning::flag(at, unknown)?));
    }
    let lines = meaning::commands(&tree, at, &path, unknown);
    let quoted: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}", quoted.join(" or ")))
}

/// The color that was asked for, where the command line as a whole could not be read.
pub(crate) fn color(arguments: &[OsString]) -> ColorWhen {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let split = words
        .windows(2)
        .find(|pair| pair[0] == "--color")
        .map(|pair| pair[1]);
    let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
    match joined.or(split) {
        Some("always") => ColorWhen::Always,
        Some("never") => ColorWhen::Never,
        _ => ColorWhen::Auto,
    }
}

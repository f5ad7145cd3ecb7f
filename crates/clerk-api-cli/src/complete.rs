//! Completion: a shell's script calls this program on every tab, and the command tree answers.
//!
//! What the instance holds is looked up in `complete/values.rs`.

mod bash;
mod values;

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Arg;
use clap_complete::engine::ArgValueCompleter;
use clap_complete::env::{EnvCompleter, Fish, Powershell, Zsh};
use clerk_api::endpoint::Field;

use crate::error::Outcome;
use crate::ui::Ui;
use crate::{app, config};
use bash::Bash;

/// The environment variable by which a script says which shell it belongs to.
pub(crate) const SHELL: &str = "_CLERK_API_COMPLETE";

/// The command line up to the word that is completed, for who looks values up. Empty outside a completion.
static LINE: OnceLock<Vec<OsString>> = OnceLock::new();

/// The shells, by the names that `completions` takes.
fn completer(shell: &str) -> Option<&'static dyn EnvCompleter> {
    let known: [&dyn EnvCompleter; 4] = [&Bash, &Zsh, &Fish, &Powershell];
    known.into_iter().find(|known| known.name() == shell)
}

/// Writes the script that a shell reads once.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn script(shell: &str, ui: &Ui) -> Outcome<()> {
    let mut script = Vec::new();
    if let Some(completer) = completer(shell) {
        // Writing to memory cannot fail.
        let _ =
            completer.write_registration(SHELL, "clerk-api", "clerk-api", "clerk-api", &mut script);
    }
    ui.print(&String::from_utf8_lossy(&script))
}

/// Answers a shell, where one asks: `clerk-api -- WORD…` with the variable above. Nothing is ever said about a failure, since the
/// user's half-written command line stands on the terminal.
pub(crate) fn answered() -> Option<ExitCode> {
    let shell = config::variable(SHELL)?;
    let mut words = std::env::args_os().skip_while(|word| word != "--");
    words.next()?;
    let words: Vec<OsString> = words.collect();
    let completer = completer(&shell)?;
    std::panic::set_hook(Box::new(|_| ()));
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut answer = Vec::new();
        let folder = std::env::current_dir().ok();
        let _ = LINE.set(completer_line(completer.name(), &words));
        completer.write_complete(&mut app::command(), words, folder.as_deref(), &mut answer)?;
        std::io::Write::write_all(&mut std::io::stdout(), &answer)
    }));
    Some(match answer {
        Ok(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// The words before the one that is completed.
fn completer_line(shell: &str, words: &[OsString]) -> Vec<OsString> {
    if shell == Bash.name() {
        let (mut words, index, _) = bash::joined(words);
        words.truncate(index);
        return words;
    }
    let index = config::variable("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse().ok());
    let index = index.unwrap_or(words.len().saturating_sub(1));
    words.iter().take(index).cloned().collect()
}

/// An argument that offers what the instance has for this field.
pub(crate) fn offering(arg: Arg, field: &Field) -> Arg {
    match values::of_field(field) {
        Some(look) => arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
            values::found(look, typed, LINE.get().map_or(&[][..], Vec::as_slice))
        })),
        None => arg,
    }
}

/// An argument that offers the names of the configuration's profiles.
pub(crate) fn offering_profiles(arg: Arg) -> Arg {
    arg.add(ArgValueCompleter::new(values::profiles))
}

/// An argument that offers the names of the local instance's snapshots.
pub(crate) fn offering_snapshots(arg: Arg) -> Arg {
    arg.add(ArgValueCompleter::new(|typed: &OsStr| {
        values::snapshots(typed, LINE.get().map_or(&[][..], Vec::as_slice))
    }))
}

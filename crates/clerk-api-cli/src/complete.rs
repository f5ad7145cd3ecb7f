//! Completion: a shell's script calls this program on every tab, and the command tree answers.
//!
//! What only the configuration or the instance knows is looked up in `complete/values.rs`. The tree itself knows nothing of it: the
//! arguments of the command on the line get their look-ups here.

mod bash;
mod values;

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use clap::{Arg, Command};
use clap_complete::engine::ArgValueCompleter;
use clap_complete::env::{EnvCompleter, Fish, Powershell, Zsh};
use clerk_api::declare::Meta;
use clerk_api::ops;

use crate::args::root::{self, flag};
use crate::args::{meaning, tree};
use crate::setup::config::{self, Flags};
use bash::Bash;

/// The environment variable by which a script says which shell it belongs to.
const SHELL: &str = "_CLERK_API_COMPLETE";

/// The shells, by the names that `completions` takes.
fn completer(shell: &str) -> Option<&'static dyn EnvCompleter> {
    let known: [&dyn EnvCompleter; 4] = [&Bash, &Zsh, &Fish, &Powershell];
    known.into_iter().find(|known| known.name() == shell)
}

/// The script that a shell reads once; empty for one that is not known.
pub(crate) fn script(shell: &str) -> String {
    let mut script = Vec::new();
    if let Some(completer) = completer(shell) {
        // Writing to memory cannot fail.
        let _ =
            completer.write_registration(SHELL, "clerk-api", "clerk-api", "clerk-api", &mut script);
    }
    String::from_utf8_lossy(&script).into_owned()
}

/// Answers a shell, where one asks: `clerk-api -- WORD…` with the variable above. Nothing is ever said about a failure, since the
/// user's half-written command line is on the terminal.
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
        let mut tree = knowing(&before(completer.name(), &words));
        completer.write_complete(&mut tree, words, folder.as_deref(), &mut answer)?;
        std::io::Write::write_all(&mut std::io::stdout(), &answer)
    }));
    Some(match answer {
        Ok(Ok(())) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// The words before the one that is completed.
fn before(shell: &str, words: &[OsString]) -> Vec<OsString> {
    if shell == Bash.name() {
        let (mut words, index, _) = bash::joined(words);
        words.truncate(index);
        return words;
    }
    let index = config::variable("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse().ok());
    let index = index.unwrap_or(words.len().saturating_sub(1));
    words.iter().take(index).cloned().collect()
}

/// The tree, whose command on this line knows where the values of its arguments are.
fn knowing(line: &[OsString]) -> Command {
    let matches = tree::command()
        .ignore_errors(true)
        .try_get_matches_from(line);
    let flags = matches.map(|matches| Flags::read(root::innermost(&matches)));
    let flags = flags.unwrap_or_default();
    let profiles = |arg: Arg| arg.add(ArgValueCompleter::new(values::profiles));
    let mut tree = tree::command().mut_arg(flag::PROFILE, profiles);
    tree.build();
    let words: Vec<&str> = line.iter().filter_map(|word| word.to_str()).collect();
    let (_, path) = meaning::innermost(&tree, &words);
    let path: Vec<String> = path.into_iter().map(str::to_owned).collect();
    match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "local", "snapshot", action @ ("restore" | "delete")] => {
            let look = move |typed: &OsStr| values::snapshots(typed, &flags);
            at(tree, &["local", "snapshot", action], |command| {
                command.mut_arg("name", |arg| arg.add(ArgValueCompleter::new(look)))
            })
        }
        [_, group, action] => match ops::find(&format!("{group}.{action}").replace('-', "_")) {
            Some(op) => at(tree, &[group, action], |command| {
                command.mut_args(|arg| offering(arg, op.meta, &flags))
            }),
            None => tree,
        },
        _ => tree,
    }
}

/// Changes the command at this place of the tree.
fn at(tree: Command, path: &[&str], change: impl FnOnce(Command) -> Command) -> Command {
    match path {
        [] => change(tree),
        [first, rest @ ..] => tree.mut_subcommand(first, |inner| at(inner, rest, change)),
    }
}

/// An argument that offers what the instance has for its field.
fn offering(arg: Arg, meta: &'static Meta, flags: &Flags) -> Arg {
    let field = meta.field(arg.get_id().as_str());
    match field.and_then(values::of_field) {
        Some(look) => {
            let flags = flags.clone();
            arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
                values::found(look, typed, &flags)
            }))
        }
        None => arg,
    }
}

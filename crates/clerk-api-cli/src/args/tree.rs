//! The command tree: groups and commands. It grows only where it is looked at, since start time is a feature.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command};
use clerk_api::declare::{Field, Group, Resource};
use clerk_api::ops;

use super::root::flag;
use super::{from_meta, read, root};
use crate::show::exit;

/// Where the key comes from, in a line.
const KEY: &str = "Set CLERK_SECRET_KEY to your secret key. --local needs no key: it runs a local Clerk in this process.";

/// Reads a command line.
///
/// The parser copies each of the root's flags into every command that it knows. So it first gets to know only the command that
/// the line seems to name, which saves half the time of a start, and all of them where that fails.
///
/// # Errors
/// Those of the parser, help and version among them.
pub(crate) fn parse(arguments: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let words = words(arguments);
    if matches!(words.as_slice(), ["--version" | "-V"]) {
        return root().try_get_matches_from(arguments);
    }
    if let Some(branch) = branch(&words, gives_elsewhere(&words)) {
        let read = root().subcommand(branch).try_get_matches_from(arguments);
        // Only this tree knows that rows and JSON can give what is required.
        if read.is_ok() || gives_elsewhere(&words) {
            return read;
        }
    }
    command().try_get_matches_from(arguments)
}

/// Reads a command line that lacks users and organizations and nothing else, for somebody who can choose them.
///
/// # Errors
/// The parser's, where it is about something else.
pub(crate) fn parse_choosable(
    arguments: &[OsString],
    error: clap::Error,
) -> Result<ArgMatches, clap::Error> {
    choosable(arguments, error.kind()).ok_or(error)
}

fn choosable(arguments: &[OsString], error: ErrorKind) -> Option<ArgMatches> {
    if error != ErrorKind::MissingRequiredArgument {
        return None;
    }
    let branch = branch(&words(arguments), true)?;
    let matches = root()
        .subcommand(branch)
        .try_get_matches_from(arguments)
        .ok()?;
    let (group, inner) = matches.subcommand()?;
    let (action, leaf) = inner.subcommand()?;
    let op = ops::find(&format!("{group}.{action}").replace('-', "_"))?;
    let lacking = read::lacking(op.meta, leaf);
    let is_choosable = |field: &&Field| {
        let of = field.resource();
        matches!(of, Some(Resource::USER | Resource::ORGANIZATION))
    };
    let asks = !leaf.get_flag(flag::YES) && !lacking.is_empty();
    (asks && lacking.iter().all(is_choosable)).then_some(matches)
}

fn words(arguments: &[OsString]) -> Vec<&str> {
    let words = arguments.iter().skip(1);
    words.filter_map(|word| word.to_str()).collect()
}

/// The one command that a command line seems to name, in its group.
fn branch(words: &[&str], given_elsewhere: bool) -> Option<Command> {
    let is_called = |group: &&Group, word: &str| {
        let names = [Some(group.name), group.alias];
        names
            .into_iter()
            .flatten()
            .any(|name| from_meta::kebab(name) == word)
    };
    let named = |word: &&str| Group::ALL.iter().find(|group| is_called(group, word));
    let (at, found) = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| Some((at, named(word)?)))?;
    let mut ops = ops::all().filter(|op| op.meta.group() == found.name);
    let action = words.get(at + 1)?.replace('-', "_");
    let group = from_meta::kebab(found.name);
    if crate::commands::is_added(&group, words.get(at + 1)?) {
        return Some(
            bare(found).subcommands(crate::commands::added(&group).map(root::in_two_lengths)),
        );
    }
    let op = ops.find(|op| op.meta.action() == action)?;
    let command = if given_elsewhere {
        from_meta::command_given_elsewhere(op.meta)
    } else {
        from_meta::command(op.meta)
    };
    Some(bare(found).subcommand(command))
}

/// Whether a line has a flag that gives other arguments.
fn gives_elsewhere(words: &[&str]) -> bool {
    words.iter().any(|word| {
        let name = word.split_once('=').map_or(*word, |(name, _)| name);
        matches!(name, "--rows" | "--input-json")
    })
}

/// The whole tree, not yet grown.
pub(crate) fn command() -> Command {
    root()
        .subcommands(Group::ALL.iter().map(group))
        .subcommands(crate::commands::tree().map(root::in_two_lengths))
}

fn root() -> Command {
    Command::new("clerk-api")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Administers a Clerk application: users, organizations, memberships, invitations")
        .after_help(format!("{KEY}\n\n{}", root::GLOBAL))
        .after_long_help(exit_codes())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(110)
        .args(root::output_flags())
        .args(root::safety_flags())
        .args(root::connection_flags())
}

fn exit_codes() -> String {
    let mut text = format!("{KEY}\n\nExit codes:\n");
    for (exit, meaning) in exit::TABLE {
        text.push_str(&format_line(exit.code(), meaning));
    }
    text
}

fn format_line(code: u8, meaning: &str) -> String {
    format!("  {code:>3}  {meaning}\n")
}

fn group(group: &'static Group) -> Command {
    bare(group).defer(grow_group)
}

/// A group without its commands.
fn bare(group: &'static Group) -> Command {
    let command = Command::new(from_meta::kebab(group.name))
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true);
    let command = root::in_two_lengths(command);
    match group.alias {
        Some(alias) => command.visible_alias(from_meta::kebab(alias)),
        None => command,
    }
}

fn grow_group(command: Command) -> Command {
    let group = command.get_name().to_owned();
    let id = group.replace('-', "_");
    let ops = ops::all().filter(|op| op.meta.group() == id);
    let commands: Vec<Command> = ops.map(|op| from_meta::command(op.meta)).collect();
    command
        .subcommands(commands)
        .subcommands(crate::commands::added(&group).map(root::in_two_lengths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<String, ErrorKind> {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let matches = parse(&arguments).map_err(|error| error.kind())?;
        let (group, inner) = matches.subcommand().unwrap();
        let action = inner.subcommand_name().unwrap_or_default();
        Ok(format!("{group} {action}"))
    }

    #[test]
    fn a_line_means_the_same_whichever_commands_the_parser_knows() {
        assert_eq!(parsed("clerk-api users list").unwrap(), "users list");
        assert_eq!(parsed("clerk-api orgs get x").unwrap(), "organizations get");
        assert_eq!(
            parsed("clerk-api --profile users organizations list").unwrap(),
            "organizations list"
        );
        assert_eq!(
            parsed("clerk-api --profile users users get user_1").unwrap(),
            "users get"
        );
        assert_eq!(parsed("clerk-api local status").unwrap(), "local status");
        assert!(parsed("clerk-api users nonsense").is_err());
        assert_eq!(
            parsed("clerk-api users delete --rows x.csv").unwrap(),
            "users delete"
        );
        assert!(parsed("clerk-api users delete").is_err());
    }

    fn ends(command: &mut Command, wrong: &mut Vec<String>, shown: &mut usize) {
        let name = command.get_name().to_owned();
        let short = command.render_help().to_string();
        let long = command.render_long_help().to_string();
        let examples = |text: &str| text.matches("\n  clerk-api ").count();
        let in_long = examples(&long);
        *shown += in_long;
        if !short.contains("Global options: ")
            || long.contains("Global options: ")
            || examples(&short) != in_long.min(1)
            || in_long > 0 && !long.contains("Examples:\n")
        {
            wrong.push(format!("{name}: {short}"));
        }
        for inner in command.get_subcommands_mut() {
            if inner.get_name() != "help" {
                ends(inner, wrong, shown);
            }
        }
    }

    #[test]
    fn short_help_has_one_example_and_names_global_options_and_long_help_has_all() {
        let (mut wrong, mut shown) = (Vec::new(), 0);
        let mut tree = command();
        tree.build();
        ends(&mut tree, &mut wrong, &mut shown);
        assert_eq!(wrong, <Vec<String>>::new());
        assert!(shown > 70, "{shown} examples");
    }
}

//! The command tree: groups and commands. It grows only where it is looked at, since start time is a feature.

use clap::Command;
use clerk_api::declare::Group;
use clerk_api::ops;

use super::{from_meta, root};
use crate::show::exit;

/// Where the key comes from, in a line.
const KEY: &str = "Set CLERK_SECRET_KEY to your secret key. --local needs no key: it runs a local Clerk in this process.";

/// The whole tree, not yet grown.
pub(crate) fn command() -> Command {
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
        .subcommands(Group::ALL.iter().map(group))
        .subcommands(crate::commands::tree().map(root::in_two_lengths))
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
    let command = Command::new(from_meta::kebab(group.name))
        .about(group.about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .defer(grow_group);
    let command = root::in_two_lengths(command);
    match group.alias {
        Some(alias) => command.visible_alias(from_meta::kebab(alias)),
        None => command,
    }
}

fn grow_group(command: Command) -> Command {
    let id = command.get_name().replace('-', "_");
    let ops = ops::all().filter(|op| op.meta.group() == id);
    let commands: Vec<Command> = ops.map(|op| from_meta::command(op.meta)).collect();
    command.subcommands(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

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

//! The reference as Markdown, a page a group, from the same tree that parses arguments and prints help.

use std::fmt::Write as _;

use clap::{Arg, Command};

use crate::args::{job_flags, tree};

/// The pages of `docs/reference`: file name and text.
#[must_use]
pub fn reference() -> Vec<(String, String)> {
    let mut root = tree::command();
    root.build();
    let groups = || shown(&root);
    let mut pages = vec![("README.md".to_owned(), index(groups()))];
    pages.extend(groups().map(|group| (format!("{}.md", group.get_name()), page(group))));
    pages.push((TABLES.to_owned(), clerk_api_tasks::export::reference()));
    pages
}

/// The page of what an export has.
const TABLES: &str = "tables.md";

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set())
}

fn index<'a>(groups: impl Iterator<Item = &'a Command>) -> String {
    let mut text =
        "# Command reference\n\nWritten by `cargo xtask docs` from the declarations.\n".to_owned();
    for group in groups {
        let name = group.get_name();
        let _ = writeln!(text, "\n## [{name}]({name}.md)\n\n{}.", about(group));
        for command in shown(group) {
            let verb = command.get_name();
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(
                text,
                "- [`{name} {verb}`]({name}.md#{verb}): {}",
                about(command)
            );
        }
    }
    text += &many_rows();
    let _ = writeln!(
        text,
        "\n## [Tables of an export]({TABLES})\n\nWhat `export` writes as CSV, SQLite and Parquet."
    );
    text
}

fn page(group: &Command) -> String {
    let mut text = format!("# clerk-api {}\n\n{}.\n", group.get_name(), about(group));
    // A group that is a command itself has arguments of its own.
    text += &arguments(group);
    text += &examples(group);
    for command in shown(group) {
        let _ = writeln!(text, "\n## {}\n\n{}.", command.get_name(), about(command));
        text += &arguments(command);
        text += &examples(command);
        for inner in shown(command) {
            let (outer, name) = (command.get_name(), inner.get_name());
            let _ = writeln!(text, "\n### {outer} {name}\n\n{}.", about(inner));
            text += &arguments(inner);
            text += &examples(inner);
        }
    }
    text
}

fn about(command: &Command) -> String {
    let text = command.get_long_about().or_else(|| command.get_about());
    text.map(ToString::to_string)
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}

/// The arguments of the command's own; every command has the root's flags, so they are not repeated.
fn arguments(command: &Command) -> String {
    let own =
        |arg: &&Arg| !arg.is_global_set() && !matches!(arg.get_id().as_str(), "help" | "version");
    let arguments = command.get_arguments().filter(own);
    let (of_rows, own): (Vec<&Arg>, Vec<&Arg>) = arguments.partition(|arg| is_of_rows(arg));
    let mut text = table(&own);
    if let Some(rows) = of_rows.iter().find(|arg| arg.get_long() == Some("rows")) {
        let _ = writeln!(
            text,
            "\n`--{} FILE` does it for every row of a file: see [many rows](README.md#many-rows).",
            rows.get_long().unwrap_or_default()
        );
    } else if !of_rows.is_empty() {
        text.push_str(
            "\nIt also has the flags of jobs, such as `--plan` and `--rejects`: see [many rows](README.md#many-rows).\n",
        );
    }
    text
}

/// Whether a flag is one of those that every write has for many rows.
fn is_of_rows(arg: &Arg) -> bool {
    arg.get_help_heading() == Some(job_flags::HEADING)
}

fn table(arguments: &[&Arg]) -> String {
    let row = |arg: &&Arg| format!("| {} | {} |\n", cell(&spelled(arg)), cell(&help(arg)));
    let rows: String = arguments.iter().map(row).collect();
    if rows.is_empty() {
        return rows;
    }
    format!("\n| argument | description |\n|---|---|\n{rows}")
}

/// The flags that every write has for many rows, once.
fn many_rows() -> String {
    let flags: Vec<Arg> = job_flags::rows_flags()
        .into_iter()
        .chain(job_flags::flags())
        .collect();
    let flags: Vec<&Arg> = flags.iter().collect();
    let beginning = "Every command that changes something takes the rows of a file: see [many rows](../rows.md) and [jobs](../jobs.md).";
    format!("\n## Many rows\n\n{beginning}\n{}", table(&flags))
}

fn spelled(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let value = names
        .first()
        .map(|name| format!("<{name}>"))
        .unwrap_or_default();
    let Some(long) = arg.get_long() else {
        return format!("`{value}`");
    };
    let takes_value = arg.get_action().takes_values();
    let flag = |name: &str| match takes_value {
        true => format!("`--{name} {value}`"),
        false => format!("`--{name}`"),
    };
    let aliases = arg.get_visible_aliases().unwrap_or_default();
    let mut text = flag(long);
    for alias in aliases {
        let _ = write!(text, ", `--{alias}`");
    }
    if arg.is_required_set() {
        text += " (required)";
    }
    text
}

fn help(arg: &Arg) -> String {
    let text = arg.get_long_help().or_else(|| arg.get_help());
    let mut text = text.map(ToString::to_string).unwrap_or_default();
    let words: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !words.is_empty() && !arg.is_hide_possible_values_set() && arg.get_action().takes_values() {
        let sentence = text.trim_end_matches('.').len();
        text.truncate(sentence);
        let _ = write!(text, ". One of: {}", words.join(", "));
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn examples(command: &Command) -> String {
    let after = command.get_after_long_help();
    let Some(after) = after.or_else(|| command.get_after_help()) else {
        return String::new();
    };
    let after = after.to_string();
    let Some((_, lines)) = after.split_once("Examples:\n") else {
        return String::new();
    };
    let lines: Vec<&str> = lines.lines().map(str::trim).collect();
    format!("\n```sh\n{}\n```\n", lines.join("\n"))
}

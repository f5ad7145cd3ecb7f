//! `commands`: every command as data, from the tree that parses arguments and from the facts of operations.

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api::declare::{Effect, Form, Meta};
use clerk_api::ops;
use clerk_api_admin::guard::requirement::class;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::undo::is_undoable;
use serde_json::{Value, json};

use super::output::{renderer, show};
use crate::args::tree;
use crate::setup::context::Context;
use crate::show::exit::{self, Exit};

const WORDS: &str = "commands.words";

/// What the commands do that are no operation, and what they print.
const OWN: &[(&str, &str, &str)] = &[
    ("api", "as the operation", "as the operation"),
    ("audit", "read", "object"),
    ("audit diff", "read", "list"),
    ("audit rules", "read", "list"),
    ("audit schema", "read", "list"),
    ("audit snapshot", "read", "object"),
    ("audit sql", "read", "list"),
    ("audit tree", "read", "list"),
    ("commands", "read", "list"),
    ("completions", "read", "text"),
    ("doctor", "read", "object"),
    ("export", "read", "object"),
    ("find", "read", "list"),
    ("invitations count", "read", "object"),
    ("jobs cancel", "reversible", "object"),
    ("jobs forget", "destructive", "object"),
    ("jobs list", "read", "list"),
    ("jobs report", "read", "object"),
    ("jobs resume", "as the job", "object"),
    ("jobs show", "read", "object"),
    ("jobs undo", "destructive", "object"),
    ("local clock", "reversible", "object"),
    ("local effects", "read", "object"),
    ("local exec", "as the program", "text"),
    ("local export", "read", "object"),
    ("local faults", "reversible", "object"),
    ("local import", "destructive", "object"),
    ("local limits", "reversible", "object"),
    ("local open", "read", "object"),
    ("local requests", "read", "list"),
    ("local reset", "destructive", "object"),
    ("local seed", "reversible", "object"),
    ("local serve", "reversible", "text"),
    ("local snapshot", "destructive", "object"),
    ("local status", "read", "object"),
    ("local webhooks", "reversible", "object"),
    ("man", "read", "text"),
    ("mcp", "as the tool", "text"),
    ("mcp install", "reversible", "object"),
    ("mcp uninstall", "reversible", "object"),
    ("memberships count", "read", "object"),
    ("memberships import", "reversible", "object"),
    ("onboard", "mails", "object"),
    ("organizations count", "read", "object"),
    ("organizations import", "reversible", "object"),
    ("organizations sync-members", "destructive", "object"),
    ("show", "read", "object"),
    ("skill install", "reversible", "list"),
    ("skill path", "read", "list"),
    ("skill show", "read", "text"),
    ("users import", "reversible", "object"),
];

/// The exit codes of every command, and those that only changes have.
const EXITS: [Exit; 9] = [
    Exit::Done,
    Exit::Failed,
    Exit::Usage,
    Exit::Partly,
    Exit::Key,
    Exit::Absent,
    Exit::Rejected,
    Exit::Io,
    Exit::Later,
];
const EXITS_OF_WRITES: [Exit; 4] = [Exit::Refused, Exit::Unknown, Exit::Changed, Exit::Locked];

pub(super) fn command() -> Command {
    Command::new("commands")
        .about("Describe every command: arguments, class, output, exit codes, examples")
        .long_about("Describe every command as JSON: what it does, its arguments with their types, its class (read, reversible, destructive, mails, once), what it prints, its exit codes, examples. The first row has the options of all commands and the meanings of the exit codes")
        .after_help("Examples:\n  clerk-api commands --output table\n  clerk-api commands organizations add-member\n  clerk-api commands users --fields command,class,about --output ndjson")
        .arg(
            Arg::new(WORDS)
                .value_name("WORD")
                .num_args(0..)
                .help("Only commands that begin with these words"),
        )
}

pub(super) fn run(matches: &ArgMatches, context: &Context) -> Outcome<Exit> {
    let words: Vec<&str> = matches
        .get_many::<String>(WORDS)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let rows = rows(&words);
    if rows.is_empty() {
        return Err(
            Problem::usage(format!("there is no command {}", words.join(" ")))
                .hint("`clerk-api commands --output ids` lists them"),
        );
    }
    let mut renderer = renderer(context, "commands")?;
    show(
        context,
        &mut renderer,
        Value::Array(rows).to_string().as_bytes(),
    )
}

/// The commands that begin with these words; without any, the root comes first.
fn rows(words: &[&str]) -> Vec<Value> {
    let mut root = tree::command();
    root.build();
    let mut rows = Vec::new();
    if words.is_empty() {
        rows.push(whole(&root));
    }
    collect(&root, &mut Vec::new(), words, &mut rows);
    rows
}

fn collect<'c>(
    command: &'c Command,
    path: &mut Vec<&'c str>,
    words: &[&str],
    rows: &mut Vec<Value>,
) {
    let inner = command.get_subcommands();
    for inner in inner.filter(|inner| inner.get_name() != "help" && !inner.is_hide_set()) {
        let wanted = words.get(path.len());
        let is_called = |word: &&str| {
            inner.get_name() == *word || inner.get_all_aliases().any(|alias| alias == *word)
        };
        if !wanted.is_none_or(is_called) {
            continue;
        }
        path.push(inner.get_name());
        if !inner.is_subcommand_required_set() && path.len() >= words.len() {
            rows.push(row(inner, path));
        }
        collect(inner, path, words, rows);
        path.pop();
    }
}

/// What all commands share.
fn whole(root: &Command) -> Value {
    let exits = exit::TABLE.iter();
    let exits: Vec<Value> = exits
        .map(|(exit, meaning)| json!({"code": exit.code(), "meaning": meaning}))
        .collect();
    json!({
        "command": "", "id": "clerk-api", "about": "The options of every command", "class": null, "operation": null,
        "arguments": root.get_arguments().filter(|arg| is_shown(arg)).map(argument).collect::<Vec<_>>(),
        "output": null, "exit_codes": exits, "examples": [],
    })
}

fn row(command: &Command, path: &[&str]) -> Value {
    let name = path.join(" ");
    let meta = match path {
        [group, action] => ops::find(&format!("{group}.{action}").replace('-', "_")),
        _ => None,
    };
    let meta = meta.map(|op| op.meta);
    let own = own(&name);
    let class = meta.map_or(own.map(|(class, _)| class), |meta| Some(class(meta.effect)));
    let writes = class != Some("read");
    let exits = EXITS
        .iter()
        .chain(EXITS_OF_WRITES.iter().filter(|_| writes));
    let mut exits: Vec<u8> = exits.map(|exit| exit.code()).collect();
    exits.sort_unstable();
    let own_arguments = command.get_arguments();
    let own_arguments = own_arguments.filter(|arg| !arg.is_global_set() && is_shown(arg));
    json!({
        "command": name, "id": name, "about": about(command), "class": class,
        "operation": meta.map(operation),
        "arguments": own_arguments.map(argument).collect::<Vec<_>>(),
        "output": meta.map_or_else(|| json!({"form": own.map(|(_, form)| form)}), output),
        "exit_codes": exits, "examples": examples(command),
    })
}

/// The class and the output of a command of ours; those below a command are like it.
fn own(name: &str) -> Option<(&'static str, &'static str)> {
    let begins = |start: &str| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let likely = OWN.iter().filter(|(start, _, _)| begins(start));
    let found = likely.max_by_key(|(start, _, _)| start.len());
    found.map(|(_, class, form)| (*class, *form))
}

fn operation(meta: &'static Meta) -> Value {
    json!({
        "name": meta.name, "id": meta.spec_id, "method": meta.verb.as_str(), "path": format!("/v1{}", meta.path),
        "undo": meta.effect != Effect::Read && is_undoable(meta.name),
    })
}

fn output(meta: &'static Meta) -> Value {
    let form = match meta.form {
        Form::Object => "object",
        Form::List => "list",
        Form::Nothing => "nothing",
        _ => "any",
    };
    let members: Vec<&str> = meta.members.iter().map(|member| member.name).collect();
    json!({"form": form, "model": meta.model(), "members": members})
}

fn about(command: &Command) -> String {
    let text = command.get_long_about().or_else(|| command.get_about());
    text.map(ToString::to_string).unwrap_or_default()
}

fn is_shown(arg: &Arg) -> bool {
    !matches!(arg.get_id().as_str(), "help" | "version")
}

fn argument(arg: &Arg) -> Value {
    let takes_value = arg.get_action().takes_values();
    let value = arg.get_value_names().and_then(|names| names.first());
    let value = value.filter(|_| takes_value).map(|name| name.as_str());
    let words = arg.get_possible_values();
    let words: Vec<&str> = words
        .iter()
        .filter(|_| takes_value)
        .map(|word| word.get_name())
        .collect();
    let repeats = matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
    let help = arg.get_long_help().or_else(|| arg.get_help());
    json!({
        "name": arg.get_long().map_or_else(|| value.unwrap_or_default().to_owned(), |long| format!("--{long}")),
        "type": kind(value), "required": arg.is_required_set(), "repeats": repeats, "words": words,
        "about": help.map(ToString::to_string),
    })
}

/// The type of a value, by the name that help gives it.
fn kind(value: Option<&str>) -> &'static str {
    match value {
        None => "switch",
        Some("N" | "COUNT" | "DAYS") => "integer",
        Some("BOOL") => "boolean",
        Some("JSON") => "json",
        Some("TIME") => "time",
        Some("FILE" | "PATH" | "FOLDER") => "file",
        Some("USER") => "user",
        Some("ORGANIZATION") => "organization",
        Some(name) if name.ends_with("ID") => "id",
        Some(_) => "text",
    }
}

fn examples(command: &Command) -> Vec<String> {
    let after = command.get_after_long_help();
    let after = after.or_else(|| command.get_after_help());
    let after = after.map(ToString::to_string).unwrap_or_default();
    let lines = after.lines().map(str::trim);
    lines
        .filter(|line| line.starts_with("clerk-api "))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_described_whole() {
        let rows = rows(&[]);
        assert!(rows.len() > ops::all().count() + 30, "{}", rows.len());
        for row in rows.iter().skip(1) {
            let name = row["command"].as_str().unwrap();
            assert!(row["class"].is_string(), "{name} has no class");
            assert!(row["output"]["form"].is_string(), "{name} has no output");
            assert_ne!(row["about"], "", "{name}");
        }
        for (name, _, _) in OWN {
            let words: Vec<&str> = name.split(' ').collect();
            assert!(!super::rows(&words).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_command_says_what_an_agent_needs_to_know() {
        let rows = rows(&["orgs", "add-member"]);
        let [row] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        let names: Vec<&str> = row["arguments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|arg| arg["required"] == true)
            .map(|arg| arg["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["ORGANIZATION_ID", "--user-id", "--role"]);
        assert_eq!(row["class"], "reversible");
        assert_eq!(
            row["operation"]["path"],
            "/v1/organizations/{organization_id}/memberships"
        );
        assert_eq!(row["output"]["model"], "Membership");
        assert!(row["exit_codes"].as_array().unwrap().contains(&json!(8)));
        assert_eq!(super::rows(&["users", "delete"])[0]["class"], "destructive");
        assert_eq!(super::rows(&["invitations", "create"])[0]["class"], "mails");
    }
}

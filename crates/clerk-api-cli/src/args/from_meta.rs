//! From an operation's facts to its command: names, flags, help. Nothing here knows any operation by name.

use clap::{Arg, ArgAction, Command, ValueHint};
use clerk_api::declare::{Effect, Field, Kind, Meta, Paging, Resource};

use clerk_api_admin::already;
use clerk_api_admin::input::spelling::long;
use clerk_api_admin::target::{field_of, takes_many};

use super::root::in_two_lengths;
use super::suggested::suggested;
use super::{examples, input_json, job_flags};

/// The id of the flag that sends null.
pub(crate) const CLEAR: &str = "op.clear";

/// The API's name as a flag or command.
pub(crate) fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// The id of the flag that excludes a field's values.
pub(crate) fn exclude_id(field: &Field) -> String {
    format!("op.exclude.{}", field.name)
}

/// The command of an operation; its flags come when it is looked at.
pub(crate) fn command(meta: &'static Meta) -> Command {
    // `defer` takes no closure: the display name carries the operation's name into it.
    Command::new(kebab(meta.action()))
        .display_name(meta.name)
        .about(first_line(meta.doc))
        .defer(grow)
}

/// The command of an operation whose required arguments come from elsewhere: from rows, or from a JSON object.
pub(crate) fn command_given_elsewhere(meta: &'static Meta) -> Command {
    let command = Command::new(kebab(meta.action()))
        .display_name(meta.name)
        .about(first_line(meta.doc));
    grow(command).mut_args(|arg| arg.required(false))
}

/// A command that counts the rows of a list: its filters, without what pages through it.
pub(crate) fn counting(list: &'static Meta) -> Command {
    let pages = |arg: &Arg| {
        let field = list.field(arg.get_id().as_str());
        field.is_some_and(|field| matches!(field.kind, Kind::Limit | Kind::Offset | Kind::Order(_)))
    };
    Command::new("count")
        .args(arguments(list))
        .mut_args(move |arg| {
            let hidden = pages(&arg);
            arg.hide(hidden)
        })
}

fn grow(command: Command) -> Command {
    let id = command.get_display_name().unwrap_or_default().to_owned();
    let Some(op) = clerk_api::ops::find(&id) else {
        return command;
    };
    let meta = op.meta;
    let writes = meta.effect != Effect::Read;
    let mut command = command
        .display_name(format!(
            "clerk-api-{}-{}",
            kebab(meta.group()),
            kebab(meta.action())
        ))
        .args(arguments(meta))
        .args(input_json::flag(meta))
        .args(writes.then(job_flags::rows_flags).into_iter().flatten())
        .args(writes.then(job_flags::flags).into_iter().flatten())
        .args((meta.paging != Paging::None).then(strict))
        .args(sieve(meta))
        .args(already::makes(meta).then(if_exists))
        .args(already::removes(meta).then(if_missing))
        .after_help(examples::section(meta.name));
    if let Some(details) = details(meta.doc) {
        command = command.long_about(details);
    }
    in_two_lengths(command)
}

/// The id of the flag that makes a walk over a list strict.
pub(crate) const STRICT: &str = "list.strict";

fn strict() -> Arg {
    Arg::new(STRICT)
        .long("strict")
        .action(ArgAction::SetTrue)
        .help("With --all: exit 3 if rows may be missing")
}

/// The ids of the filters that run here, over every page.
pub(crate) const WHERE: &str = "list.where";
pub(crate) const NEVER: &str = "list.never-signed-in";
pub(crate) const INACTIVE: &str = "list.inactive-for";
pub(crate) const NOWHERE: &str = "list.not-in-any-organization";

/// The filters of a list that run here.
fn sieve(meta: &Meta) -> Vec<Arg> {
    const HEADING: &str = "Filters that run here, over every page";
    if meta.paging == Paging::None {
        return Vec::new();
    }
    let filter = |id: &'static str| {
        let long = id.strip_prefix("list.").unwrap_or(id);
        Arg::new(id).long(long).help_heading(HEADING)
    };
    let condition = filter(WHERE)
        .value_name("EXPR")
        .help("Only rows for which this holds, such as 'public_metadata.plan == \"pro\"'");
    let mut filters = vec![condition];
    if meta.model() == "User" {
        filters.extend([
            filter(NEVER)
                .action(ArgAction::SetTrue)
                .help("Only users who never signed in"),
            filter(INACTIVE)
                .value_name("TIME")
                .help("Only users who were not active for so long, such as 90d"),
            filter(NOWHERE)
                .action(ArgAction::SetTrue)
                .help("Only users who are in no organization; reads all memberships"),
        ]);
    }
    filters
}

/// The id of the flag that takes what is there already.
pub(crate) const IF_EXISTS: &str = "op.if-exists";
/// The id of the flag that takes that an object is gone already.
pub(crate) const IF_MISSING: &str = "op.if-missing";

fn if_exists() -> Arg {
    Arg::new(IF_EXISTS)
        .long("if-exists")
        .value_name("WORD")
        .value_parser(["ok", "update"])
        .help("Exit 0 if it is there already, as asked for; with update, change what differs")
        .long_help("Look first whether it is there already. With ok, exit 0 if it is as asked for, and 6 if it has other values; with update, change what differs. The object is printed in any case, and a line on standard error says \"already\": true if nothing had to be done")
}

fn if_missing() -> Arg {
    Arg::new(IF_MISSING)
        .long("if-missing")
        .value_name("WORD")
        .value_parser(["ok"])
        .help("Exit 0 if it is gone already")
}

/// The first sentence of a doc, without its full stop.
fn first_line(doc: &str) -> String {
    let line = doc.trim().lines().next().unwrap_or_default().trim();
    let sentence = line.split(". ").next().unwrap_or(line);
    sentence.trim_end_matches('.').to_owned()
}

/// A whole doc without its references to the specification, which are for readers of the code.
fn whole(doc: &str) -> String {
    let lines: Vec<&str> = doc.trim().lines().map(str::trim).collect();
    let mut text = lines.join(" ");
    while let Some(start) = text.find(" (spec:") {
        let end = text[start..]
            .find(')')
            .map_or(text.len(), |end| start + end + 1);
        text.replace_range(start..end, "");
    }
    text
}

/// The whole doc, where it is more than one line.
fn details(doc: &str) -> Option<String> {
    let text = whole(doc);
    (text.trim_end_matches('.') != first_line(doc)).then_some(text)
}

fn arguments(meta: &'static Meta) -> Vec<Arg> {
    let first = field_of(meta);
    let mut args = Vec::new();
    if let Some(field) = first {
        args.push(position(meta, field));
    }
    for field in meta.fields {
        if first.is_some_and(|first| first.name == field.name) {
            continue;
        }
        args.push(flag(field));
        if field.signed && field.many {
            args.push(exclude(field));
        }
    }
    args.extend(clear(meta));
    args
}

fn position(meta: &Meta, field: &'static Field) -> Arg {
    let arg = Arg::new(field.name)
        .value_name(field.name.to_uppercase())
        .required(true)
        .allow_hyphen_values(false);
    let help = position_help(field);
    if takes_many(meta) {
        arg.num_args(1..).action(ArgAction::Append).help(format!(
            "{help}; give several with spaces or commas, or one per line with - or @FILE"
        ))
    } else {
        arg.help(help)
    }
}

fn position_help(field: &Field) -> String {
    let doc = first_line(field.doc);
    match field.resource() {
        Some(Resource::USER) => format!("{doc}: id, email, +phone or username"),
        Some(Resource::ORGANIZATION) => format!("{doc}: id or slug"),
        _ => doc,
    }
}

fn flag(field: &'static Field) -> Arg {
    let name = long(field);
    let full = kebab(field.name);
    let mut arg = Arg::new(field.name)
        .required(field.required)
        .value_name(value_name(field))
        .help(help(field, &first_line(field.doc)))
        .long_help(help(field, &whole(field.doc)));
    if name != full {
        arg = arg.visible_alias(full);
    }
    arg = arg.long(name);
    arg = match field.kind {
        // Only `--banned=false` takes a value, so that `--banned user_2x` keeps its target.
        Kind::Boolean => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(["true", "false"])
            .hide_possible_values(true),
        Kind::Choice(words) => hyphenated(arg).value_parser(suggested(
            words.iter().map(|word| (*word).to_owned()).collect(),
        )),
        Kind::Order(words) => hyphenated(arg).value_parser(suggested(
            words
                .iter()
                .flat_map(|word| [(*word).to_owned(), format!("-{word}")])
                .collect(),
        )),
        _ => hyphenated(arg),
    };
    if matches!(field.kind, Kind::Upload) {
        arg = arg.value_hint(ValueHint::FilePath);
    }
    if repeats(field) {
        arg = arg.action(ArgAction::Append);
    }
    arg
}

/// Whether a flag may be given several times; records come as one JSON array.
const fn repeats(field: &Field) -> bool {
    field.many && !matches!(field.kind, Kind::Records(_))
}

/// A value may begin with a hyphen: `--order-by -created_at`.
fn hyphenated(arg: Arg) -> Arg {
    arg.allow_hyphen_values(true)
}

fn exclude(field: &'static Field) -> Arg {
    let doc = first_line(field.doc);
    let doc = doc.strip_prefix("Only ").unwrap_or(&doc);
    Arg::new(exclude_id(field))
        .long(format!("exclude-{}", long(field)))
        .value_name(value_name(field))
        .allow_hyphen_values(true)
        .action(ArgAction::Append)
        .help(format!("Leave out: {doc}{}", several(field)))
}

/// `--clear FIELD` for the fields that may be null.
fn clear(meta: &Meta) -> Option<Arg> {
    let names: Vec<String> = meta
        .fields
        .iter()
        .filter(|field| field.nullable)
        .map(long)
        .collect();
    (!names.is_empty()).then(|| {
        Arg::new(CLEAR)
            .long("clear")
            .value_name("FIELD")
            .action(ArgAction::Append)
            .value_parser(suggested(names))
            .hide_possible_values(true)
            .help("Send null for this field, which empties it")
    })
}

fn value_name(field: &Field) -> &'static str {
    match field.kind {
        Kind::Integer | Kind::Limit | Kind::Offset => "N",
        Kind::Boolean => "BOOL",
        Kind::Object => "JSON",
        Kind::Records(_) => "JSON",
        Kind::Millis | Kind::Instant => "TIME",
        Kind::Choice(_) => "WORD",
        Kind::Order(_) => "KEY",
        Kind::Id {
            of: Resource::USER, ..
        } => "USER",
        Kind::Id {
            of: Resource::ORGANIZATION,
            ..
        } => "ORGANIZATION",
        Kind::Id { .. } => "ID",
        Kind::Upload => "FILE",
        _ => "TEXT",
    }
}

/// How several values are given.
fn several(field: &Field) -> &'static str {
    match field.kind {
        _ if !repeats(field) => "",
        Kind::Id { .. } => " (repeatable, or with commas; - and @FILE: one per line)",
        kind if kind.is_without_commas() => " (repeatable, or with commas)",
        _ => " (repeatable)",
    }
}

fn help(field: &Field, doc: &str) -> String {
    let doc = doc.trim_end_matches('.');
    let more = several(field);
    let kind = match field.kind {
        Kind::Millis | Kind::Instant => {
            " (date, RFC 3339, milliseconds, yesterday, or 90d for 90 days ago)"
        }
        Kind::Object => " (JSON, @FILE or -)",
        Kind::Records(_) => " (a JSON array, @FILE or -)",
        Kind::Upload => " (a path, or -)",
        _ => "",
    };
    if matches!(field.kind, Kind::Limit) {
        return "The number of rows; more than 500 take several requests".to_owned();
    }
    format!("{doc}{kind}{more}")
}

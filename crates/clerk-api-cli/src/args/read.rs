//! From a parsed command line to the call it means.

use std::collections::BTreeMap;

use clap::ArgMatches;
use clap::parser::ValueSource;
use clerk_api::declare::{Field, Kind, Meta};
use clerk_api_admin::call::Call;
use clerk_api_admin::input::draft::{Draft, split};
use clerk_api_admin::input::instant;
use clerk_api_admin::input::source::Inputs;
use clerk_api_admin::input::spelling::{Label, Spelling, long};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;

use super::from_meta::{CLEAR, exclude_id};
use super::input_json::{self, Members};
use super::root;

/// What was chosen for arguments that the command line lacks, by the API's names.
pub(crate) type Chosen = BTreeMap<&'static str, String>;

/// The arguments that have to be given and are not.
pub(crate) fn lacking(meta: &'static Meta, matches: &ArgMatches) -> Vec<&'static Field> {
    let required = meta.fields.iter().filter(|field| field.required);
    required
        .filter(|field| strings(matches, field.name).is_empty())
        .collect()
}

/// Reads a command's matches; `now` is in milliseconds, for moments that are told from it.
pub(crate) fn call(
    meta: &'static Meta,
    matches: &ArgMatches,
    chosen: &Chosen,
    inputs: &mut Inputs,
    now: i64,
) -> Outcome<Call> {
    let members = Members::read(meta, matches, inputs)?;
    let mut draft = Draft::new(meta, Spelling::Flags).reading(inputs);
    let target = target::field_of(meta);
    for field in meta.fields {
        let mut given = strings(matches, field.name);
        if !given.is_empty() {
            members.check_flag(field)?;
        }
        given.extend(chosen.get(field.name).map(String::as_str));
        let moments = moments(field, &given, now);
        let given = moments.as_ref().map_or(given, |moments| {
            moments.iter().map(String::as_str).collect()
        });
        if target.is_some_and(|target| target.name == field.name) {
            if !given.is_empty() {
                draft.set_all(field, &given)?;
            }
            continue;
        }
        check_swallowed(meta, &Spelling::Flags.label(meta, field), &given)?;
        let excluded = if field.signed && field.many {
            strings(matches, &exclude_id(field))
        } else {
            Vec::new()
        };
        if !excluded.is_empty() {
            draft.set_signed(field, &given, &excluded)?;
        } else if !given.is_empty() {
            draft.set_all(field, &given)?;
        }
    }
    members.set(&mut draft, now)?;
    if meta.fields.iter().any(|field| field.nullable) {
        for name in strings(matches, CLEAR) {
            draft.clear(name)?;
        }
    }
    let call = draft.finish()?;
    if input_json::is_given(matches) {
        input_json::check_targets(&call)?;
    }
    Ok(call)
}

/// The texts of an argument that takes moments, with those that are told from now as milliseconds.
fn moments(field: &Field, given: &[&str], now: i64) -> Option<Vec<String>> {
    let takes = matches!(field.kind, Kind::Millis | Kind::Instant);
    let at = |text: &&str| {
        let at = instant::from_now(text, now);
        at.map_or_else(|| (*text).to_owned(), |at| at.to_string())
    };
    (takes && !given.is_empty()).then(|| given.iter().map(at).collect())
}

/// The texts that were given for each argument, by the API's names, not yet read: rows decide what they become. Moments that are told from
/// `now` are what they are now, so that a job that is continued later does the same.
pub(crate) fn texts(
    meta: &'static Meta,
    matches: &ArgMatches,
    now: i64,
) -> Outcome<Vec<(String, Vec<String>)>> {
    let mut all = Vec::new();
    for field in meta.fields {
        let given = strings(matches, field.name);
        check_swallowed(meta, &Spelling::Flags.label(meta, field), &given)?;
        if !given.is_empty() {
            let texts = moments(field, &given, now);
            let texts = texts.unwrap_or_else(|| given.into_iter().map(str::to_owned).collect());
            all.push((field.name.to_owned(), texts));
        }
    }
    Ok(all)
}

/// The same for arguments that mean what they mean for one object: files and standard input are read. The targets are not among them.
pub(crate) fn contents(
    meta: &'static Meta,
    matches: &ArgMatches,
    inputs: &mut Inputs,
    now: i64,
) -> Outcome<Vec<(String, Vec<String>)>> {
    let mut all = texts(meta, matches, now)?;
    let target = target::field_of(meta).map(|target| target.name);
    all.retain(|(name, _)| Some(name.as_str()) != target);
    for (name, given) in &mut all {
        let Some(field) = meta.field(name) else {
            continue;
        };
        let label = Spelling::Flags.label(meta, field);
        match field.kind {
            Kind::Object | Kind::Records(_) => {
                for text in given {
                    *text = inputs.text(label.as_str(), text)?;
                }
            }
            Kind::Id { .. } if field.many => {
                for text in std::mem::take(given) {
                    match inputs.lines(label.as_str(), &text)? {
                        Some(lines) => given.extend(lines.into_iter().map(|(_, line)| line)),
                        None => given.push(text),
                    }
                }
            }
            _ => {}
        }
    }
    Ok(all)
}

/// The targets of a command, where they are a list.
#[derive(Debug)]
pub(crate) enum List {
    /// One a line, in standard input (`-`) or a file (`@FILE`), as it was given. A list of one is one, too.
    Read(String),
    /// Several names on the command line.
    Named(Vec<String>),
}

/// The targets of a command, where they are a list. Names on the command line are checked as a whole.
pub(crate) fn list(meta: &'static Meta, matches: &ArgMatches) -> Outcome<Option<List>> {
    let Some(field) = target::field_of(meta).filter(|_| target::takes_many(meta)) else {
        return Ok(None);
    };
    let given = strings(matches, field.name);
    let label = Spelling::Flags.label(meta, field);
    if let Some(from) = given.iter().find(|text| Inputs::is_elsewhere(text)) {
        if given.len() > 1 {
            return Err(Problem::usage(format!(
                "{label}: {from} is a list, and others are named beside it"
            ))
            .hint("put all of them into one list"));
        }
        return Ok(Some(List::Read((*from).to_owned())));
    }
    Draft::new(meta, Spelling::Flags).set_all(field, &given)?;
    let mut names = Vec::new();
    for text in given {
        names.extend(split(field, &label, text)?.into_iter().map(str::to_owned));
    }
    Ok((names.len() > 1).then_some(List::Named(names)))
}

/// The fields that `--clear` names.
pub(crate) fn cleared(meta: &Meta, matches: &ArgMatches) -> Vec<String> {
    if !meta.fields.iter().any(|field| field.nullable) {
        return Vec::new();
    }
    strings(matches, CLEAR)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// The values that were given for a flag; presets of the parser do not count.
pub(crate) fn strings<'m>(matches: &'m ArgMatches, id: &str) -> Vec<&'m str> {
    let given = matches!(matches.value_source(id), Some(ValueSource::CommandLine));
    if !given {
        return Vec::new();
    }
    let values = matches.get_many::<String>(id).into_iter().flatten();
    values.map(String::as_str).collect()
}

/// A flag whose value was forgotten takes the next flag as its value; that is never meant.
fn check_swallowed(meta: &Meta, label: &Label, given: &[&str]) -> Outcome<()> {
    for value in given {
        let Some(name) = value.strip_prefix("--").filter(|name| !name.is_empty()) else {
            continue;
        };
        let name = name.split('=').next().unwrap_or(name);
        let known = meta
            .fields
            .iter()
            .any(|field| long(field) == name || field.name.replace('_', "-") == name);
        if known || root::is_root_flag(name) {
            return Err(
                Problem::usage(format!("{label} has no value: {value} follows it"))
                    .hint(format!("write the value after {label}")),
            );
        }
    }
    Ok(())
}

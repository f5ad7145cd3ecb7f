//! From a parsed command line to the call it means.

use clap::ArgMatches;
use clap::parser::ValueSource;
use clerk_api::declare::{Field, Kind, Meta};
use clerk_api_admin::call::Call;
use clerk_api_admin::input::draft::Draft;
use clerk_api_admin::input::instant;
use clerk_api_admin::input::source::Inputs;
use clerk_api_admin::input::spelling::{Label, Spelling, long};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;

use super::from_meta::{CLEAR, exclude_id};
use super::root;

/// Reads a command's matches; `now` is in milliseconds, for moments that are told from it.
pub(crate) fn call(
    meta: &'static Meta,
    matches: &ArgMatches,
    inputs: &mut Inputs,
    now: i64,
) -> Outcome<Call> {
    let mut draft = Draft::new(meta, Spelling::Flags).reading(inputs);
    let target = target::field_of(meta);
    for field in meta.fields {
        let given = strings(matches, field.name);
        let moments = moments(field, &given, now);
        let given = moments.as_ref().map_or(given, |moments| {
            moments.iter().map(String::as_str).collect()
        });
        if target.is_some_and(|target| target.name == field.name) {
            draft.set_all(field, &given)?;
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
    if meta.fields.iter().any(|field| field.nullable) {
        for name in strings(matches, CLEAR) {
            draft.clear(name)?;
        }
    }
    draft.finish()
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

/// The texts that were given for each argument, by the API's names, not yet read: rows decide what they become.
pub(crate) fn texts(
    meta: &'static Meta,
    matches: &ArgMatches,
) -> Outcome<Vec<(String, Vec<String>)>> {
    let mut all = Vec::new();
    for field in meta.fields {
        let given = strings(matches, field.name);
        check_swallowed(meta, &Spelling::Flags.label(meta, field), &given)?;
        if !given.is_empty() {
            all.push((
                field.name.to_owned(),
                given.into_iter().map(str::to_owned).collect(),
            ));
        }
    }
    Ok(all)
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
fn strings<'m>(matches: &'m ArgMatches, id: &str) -> Vec<&'m str> {
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

//! `--input-json`: the arguments of an operation as one JSON object.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches};
use clerk_api::declare::{Effect, Field, Kind, Meta, Place};
use clerk_api_admin::call::Call;
use clerk_api_admin::input::draft::Draft;
use clerk_api_admin::input::source::Inputs;
use clerk_api_admin::input::spelling::{Spelling, long};
use clerk_api_admin::input::{instant, json};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::value::RawValue;

/// The id of the flag.
pub(crate) const INPUT: &str = "op.input-json";
/// What messages call it.
const LABEL: &str = "--input-json";

/// The flag, for a command that takes arguments.
pub(super) fn flag(meta: &Meta) -> Option<Arg> {
    let flag = Arg::new(INPUT)
        .long("input-json")
        .value_name("JSON")
        .allow_hyphen_values(true)
        .hide_short_help(true)
        .help("The arguments as one JSON object, named as the flags or as in the API (JSON, @FILE or -)");
    (!meta.fields.is_empty()).then_some(flag)
}

/// Whether the flag was given.
pub(crate) fn is_given(matches: &ArgMatches) -> bool {
    text(matches).is_some()
}

fn text(matches: &ArgMatches) -> Option<&String> {
    matches.try_get_one::<String>(INPUT).ok().flatten()
}

/// Refuses it for work on many objects: there, columns and placeholders give what differs.
pub(crate) fn check_one(matches: &ArgMatches) -> Outcome<()> {
    if !is_given(matches) {
        return Ok(());
    }
    Err(
        Problem::usage(format!("{LABEL} gives the arguments for one object")).hint(
            "for many, give a column for each argument that differs, and flags for the others",
        ),
    )
}

/// The arguments in the object.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<(&'static Field, Box<RawValue>)>);

impl Members {
    /// Reads the object, where there is one.
    ///
    /// # Errors
    /// It is no JSON object, or has what the operation does not take, or the same argument twice.
    pub(super) fn read(
        meta: &'static Meta,
        matches: &ArgMatches,
        inputs: &mut Inputs,
    ) -> Outcome<Self> {
        let Some(given) = text(matches) else {
            return Ok(Self::default());
        };
        let text = inputs.text(LABEL, given)?;
        let whole = meta.fields.iter().find(|field| field.place == Place::Whole);
        if let Some(field) = whole.filter(|_| text.trim_start().starts_with('[')) {
            let (list, _) = json::records(LABEL, &text)?;
            return Ok(Self(vec![(field, list)]));
        }
        let object = json::object(LABEL, &text)?;
        let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(object.get())
            .map_err(|error| Problem::usage(format!("{LABEL}: {error}")))?;
        let mut found = Self::default();
        for (name, value) in members {
            let field = Spelling::Flags.find(meta, &name).ok_or_else(|| {
                let names: Vec<&str> = meta.fields.iter().map(|field| field.name).collect();
                Problem::usage(format!("{LABEL}: there is no argument {name:?}"))
                    .hint(format!("the arguments are {}", names.join(", ")))
            })?;
            if found.has(field) {
                return Err(twice(field, "under both of its names"));
            }
            found.0.push((field, value));
        }
        Ok(found)
    }

    /// Whether an argument is among them.
    pub(super) fn has(&self, field: &Field) -> bool {
        self.0.iter().any(|(other, _)| other.name == field.name)
    }

    /// Refuses an argument that is among them, since a flag gives it too.
    pub(super) fn check_flag(&self, field: &Field) -> Outcome<()> {
        match self.has(field) {
            true => Err(twice(field, "by a flag and in --input-json")),
            false => Ok(()),
        }
    }

    /// Sets all of them, as flags are set; moments may be told from `now`.
    pub(super) fn set(self, draft: &mut Draft<'_>, now: i64) -> Outcome<()> {
        for (field, value) in self.0 {
            let moment = matches!(field.kind, Kind::Millis | Kind::Instant)
                .then(|| serde_json::from_str::<String>(value.get()).ok())
                .flatten()
                .and_then(|text| instant::from_now(&text, now));
            match moment {
                Some(moment) => draft.set(field, &moment.to_string())?,
                None => draft.set_json(field, &value)?,
            }
        }
        Ok(())
    }
}

fn twice(field: &Field, how: &str) -> Box<Problem> {
    Problem::usage(format!("--{} is given twice, {how}", long(field))).hint("keep one of them")
}

/// Several targets of a write are a job, which the object does not describe.
pub(super) fn check_targets(call: &Call) -> Outcome<()> {
    let several = call.targets.as_ref().is_some_and(|targets| targets.rows);
    if !several || call.meta.effect == Effect::Read {
        return Ok(());
    }
    Err(Problem::usage(format!("{LABEL} names several objects"))
        .hint("name them on the command line, or give --rows FILE"))
}

//! From a parsed command line to the call it means: arguments, references still to be resolved, targets. No network.

use clap::ArgMatches;
use clap::parser::ValueSource;
use clerk_api::endpoint::{Field, Kind, Meta, Place, Verb};
use clerk_api::{Args, ops};
use serde_json::value::RawValue;

use crate::from_meta::{CLEAR, exclude_id, long, positional, spelled, takes_many};
use crate::input::Inputs;
use crate::reference::{Reference, is_id};
use crate::values;
use clerk_api_admin::problem::{Outcome, Problem};

/// One object that a command is for.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Its number, from 1, or its line where it came from a file.
    pub(crate) number: usize,
    pub(crate) reference: Reference,
}

/// What a command is for.
#[derive(Debug)]
pub(crate) struct Targets {
    pub(crate) items: Vec<Target>,
    /// Whether the results are rows, also where there is one target only.
    pub(crate) rows: bool,
}

/// References of one argument.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) field: &'static Field,
    /// Each with the sign that goes in front: nothing, `+` or `-`.
    pub(crate) items: Vec<(&'static str, Reference)>,
}

/// A call, apart from what only the API can tell.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) meta: &'static Meta,
    pub(crate) args: Args,
    pub(crate) pending: Vec<Pending>,
    pub(crate) targets: Option<Targets>,
}

impl Call {
    /// Reads a command's matches.
    pub(crate) fn read(
        meta: &'static Meta,
        matches: &ArgMatches,
        inputs: &mut Inputs,
    ) -> Outcome<Self> {
        let first = positional(meta);
        let mut call = Self {
            meta,
            args: Args::new(),
            pending: Vec::new(),
            targets: None,
        };
        for field in meta.fields {
            if first.is_some_and(|first| first.name == field.name) {
                call.targets = Some(targets(meta, field, matches, inputs)?);
            } else {
                call.field(field, matches, inputs)?;
            }
        }
        call.clear(matches)?;
        if meta.effect == clerk_api::endpoint::Effect::Update {
            call.check_not_empty()?;
        }
        Ok(call)
    }

    fn field(
        &mut self,
        field: &'static Field,
        matches: &ArgMatches,
        inputs: &mut Inputs,
    ) -> Outcome<()> {
        let flag = spelled(self.meta, field);
        let given = strings(matches, field.name);
        check_swallowed(self.meta, &flag, &given)?;
        let excluded = if field.signed && field.many {
            strings(matches, &exclude_id(field))
        } else {
            Vec::new()
        };
        if given.is_empty() && excluded.is_empty() {
            return Ok(());
        }
        if matches!(field.kind, Kind::Id { .. }) || field.signed {
            return self.references(field, &flag, &given, &excluded, inputs);
        }
        let value = if is_empty_list(self.meta, field, &given) {
            RawValue::from_string("[]".to_owned())
                .map_err(|error| Problem::usage(error.to_string()))?
        } else if field.many && !matches!(field.kind, Kind::Records(_)) {
            values::list(field, &flag, &given)?
        } else {
            values::json(field, &flag, &given[given.len() - 1], inputs)?
        };
        // A limit above one page is walked.
        if !matches!(field.kind, Kind::Limit) {
            field
                .check(&value)
                .map_err(|reason| wrong(&flag, &reason))?;
        }
        self.args.set_raw(field.name, value);
        Ok(())
    }

    /// Ids, and filters with a sign: a plain value always means "include" and says so.
    fn references(
        &mut self,
        field: &'static Field,
        flag: &str,
        given: &[String],
        excluded: &[String],
        inputs: &mut Inputs,
    ) -> Outcome<()> {
        let mut items = Vec::new();
        let include = if field.signed { "+" } else { "" };
        for (sign, values) in [(include, given), ("-", excluded)] {
            for value in values {
                for name in names(field, flag, value, field.many, inputs)? {
                    items.push((sign, Reference::read(field, &name.place, &name.text)?));
                }
            }
        }
        let checked = field.check_count(items.len());
        checked.map_err(|reason| wrong(flag, &reason))?;
        if items
            .iter()
            .all(|(_, item)| matches!(item, Reference::Ready(_)))
        {
            let ready: Vec<String> = items
                .iter()
                .map(|(sign, item)| format!("{sign}{}", item.shown()))
                .collect();
            return self.set_ids(field, &ready);
        }
        self.pending.push(Pending { field, items });
        Ok(())
    }

    /// Whether every object is named by its full id, which is the yes of product.md section 4.
    pub(crate) fn is_by_id(&self) -> bool {
        let targets = self.targets.iter().flat_map(|targets| &targets.items);
        let ids =
            self.meta.fields.iter().filter(|field| {
                matches!(field.kind, Kind::Id { .. }) && field.place == Place::Path
            });
        let mut ids = ids.filter_map(|field| self.args.text(field.name));
        self.pending.is_empty()
            && targets
                .map(|target| &target.reference)
                .all(Reference::is_id)
            && ids.all(|id| is_id(&id))
    }

    /// Sets an argument to ids that are known now.
    pub(crate) fn set_ids(&mut self, field: &Field, ids: &[String]) -> Outcome<()> {
        let set = match ids {
            [id] if !field.many => self.args.set(field.name, id),
            [.., last] if !field.many => self.args.set(field.name, last),
            _ => self.args.set(field.name, &ids),
        };
        set.map_err(|error| Problem::usage(error.to_string()))
    }

    fn clear(&mut self, matches: &ArgMatches) -> Outcome<()> {
        if !self.meta.fields.iter().any(|field| field.nullable) {
            return Ok(());
        }
        for name in strings(matches, CLEAR) {
            let wanted = name.trim_start_matches("--").replace('-', "_");
            let field = self.meta.field(&wanted).filter(|field| field.nullable);
            let Some(field) = field else {
                let names: Vec<String> = self
                    .meta
                    .fields
                    .iter()
                    .filter(|field| field.nullable)
                    .map(long)
                    .collect();
                return Err(Problem::usage(format!(
                    "--clear: {name:?} is not a field that can be emptied"
                ))
                .hint(format!("these can: {}", names.join(", "))));
            };
            if self.args.get(field.name).is_some() {
                return Err(Problem::usage(format!(
                    "--{} and --clear {name} contradict each other",
                    long(field)
                )));
            }
            self.args.set_raw(field.name, RawValue::NULL.to_owned());
        }
        Ok(())
    }

    /// An update that changes nothing is a mistake on the command line.
    fn check_not_empty(&self) -> Outcome<()> {
        let body: Vec<&Field> = self
            .meta
            .fields
            .iter()
            .filter(|field| field.place == Place::Body)
            .collect();
        let all_optional = !body.is_empty() && body.iter().all(|field| !field.required);
        let nothing = body.iter().all(|field| self.args.get(field.name).is_none());
        let pending = self
            .pending
            .iter()
            .any(|pending| pending.field.place == Place::Body);
        if self.meta.verb != Verb::Patch || !all_optional || !nothing || pending {
            return Ok(());
        }
        let flags: Vec<String> = body
            .iter()
            .take(4)
            .map(|field| format!("--{}", long(field)))
            .collect();
        Err(
            Problem::usage("nothing to change: give at least one field").hint(format!(
                "such as {}; --help names them all",
                flags.join(", ")
            )),
        )
    }
}

/// In a change, one empty text is the empty list, which has no other spelling: `--allowed-origins ''`.
fn is_empty_list(meta: &Meta, field: &Field, given: &[String]) -> bool {
    let changes = matches!(meta.verb, Verb::Patch | Verb::Put);
    changes
        && field.many
        && field.place == Place::Body
        && matches!(given, [only] if only.is_empty())
}

fn wrong(flag: &str, reason: &str) -> Box<Problem> {
    Problem::usage(format!("{flag} {reason}"))
}

/// One name of an object, and where it stands, for messages.
struct Name {
    line: Option<usize>,
    place: String,
    text: String,
}

/// The names in one value. Where several are taken: with commas between them, or, for ids, one a line of what it reads.
fn names(
    field: &Field,
    flag: &str,
    given: &str,
    several: bool,
    inputs: &mut Inputs,
) -> Outcome<Vec<Name>> {
    let reads = several && matches!(field.kind, Kind::Id { .. });
    if reads && let Some(lines) = inputs.lines(flag, given)? {
        let name = |(line, text)| Name {
            line: Some(line),
            place: format!("{flag} (line {line})"),
            text,
        };
        return Ok(lines.into_iter().map(name).collect());
    }
    let parts = if several && !Reference::is_free_text(given) {
        values::parts(field.kind, flag, given)?
    } else {
        vec![given]
    };
    let name = |text: &str| Name {
        line: None,
        place: flag.to_owned(),
        text: text.to_owned(),
    };
    Ok(parts.into_iter().map(name).collect())
}

fn targets(
    meta: &Meta,
    field: &'static Field,
    matches: &ArgMatches,
    inputs: &mut Inputs,
) -> Outcome<Targets> {
    let flag = spelled(meta, field);
    let given = strings(matches, field.name);
    let many = takes_many(meta);
    let mut items = Vec::new();
    let mut rows = false;
    for value in &given {
        rows |= many && Inputs::is_elsewhere(value);
        for name in names(field, &flag, value, many, inputs)? {
            let reference = Reference::read(field, &name.place, &name.text)?;
            items.push(Target {
                number: name.line.unwrap_or(items.len() + 1),
                reference,
            });
        }
    }
    rows |= items.len() > 1;
    if !many && items.len() != 1 {
        return Err(Problem::usage(format!(
            "{flag} takes one value here, {} were given",
            items.len()
        )));
    }
    check_repeats(meta, &flag, &items)?;
    Ok(Targets { items, rows })
}

/// A target that is named twice would be written to twice (reliability.md 8.5).
fn check_repeats(meta: &Meta, flag: &str, items: &[Target]) -> Outcome<()> {
    if meta.effect == clerk_api::endpoint::Effect::Read {
        return Ok(());
    }
    let mut seen = std::collections::BTreeMap::new();
    for item in items {
        if let Some(first) = seen.insert(item.reference.shown(), item.number) {
            let shown = item.reference.shown();
            return Err(Problem::usage(format!(
                "{flag}: {shown} is given twice (rows {first} and {})",
                item.number
            )));
        }
    }
    Ok(())
}

/// The values that were given for a flag; presets of the parser do not count.
fn strings(matches: &ArgMatches, id: &str) -> Vec<String> {
    let given = matches!(matches.value_source(id), Some(ValueSource::CommandLine));
    if !given {
        return Vec::new();
    }
    matches
        .get_many::<String>(id)
        .into_iter()
        .flatten()
        .cloned()
        .collect()
}

/// A flag whose value was forgotten takes the next flag as its value; that is never meant.
fn check_swallowed(meta: &Meta, flag: &str, given: &[String]) -> Outcome<()> {
    for value in given {
        let Some(name) = value.strip_prefix("--").filter(|name| !name.is_empty()) else {
            continue;
        };
        let name = name.split('=').next().unwrap_or(name);
        let known = meta
            .fields
            .iter()
            .any(|field| long(field) == name || field.name.replace('_', "-") == name);
        if known || crate::app::is_root_flag(name) {
            return Err(Problem::usage(format!(
                "{flag} has no value: {value} stands in its place"
            ))
            .hint(format!("write the value behind {flag}")));
        }
    }
    Ok(())
}

/// The operation of this name; the tree is made from the same list, so it is there.
pub(crate) fn operation(id: &str) -> Outcome<&'static Meta> {
    ops::find(id)
        .map(|op| op.meta)
        .ok_or_else(|| Problem::usage(format!("there is no operation {id}")))
}

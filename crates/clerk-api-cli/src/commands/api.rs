//! `api`: any operation of the API by its path or operation id, checked against the catalogue before anything is sent.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Command};
use clerk_api::catalog;
use clerk_api::declare::{Effect, Field, Meta, Place, Verb};
use clerk_api::ops;
use clerk_api_admin::guard::requirement::class;
use clerk_api_admin::input::draft::Draft;
use clerk_api_admin::input::json;
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;
use serde_json::value::RawValue;

use super::operation::{self, Manner};
use super::output::{renderer, show};
use crate::args::from_meta::kebab;
use crate::setup::context::Context;
use crate::show::exit::Exit;

const CALL: &str = "api.call";
const FIELD: &str = "api.field";
const QUERY: &str = "api.query";
const BODY: &str = "api.body";
const LIST: &str = "api.list";
/// How many operations an error names at most.
const MOST: usize = 5;

pub(super) fn command() -> Command {
    let pairs = |id: &'static str, long: &'static str| {
        Arg::new(id)
            .long(long)
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .allow_hyphen_values(true)
    };
    Command::new("api")
        .about("Call any operation of the API by its path or operation id")
        .long_about("Call any operation of the API by its path or operation id, those without a command of their own too. Method, path and arguments are checked before anything is sent; retries, confirmation, --dry-run and --all are those of the operation's class")
        .after_help("Examples:\n  clerk-api api --list machine\n  clerk-api api /users --query limit=5\n  clerk-api api POST /users --field email_address=kim@example.com --field skip_password_requirement=true\n  clerk-api api GetUsersCount")
        .arg(
            Arg::new(CALL)
                .value_name("METHOD|PATH")
                .num_args(1..=2)
                .required_unless_present(LIST)
                .help("The method (GET by default) and the path below /v1, or an operation id such as GetUserList"),
        )
        .arg(pairs(FIELD, "field").help("An argument of the operation (repeatable); JSON where it takes JSON"))
        .arg(pairs(QUERY, "query").help("A parameter of the query (repeatable)"))
        .arg(
            Arg::new(BODY)
                .long("body")
                .value_name("JSON")
                .allow_hyphen_values(true)
                .help("The whole body (JSON, @FILE or -)"),
        )
        .arg(
            Arg::new(LIST)
                .long("list")
                .value_name("TEXT")
                .num_args(0..=1)
                .default_missing_value("")
                .conflicts_with_all([CALL, FIELD, QUERY, BODY])
                .help("List the operations whose method, path or name contains this"),
        )
}

pub(super) async fn run(matches: &ArgMatches, context: &mut Context) -> Outcome<Exit> {
    if let Some(text) = matches.get_one::<String>(LIST) {
        let rows: Vec<Value> = catalog::search(text).map(described).collect();
        let mut renderer = renderer(context, "api")?;
        return show(
            context,
            &mut renderer,
            Value::Array(rows).to_string().as_bytes(),
        );
    }
    let words: Vec<&str> = strings(matches, CALL);
    let (meta, path) = target(&words)?;
    let body = matches.get_one::<String>(BODY);
    let body = body
        .map(|given| context.inputs.text("--body", given))
        .transpose()?;
    let body = body
        .as_deref()
        .map(|text| members(meta, text))
        .transpose()?;
    let mut draft = Draft::new(meta, Spelling::Members).reading(&mut context.inputs);
    for (name, value) in &path {
        if let Some(field) = meta.field(name) {
            check_segment(name, value)?;
            draft.set(field, value)?;
        }
    }
    for (field, texts) in given(meta, matches)? {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        draft.set_all(field, &texts)?;
    }
    for (name, json) in body.iter().flatten() {
        draft.set_json(field(meta, name, |place| place != Place::Query)?, json)?;
    }
    let call = draft.finish()?;
    operation::call_of(context, call, Manner::default()).await
}

/// The operation that is meant, with the values of its path.
fn target(words: &[&str]) -> Outcome<(&'static Meta, Vec<(&'static str, String)>)> {
    let (verb, name) = match words {
        [name] => (None, *name),
        [verb, name, ..] => (Some(method(verb)?), *name),
        [] => return Err(Problem::usage("a path or an operation id is missing")),
    };
    if !name.starts_with('/') {
        let found = catalog::find(name).filter(|meta| verb.is_none_or(|verb| verb == meta.verb));
        let meta = found.ok_or_else(|| nothing(name, "operation"))?;
        return Ok((meta, Vec::new()));
    }
    let path = name
        .strip_prefix("/v1")
        .filter(|rest| rest.starts_with('/'));
    let path = path.unwrap_or(name);
    if path.contains(['?', '#']) {
        return Err(Problem::usage(format!("{name} is more than a path"))
            .hint("give parameters with --query name=value"));
    }
    let all = catalog::at(path);
    if all.is_empty() {
        return Err(nothing(path, "path"));
    }
    let verb = verb.unwrap_or(Verb::Get);
    let methods: Vec<&str> = all.iter().map(|(meta, _)| meta.verb.as_str()).collect();
    let methods = methods.join(", ");
    let found = all.into_iter().find(|(meta, _)| meta.verb == verb);
    found.ok_or_else(|| {
        let verb = verb.as_str();
        Problem::usage(format!("{path} has no {verb}")).hint(format!("its methods are {methods}"))
    })
}

fn method(word: &str) -> Outcome<Verb> {
    let all = [Verb::Get, Verb::Post, Verb::Put, Verb::Patch, Verb::Delete];
    let found = all
        .into_iter()
        .find(|verb| verb.as_str().eq_ignore_ascii_case(word));
    found.ok_or_else(|| {
        Problem::usage(format!("{word:?} is no method"))
            .hint("the methods are GET, POST, PUT, PATCH and DELETE")
    })
}

/// There is no such operation; those that are alike are named.
fn nothing(name: &str, what: &str) -> Box<Problem> {
    let words = name
        .split(['/', '.', '_', '-'])
        .filter(|word| word.len() > 2);
    let mut alike: Vec<String> = words
        .flat_map(catalog::search)
        .map(|meta| format!("{} {} ({})", meta.verb.as_str(), meta.path, meta.spec_id))
        .collect();
    alike.dedup();
    alike.truncate(MOST);
    let problem = Problem::usage(format!("the API has no {what} {name}"));
    let problem = alike
        .into_iter()
        .fold(problem, |problem, one| problem.hint(one));
    problem.hint("`clerk-api api --list TEXT` searches all operations")
}

/// A segment is what it says: it names no file, and no other path.
fn check_segment(name: &str, value: &str) -> Outcome<()> {
    if value.is_empty() || value == "-" || value.starts_with('@') {
        return Err(Problem::usage(format!(
            "{name} in the path cannot be {value:?}"
        )));
    }
    Ok(())
}

/// The texts of `--field` and `--query`, by argument.
fn given(meta: &'static Meta, matches: &ArgMatches) -> Outcome<Vec<(&'static Field, Vec<String>)>> {
    let mut given: Vec<(&'static Field, Vec<String>)> = Vec::new();
    for (id, only_query) in [(QUERY, true), (FIELD, false)] {
        for pair in strings(matches, id) {
            let (name, value) = pair.split_once('=').ok_or_else(|| {
                Problem::usage(format!("{pair:?} is no argument")).hint("write it as name=value")
            })?;
            let field = field(meta, name, |place| !only_query || place == Place::Query)?;
            match given.iter_mut().find(|(other, _)| other.name == field.name) {
                Some((_, values)) => values.push(value.to_owned()),
                None => given.push((field, vec![value.to_owned()])),
            }
        }
    }
    Ok(given)
}

/// The argument of this name in one of these places.
fn field(meta: &'static Meta, name: &str, fits: impl Fn(Place) -> bool) -> Outcome<&'static Field> {
    let mut fields = meta.fields.iter().filter(|field| fits(field.place));
    let names: Vec<&str> = fields.clone().map(|field| field.name).collect();
    let found = fields.find(|field| field.name == name || field.alias == Some(name));
    found.ok_or_else(|| {
        let operation = meta.spec_id;
        let problem = Problem::usage(format!("{operation} has no argument {name:?} there"));
        match names.as_slice() {
            [] => problem.hint("it takes none"),
            names => problem.hint(format!("it takes {}", names.join(", "))),
        }
    })
}

/// The members of a body; a body that is a list is the one argument that takes it.
fn members<'t>(meta: &'static Meta, text: &'t str) -> Outcome<BTreeMap<String, &'t RawValue>> {
    let bad = |error: serde_json::Error| Problem::usage(format!("--body: {error}"));
    let whole = meta.fields.iter().find(|field| field.place == Place::Whole);
    if let Some(field) = whole {
        let raw = serde_json::from_str(text).map_err(bad)?;
        return Ok(BTreeMap::from([(field.name.to_owned(), raw)]));
    }
    json::object("--body", text)?;
    serde_json::from_str(text).map_err(bad)
}

fn described(meta: &'static Meta) -> Value {
    let at = |places: &[Place]| {
        let fields = meta
            .fields
            .iter()
            .filter(|field| places.contains(&field.place));
        let name =
            |field: &Field| format!("{}{}", field.name, if field.required { "!" } else { "" });
        fields.map(name).collect::<Vec<String>>()
    };
    let command =
        ops::find(meta.name).map(|_| format!("{} {}", kebab(meta.group()), kebab(meta.action())));
    serde_json::json!({
        "id": meta.spec_id, "method": meta.verb.as_str(), "path": meta.path, "operation": meta.spec_id,
        "class": class(meta.effect), "writes": meta.effect != Effect::Read, "command": command,
        "query": at(&[Place::Query]), "body": at(&[Place::Body, Place::Whole, Place::Part]),
    })
}

fn strings<'m>(matches: &'m ArgMatches, id: &str) -> Vec<&'m str> {
    let values = matches.get_many::<String>(id).into_iter().flatten();
    values.map(String::as_str).collect()
}

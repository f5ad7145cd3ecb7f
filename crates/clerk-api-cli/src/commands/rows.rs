//! One operation on many objects: over the rows of a file (`--rows`), or over a list of targets.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clerk_api::declare::{Effect, Kind, Meta as Operation};
use clerk_api_admin::input::spelling::Spelling;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_admin::target;
use clerk_api_tasks::job::{COMMAND_LINE, Form, NewPlace, Place, RowsOptions, RowsWork};
use clerk_api_tasks::rows::{Asked, Input};

use super::jobs::go_on::sha256;
use super::jobs::place::{new_place, now};
use super::jobs::start::{Start, start};
use crate::args::job_flags::{JobFlags, RowsFlags};
use crate::args::read::{self, List};
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// Where the rows come from.
struct From {
    place: NewPlace,
    path: PathBuf,
    name: String,
    form: Form,
}

/// Runs an operation over the rows of a file.
pub(super) async fn run(
    context: &mut Context,
    meta: &'static Operation,
    matches: &ArgMatches,
    rows: RowsFlags,
) -> Outcome<Exit> {
    if meta.effect == Effect::Read {
        return Err(Problem::usage(
            "--rows is for commands that change something",
        ));
    }
    let asked = Asked {
        given: read::texts(meta, matches, now())?,
        cleared: read::cleared(meta, matches),
        maps: rows.maps,
        condition: rows.condition,
        literal: false,
    };
    let place = new_place(context)?;
    let path = open(context, &rows.file, &place)?;
    let name = shown(&path, &rows.file);
    let form = if rows.literal {
        Form::Literal
    } else {
        Form::Rows
    };
    let from = From {
        place,
        path,
        name,
        form,
    };
    begin(context, meta, matches, asked, from).await
}

/// Runs an operation over a list of targets: a file with the targets as its only column.
pub(super) async fn run_list(
    context: &mut Context,
    meta: &'static Operation,
    matches: &ArgMatches,
    list: List,
) -> Outcome<Exit> {
    let asked = Asked {
        given: read::contents(meta, matches, &mut context.inputs, now())?,
        cleared: read::cleared(meta, matches),
        literal: true,
        ..Asked::default()
    };
    let place = new_place(context)?;
    let (path, name) = match list {
        List::Read(from) => {
            let file = from.strip_prefix('@').unwrap_or("-");
            let path = open(context, file, &place)?;
            let name = shown(&path, file);
            (path, name)
        }
        List::Named(names) => {
            place.write_spool(&(names.join("\n") + "\n"))?;
            (place.spool(), COMMAND_LINE.to_owned())
        }
    };
    let field = target::field_of(meta).ok_or_else(|| Problem::usage("there is no target"))?;
    let label = Spelling::Flags.label(meta, field);
    Input::open_list(&path, field.name)?.check_names(label.as_str())?;
    let from = From {
        place,
        path,
        name,
        form: Form::Targets,
    };
    begin(context, meta, matches, asked, from).await
}

/// Begins the job.
async fn begin(
    context: &mut Context,
    meta: &'static Operation,
    matches: &ArgMatches,
    asked: Asked,
    from: From,
) -> Outcome<Exit> {
    check_secrets(meta, &asked)?;
    let options = RowsOptions {
        operation: meta.name.to_owned(),
        asked,
        form: from.form,
    };
    let work = options.work(&from.path)?;
    let sha256 = sha256(work.input())?;
    note_unused(context, &work);
    let options = serde_json::to_value(&options)
        .map_err(|error| Problem::io("cannot write the job down", &error))?;
    let input = work.input().clone();
    let mut flags = JobFlags::read(matches);
    // A list can be given again as one target can, where that leads to the same state.
    let repeats = matches!(
        meta.effect,
        Effect::Update | Effect::Replace | Effect::Destroy
    );
    flags.again |= from.form == Form::Targets && repeats;
    let begun = Start {
        place: from.place,
        work: &work,
        input: Some(&input),
        input_name: from.name,
        sha256,
        kind: "rows",
        operation: meta,
        options,
        flags,
        undoes: None,
    };
    start(context, begun).await
}

/// The file that the rows are read from. Standard input is kept with the job, so that it can be read again.
pub(super) fn open(context: &mut Context, file: &str, place: &Place) -> Outcome<PathBuf> {
    if file != "-" {
        let path = PathBuf::from(file);
        return Ok(std::path::absolute(&path).unwrap_or(path));
    }
    let path = place.spool();
    context.inputs.spool_stdin("the rows", &path)?;
    Ok(path)
}

/// The name of an input, for people.
pub(super) fn shown(path: &Path, file: &str) -> String {
    if file == "-" {
        "-".to_owned()
    } else {
        path.display().to_string()
    }
}

/// A secret that all rows share would have to be written down with the job.
fn check_secrets(meta: &Operation, asked: &Asked) -> Outcome<()> {
    let is_same = |text: &String| asked.literal || !text.contains("{{");
    for (name, texts) in &asked.given {
        let is_secret = meta
            .field(name)
            .is_some_and(|field| matches!(field.kind, Kind::Secret));
        if is_secret && texts.iter().any(is_same) {
            let flag = name.replace('_', "-");
            return Err(Problem::usage(format!(
                "--{flag} for many objects would be written down with the job"
            ))
            .hint(format!(
                "put the value into a column of the file of --rows, named {flag}"
            )));
        }
    }
    Ok(())
}

fn note_unused(context: &Context, work: &RowsWork) {
    let unused = work.template().unused();
    if !unused.is_empty() {
        let names: Vec<&str> = unused.iter().map(|name| &**name).collect();
        context
            .ui
            .note(&format!("these columns set nothing: {}", names.join(", ")));
    }
}

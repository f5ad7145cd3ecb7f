//! One operation over the rows of a file: `--rows`.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clerk_api::declare::{Effect, Kind, Meta as Operation};
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{Meta, Place, RowsWork};
use clerk_api_tasks::rows::{Asked, Input, Template};
use serde::{Deserialize, Serialize};

use super::jobs::go_on::sha256;
use super::jobs::place::NewPlace;
use super::jobs::start::{Start, start};
use crate::args::job_flags::{JobFlags, RowsFlags};
use crate::args::read;
use crate::setup::context::Context;
use crate::show::exit::Exit;

/// What the work is made from, besides the input.
#[derive(Debug, Serialize, Deserialize)]
struct Options {
    operation: String,
    asked: Asked,
    literal: bool,
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
    let given = read::texts(meta, matches)?;
    check_secrets(meta, &given)?;
    let asked = Asked {
        given,
        cleared: read::cleared(meta, matches),
        maps: rows.maps,
        condition: rows.condition,
    };
    let place = NewPlace::make(context)?;
    let path = open(context, &rows.file, &place)?;
    let work = work(meta, &asked, &path, rows.literal)?;
    let sha256 = sha256(work.input())?;
    note_unused(context, &work);
    let options = Options {
        operation: meta.name.to_owned(),
        asked,
        literal: rows.literal,
    };
    let options = serde_json::to_value(&options)
        .map_err(|error| Problem::io("cannot write the job down", &error))?;
    let input = work.input().clone();
    let input_name = if rows.file == "-" {
        "-".to_owned()
    } else {
        path.display().to_string()
    };
    let begun = Start {
        place,
        work: &work,
        input: Some(&input),
        input_name,
        sha256,
        kind: "rows",
        operation: meta,
        options,
        flags: JobFlags::read(matches),
        undoes: None,
    };
    start(context, begun).await
}

/// The work of a job that was made before.
pub(super) fn again(meta: &Meta, place: &Place) -> Outcome<RowsWork> {
    let options: Options = serde_json::from_value(meta.options.clone())
        .map_err(|error| Problem::io("cannot read what the job is", &error))?;
    let operation = clerk_api_admin::call::operation(&options.operation)?;
    let path = if meta.input == "-" {
        place.spool()
    } else {
        PathBuf::from(&meta.input)
    };
    work(operation, &options.asked, &path, options.literal)
}

fn work(meta: &'static Operation, asked: &Asked, path: &Path, literal: bool) -> Outcome<RowsWork> {
    let input = if literal {
        Input::open_as(path, true)?
    } else {
        Input::open(path)?
    };
    let template = Template::new(meta, asked, &input)?;
    Ok(RowsWork::new(input, template))
}

/// The file that the rows are read from. Standard input is kept with the job, so that it can be read again.
pub(super) fn open(context: &mut Context, file: &str, place: &Place) -> Outcome<PathBuf> {
    if file != "-" {
        let path = PathBuf::from(file);
        return Ok(std::path::absolute(&path).unwrap_or(path));
    }
    let path = place.spool();
    context.inputs.spool_stdin("--rows", &path)?;
    Ok(path)
}

/// A secret that all rows share would have to be written down with the job.
fn check_secrets(meta: &Operation, given: &[(String, Vec<String>)]) -> Outcome<()> {
    for (name, texts) in given {
        let is_secret = meta
            .field(name)
            .is_some_and(|field| matches!(field.kind, Kind::Secret));
        if is_secret && texts.iter().any(|text| !text.contains("{{")) {
            let flag = name.replace('_', "-");
            return Err(Problem::usage(format!(
                "--{flag} with --rows would be written down with the job"
            ))
            .hint(format!(
                "put the value into a column of the file named {flag}"
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

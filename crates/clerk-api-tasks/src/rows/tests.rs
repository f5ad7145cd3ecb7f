//! Files as people have them, and as nobody should.

mod calling;
mod hostile;
mod properties;
mod reading;
mod sentences;
mod writing;

use std::path::PathBuf;

use clerk_api::ops;
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;
use tempfile::TempDir;

use super::{Asked, Input, Row, Template};

/// A file that goes away with it.
struct File {
    _folder: TempDir,
    path: PathBuf,
}

fn file(content: impl AsRef<[u8]>) -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows");
    fs::write(&path, content.as_ref()).unwrap();
    File {
        _folder: folder,
        path,
    }
}

fn open(content: impl AsRef<[u8]>) -> Input {
    Input::open(&file(content).path).unwrap()
}

/// The message of a file that cannot be opened, or whose pass breaks off; without its folder.
fn refusal(content: impl AsRef<[u8]>) -> String {
    let file = file(content);
    let problem = match Input::open(&file.path) {
        Err(problem) => problem,
        Ok(input) => input.rows().unwrap().find_map(Result::err).unwrap(),
    };
    let folder = file.path.parent().unwrap().display().to_string();
    let text = told(&problem).replace(&format!("{folder}/"), "");
    text.replace(&folder, "FOLDER")
}

/// A problem with its hints.
fn told(problem: &Problem) -> String {
    let hints = problem.hints.iter().map(|hint| format!("\n  hint: {hint}"));
    format!("{problem}{}", hints.collect::<String>())
}

/// Each row as its line and its cells, or what is wrong with it.
fn read(content: impl AsRef<[u8]>) -> Vec<String> {
    let input = open(content);
    let columns = input.columns().len();
    let rows = input.rows().unwrap().map(|row| match row.unwrap() {
        Ok(row) => {
            let cells: Vec<String> = (0..columns).map(|column| row.cell(column).text()).collect();
            format!("{}@{} {}", row.at.number, row.at.line, cells.join("|"))
        }
        Err(bad) => format!("{}: {bad}", bad.at.number),
    });
    rows.collect()
}

fn given(texts: &[(&str, &str)]) -> Asked {
    Asked {
        given: texts
            .iter()
            .map(|(name, text)| ((*name).to_owned(), vec![(*text).to_owned()]))
            .collect(),
        ..Asked::default()
    }
}

fn template(
    operation: &str,
    asked: &Asked,
    content: impl AsRef<[u8]>,
) -> Outcome<(Template, Vec<Row>)> {
    let input = open(content);
    let meta = ops::find(operation).unwrap().meta;
    let template = Template::new(meta, asked, &input)?;
    let rows = input.rows()?.map(|row| row.unwrap().unwrap()).collect();
    Ok((template, rows))
}

/// The calls of all rows.
fn calls(operation: &str, asked: &Asked, content: impl AsRef<[u8]>) -> Vec<Outcome<Call>> {
    let (template, rows) = template(operation, asked, content).unwrap();
    rows.iter().map(|row| template.call(row)).collect()
}

/// A call as its target and its arguments.
fn shown(call: &Call) -> String {
    let targets = call.targets.iter().flat_map(|targets| &targets.items);
    let targets = targets.map(|target| format!("<{}>", target.reference.shown()));
    let pending = call.pending.iter().map(|pending| {
        let items: Vec<&str> = pending.items.iter().map(|(_, item)| item.shown()).collect();
        format!("{}=<{}>", pending.field.name, items.join(","))
    });
    let args = call.args.iter();
    let args = args.map(|(name, value)| format!("{name}={}", value.get()));
    targets
        .chain(pending)
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ")
}

fn outcomes(operation: &str, asked: &Asked, content: impl AsRef<[u8]>) -> Vec<String> {
    let calls = calls(operation, asked, content);
    calls
        .iter()
        .map(|call| match call {
            Ok(call) => shown(call),
            Err(problem) => told(problem),
        })
        .collect()
}

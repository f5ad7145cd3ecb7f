//! Which columns a file has.

use std::sync::Arc;

use clerk_api::form::is_email;
use clerk_api_admin::problem::{Outcome, Problem};

use super::cells;
use super::cutter::{Cutter, MOST};
use super::reader::Reader;
use super::row::{Cells, Row};

/// How many rows of a JSON file say which columns it has.
const SAMPLE: usize = 1000;
/// The most columns.
const WIDEST: usize = 1000;

/// Reads the header of cells.
pub(super) fn with_header(mut reader: Reader, delimiter: u8) -> Outcome<Reader> {
    let source = Arc::clone(&reader.source);
    let format = reader.found.format;
    let mut cutter = Cutter::new(Arc::clone(&source), format, reader.found.preamble)?;
    let wrong = |line: u64, what: &str| source.wrong(&format!("line {line}: {what}"));
    let Some(cut) = cutter.next()? else {
        return Err(source
            .wrong("the file is empty")
            .hint("the first line names the columns, each further line is one row"));
    };
    let line = cut.at.line;
    if !cut.is_whole {
        return Err(wrong(line, "the header has more than 1 MiB"));
    }
    let length = usize::try_from(cut.at.length).unwrap_or(MOST);
    let bytes = &cutter.window.bytes()[..length];
    let text = reader.text(bytes).map_err(|flaw| {
        let problem = wrong(line, &format!("the header: {}", flaw.what));
        flaw.hint.into_iter().fold(problem, Problem::hint)
    })?;
    let (text, ends) = cells::split(text, delimiter, reader.literal).map_err(|stray| {
        let what = format!("header {}: text follows the closing quote", stray.0 + 1);
        wrong(line, &what)
    })?;
    let header = Row {
        at: cut.at,
        cells: Cells::Text { text, ends },
    };
    let Cells::Text { ends, .. } = &header.cells else {
        return Ok(reader);
    };
    for place in 0..ends.len() {
        let name = header.cell(place).text();
        let checked = check_name(name.trim(), place, &reader.columns);
        checked.map_err(|(what, hint)| wrong(line, &what).hint(hint))?;
        reader.columns.push(name.trim().into());
    }
    cutter.pass(&cut);
    let rest = cutter.window.bytes();
    let end = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    reader.head = cutter.window.offset() + end;
    Ok(reader)
}

/// Gives the columns of a file without a header their names, in order; further ones are numbered. A first row that begins with the
/// first name is a header after all.
pub(super) fn with_names(
    mut reader: Reader,
    delimiter: u8,
    names: &[&'static str],
) -> Outcome<Reader> {
    let source = Arc::clone(&reader.source);
    let (format, preamble) = (reader.found.format, reader.found.preamble);
    let mut cutter = Cutter::new(source, format, preamble)?;
    let first = cutter.next()?.filter(|cut| cut.is_whole);
    let length = first.map_or(0, |cut| cut.at.length);
    let bytes = &cutter.window.bytes()[..usize::try_from(length).unwrap_or(MOST)];
    let text = reader.text(bytes).unwrap_or_default();
    let split = cells::split(text, delimiter, reader.literal);
    // A first row that is broken is named in the pass over all of them.
    let (text, ends) = split.unwrap_or_else(|_| (String::new(), vec![0; names.len()]));
    let begin = &text[..ends.first().copied().unwrap_or_default()];
    if names
        .iter()
        .take(1)
        .any(|name| begin.eq_ignore_ascii_case(name))
    {
        return with_header(reader, delimiter);
    }
    let name = |place: usize| match names.get(place) {
        Some(name) => Arc::from(*name),
        None => Arc::from(format!("column {}", place + 1)),
    };
    reader.columns = (0..ends.len()).map(name).collect();
    reader.has_header = false;
    reader.head = preamble as u64;
    Ok(reader)
}

/// What is wrong with the name of a column, and what to do.
fn check_name(name: &str, place: usize, before: &[Arc<str>]) -> Result<(), (String, String)> {
    let number = place + 1;
    if name.is_empty() {
        let what = format!("the header of column {number} is empty");
        return Err((
            what,
            "give each column a name, and delete empty ones".to_owned(),
        ));
    }
    if let Some(first) = before.iter().position(|column| **column == *name) {
        let what = format!(
            "the header {name:?} stands twice, in columns {} and {number}",
            first + 1
        );
        return Err((what, "rename or delete one of them".to_owned()));
    }
    if is_email(name) {
        let what = format!("the header of column {number} is {name:?}, which looks like a value");
        return Err((
            what,
            "the first line must name the columns: put a line with names above".to_owned(),
        ));
    }
    if number > WIDEST {
        let what = format!("there are more than {WIDEST} columns");
        return Err((what, "delete those that are not needed".to_owned()));
    }
    Ok(())
}

/// Finds the columns of JSON: all members of the first rows.
pub(super) fn with_members(mut reader: Reader) -> Outcome<Reader> {
    let source = Arc::clone(&reader.source);
    let mut cutter = Cutter::new(
        Arc::clone(&source),
        reader.found.format,
        reader.found.preamble,
    )?;
    let mut columns: Vec<Arc<str>> = Vec::new();
    for _ in 0..SAMPLE {
        let Some(cut) = cutter.next()? else { break };
        if !cut.is_whole {
            continue;
        }
        let length = usize::try_from(cut.at.length).unwrap_or(MOST);
        let bytes = &cutter.window.bytes()[..length];
        // Rows that are wrong are named in the pass over all of them.
        if let Ok(Some(Cells::Json { values, more })) = reader.cells(bytes) {
            debug_assert!(values.is_empty(), "no column is known yet");
            for (name, _) in more {
                if columns.len() < WIDEST && !columns.iter().any(|column| **column == name) {
                    columns.push(name.into());
                }
            }
        }
        cutter.pass(&cut);
    }
    reader.columns = columns;
    Ok(reader)
}

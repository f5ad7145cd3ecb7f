//! What kind of file it is, found out by its content and never by its name.

use std::fmt;

use clerk_api_admin::problem::Outcome;

use super::source::Source;
use super::window::BOM;

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Cells with this character between them: a comma, a semicolon, a tab or `|`.
    Cells(u8),
    /// One JSON object a line.
    Ndjson,
    /// One JSON array of objects.
    Json,
    /// One value a line.
    Lines,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cells(b',') => f.write_str("CSV"),
            Self::Cells(b'\t') => f.write_str("TSV"),
            Self::Cells(delimiter) => write!(f, "CSV with {}", char::from(*delimiter)),
            Self::Ndjson => f.write_str("NDJSON"),
            Self::Json => f.write_str("a JSON array"),
            Self::Lines => f.write_str("a list"),
        }
    }
}

/// A format, and how much at the beginning of the file belongs to none of its rows: a line such as `sep=;`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) format: Format,
    pub(super) preamble: usize,
}

/// Finds out the format from the first bytes, which begin behind a byte order mark of UTF-8.
pub(super) fn find(source: &Source, start: &[u8]) -> Outcome<Found> {
    refuse_others(source, start)?;
    let Some(first) = start.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(source
            .wrong("the file is empty")
            .hint("the first line names the columns, each further line is one row"));
    };
    let whole = |format| Found {
        format,
        preamble: 0,
    };
    if *first == b'{'
        && let Some(preamble) = wrapped(start)
    {
        let format = Format::Json;
        return Ok(Found { format, preamble });
    }
    match first {
        b'[' => return Ok(whole(Format::Json)),
        b'{' if is_one_object(start) => {
            return Err(source
                .wrong("the file holds one JSON object over several lines")
                .hint("write one object a line, or an array of objects: [{…},{…}]"));
        }
        b'{' => return Ok(whole(Format::Ndjson)),
        _ => {}
    }
    // Excel's own way of saying which character separates the cells.
    let line = start.split(|byte| matches!(byte, b'\r' | b'\n')).next();
    if let Some([b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter]) = line
        && !delimiter.is_ascii_alphanumeric()
        && *delimiter != b'"'
    {
        let format = Format::Cells(*delimiter);
        return Ok(Found {
            format,
            preamble: 5,
        });
    }
    Ok(whole(Format::Cells(delimiter(start))))
}

/// Refuses what is no UTF-8 text at all (reliability.md 8.5).
pub(super) fn refuse_others(source: &Source, start: &[u8]) -> Outcome<()> {
    let nul = |place: usize| start.get(place) == Some(&0);
    let wide = start.starts_with(b"\xff\xfe")
        || start.starts_with(b"\xfe\xff")
        || start.len() >= 4 && start[0] != start[1] && (nul(0) ^ nul(1)) && (nul(2) ^ nul(3));
    if wide {
        return Err(source
            .wrong("line 1, byte 1: the file is UTF-16, not UTF-8")
            .hint("save it as \"CSV UTF-8\", or convert it: iconv -f UTF-16 -t UTF-8"));
    }
    let known: [(&[u8], &str, &str); 5] = [
        (
            b"PK\x03\x04",
            "an Excel workbook or another zip archive",
            "open it and save the sheet as \"CSV UTF-8\"",
        ),
        (
            b"\xd0\xcf\x11\xe0",
            "an old Excel workbook",
            "open it and save the sheet as \"CSV UTF-8\"",
        ),
        (b"\x1f\x8b", "compressed by gzip", "unpack it first: gunzip"),
        (
            b"\x28\xb5\x2f\xfd",
            "compressed by zstd",
            "unpack it first: unzstd",
        ),
        (b"%PDF", "a PDF", "save the table as \"CSV UTF-8\""),
    ];
    for (magic, what, hint) in known {
        if start.starts_with(magic) {
            let problem = source.wrong(&format!("the file is {what}, not CSV or JSON"));
            return Err(problem.hint(hint));
        }
    }
    Ok(())
}

/// Where the array of rows begins in one object that holds it, such as `{"users":[{…}]}`: exports of other systems and responses of
/// APIs are written so. Only members of these names count, since a row may have lists of its own.
fn wrapped(start: &[u8]) -> Option<usize> {
    const NAMES: [&str; 3] = ["users", "Users", "data"];
    let mut at = start.iter().position(|byte| *byte == b'{')? + 1;
    loop {
        let (name, end) = string(start, at)?;
        at = blanks(start, end);
        if start.get(at) != Some(&b':') {
            return None;
        }
        at = blanks(start, at + 1);
        match start.get(at)? {
            b'[' if NAMES.contains(&name) => {
                let inner = blanks(start, at + 1);
                return matches!(start.get(inner), Some(b'{' | b']')).then_some(at);
            }
            b'"' => at = string(start, at)?.1,
            b'[' | b'{' => return None,
            _ => at += start[at..].iter().position(|byte| *byte == b',')?,
        }
        at = blanks(start, at);
        if start.get(at) != Some(&b',') {
            return None;
        }
        at += 1;
    }
}

/// The place behind white space.
fn blanks(start: &[u8], at: usize) -> usize {
    let rest = start.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// The content of the JSON string that comes next, if it has no escapes, and the place behind it.
fn string(start: &[u8], at: usize) -> Option<(&str, usize)> {
    let at = blanks(start, at);
    let rest = start.get(at..)?.strip_prefix(b"\"")?;
    let length = rest.iter().position(|byte| *byte == b'"')?;
    let text = std::str::from_utf8(&rest[..length]).ok()?;
    (!text.contains('\\')).then_some((text, at + length + 2))
}

/// Whether the first line opens an object and nothing else, as pretty JSON does.
fn is_one_object(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| matches!(byte, b'\r' | b'\n'));
    let first = lines.find(|line| !line.trim_ascii().is_empty());
    first.is_some_and(|line| line.trim_ascii() == b"{") && lines.next().is_some()
}

/// The character that most often stands between the names of the first line.
fn delimiter(start: &[u8]) -> u8 {
    const KNOWN: [u8; 4] = [b',', b';', b'\t', b'|'];
    let mut counts = [0_usize; KNOWN.len()];
    let mut quoted = false;
    let blank = start
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'));
    for byte in &start[blank.count()..] {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if !quoted => {
                if let Some(place) = KNOWN.iter().position(|known| known == byte) {
                    counts[place] += 1;
                }
            }
            _ => {}
        }
    }
    let mut best = 0;
    for place in 1..KNOWN.len() {
        if counts[place] > counts[best] {
            best = place;
        }
    }
    KNOWN[best]
}

/// Whether these bytes begin with a mark that belongs at the beginning of a file only.
pub(super) fn begins_with_mark(row: &[u8]) -> bool {
    row.starts_with(BOM)
}

//! Cells of tables and CSV: which column takes what from a row, and how it reads.

use super::fields::{Found, Path};
use super::json::compact;
use super::options::OutputError;
use super::token::{Token, Tokens, is_named, items, member, members, unquote};
use crate::view::{Column, Kind, View};

/// A column that was asked for.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) columns: Vec<Source>,
}

#[derive(Debug)]
pub(super) struct Source {
    pub(super) title: String,
    pub(super) name: String,
    path: Path,
    shown: Option<Path>,
    pub(super) kind: Kind,
    asked: bool,
    seen: bool,
    missed: bool,
}

/// For whom a cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Dates as dates.
    Person,
    /// Dates as short as a terminal needs them.
    Terminal,
    /// A spreadsheet: dates as dates, lists as text, ids as they are.
    Sheet,
    /// All values as they are.
    Program,
}

impl Cells {
    /// The columns of `--fields`, or else the model's own.
    pub(super) fn new(fields: &[String], view: &View) -> Result<Self, OutputError> {
        let mut columns = Vec::new();
        for field in fields {
            let path = Path::parse(field)?;
            let known = |column: &&Column| column.name == path.text;
            let mut named = view.columns.iter().chain(view.more);
            columns.push(match named.find(known) {
                Some(column) => Source::of(column)?,
                None => Source::named(path),
            });
        }
        if fields.is_empty() {
            for column in view.columns {
                columns.push(Source::of(column)?);
            }
        }
        for column in &mut columns {
            column.asked = !fields.is_empty();
        }
        Ok(Self { columns })
    }

    /// Takes the columns from the first row, if there are none yet.
    pub(super) fn settle(&mut self, row: &str, wanted: impl Fn(&str) -> bool) {
        if !self.columns.is_empty() {
            return;
        }
        for (name, value) in members(row) {
            if let Some(name) = unquote(name).filter(|_| wanted(value)) {
                self.columns.push(Source::top(&name, value));
            }
        }
    }

    /// The row's cells, as text.
    pub(super) fn of(&mut self, row: &str, reader: Reader) -> Vec<String> {
        let members: Vec<_> = members(row).collect();
        self.columns
            .iter_mut()
            .map(|column| column.cell(&members, reader))
            .collect()
    }

    /// The fields that were asked for and that no row had.
    pub(super) fn unknown(&self) -> Vec<String> {
        let unknown = |column: &&Source| column.asked && column.missed && !column.seen;
        let columns = self.columns.iter().filter(unknown);
        columns.map(|column| column.path.text.clone()).collect()
    }
}

impl Source {
    fn of(column: &Column) -> Result<Self, OutputError> {
        Ok(Self {
            title: column.title.to_owned(),
            name: column.name.to_owned(),
            path: Path::parse(column.path)?,
            shown: column.shown.map(Path::parse).transpose()?,
            kind: column.kind,
            asked: false,
            seen: false,
            missed: false,
        })
    }

    fn named(path: Path) -> Self {
        Self {
            title: path.text.to_uppercase(),
            name: path.text.clone(),
            kind: kind_of(&path.text),
            path,
            shown: None,
            asked: true,
            seen: false,
            missed: false,
        }
    }

    /// A member of the row itself, whatever characters its name has.
    pub(super) fn top(name: &str, value: &str) -> Self {
        let is_number = value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let kind = match kind_of(name) {
            Kind::Text if is_number => Kind::Count,
            kind => kind,
        };
        Self {
            kind,
            ..Self::named(Path::single(name))
        }
    }

    /// Whether the table can do without it: an id has names beside it, and who acts on it names the row by them.
    pub(super) fn is_id(&self) -> bool {
        let path = self.path.text.as_str();
        let is_id = path == "id" || path.ends_with("_id") || path.ends_with(".id");
        (is_id || path == "created_by") && self.shown.is_none() && !self.asked
    }

    /// Whether it identifies the row or shows its state.
    pub(super) fn is_name(&self) -> bool {
        const NAMES: [&str; 12] = [
            "email_address",
            "first_name",
            "identifier",
            "key",
            "last_name",
            "name",
            "phone_number",
            "role",
            "slug",
            "status",
            "url",
            "username",
        ];
        let last = self.path.text.rsplit('.').next().unwrap_or_default();
        let is_name = NAMES.contains(&last) || matches!(self.kind, Kind::Primary { .. });
        is_name || self.shown.is_some() || self.asked
    }

    /// Whether the user named it.
    pub(super) fn is_asked(&self) -> bool {
        self.asked
    }

    pub(super) fn cell(&mut self, row: &[(&str, &str)], reader: Reader) -> String {
        if let (Some(shown), Reader::Person | Reader::Terminal) = (&self.shown, reader)
            && let Found::Value(value) = shown.find_among(row)
            && value != "null"
        {
            return plain(&value);
        }
        let value = match self.path.find_among(row) {
            Found::Value(value) => {
                self.seen = true;
                value
            }
            Found::Missing => {
                self.missed = true;
                return String::new();
            }
            Found::Unknown => return String::new(),
        };
        match self.kind {
            Kind::Instant if reader != Reader::Program => {
                let form = if reader == Reader::Terminal {
                    TO_THE_MINUTE
                } else {
                    TO_THE_SECOND
                };
                instant(&value, form).unwrap_or_else(|| plain(&value))
            }
            Kind::Primary { id, value: field } => {
                primary(&value, row, id, field).unwrap_or_default()
            }
            _ if reader != Reader::Program => joined(&value).unwrap_or_else(|| plain(&value)),
            Kind::Text | Kind::Count | Kind::Instant => plain(&value),
        }
    }
}

/// The API's instants end in `_at`, all of them.
fn kind_of(path: &str) -> Kind {
    if path.ends_with("_at") {
        Kind::Instant
    } else {
        Kind::Text
    }
}

/// A string's value, nothing for null, else compact JSON.
fn plain(value: &str) -> String {
    match Tokens::new(value).next() {
        Some(Token::Text(text)) => unquote(text).unwrap_or_default(),
        Some(Token::Scalar("null")) | None => String::new(),
        _ => compact(value),
    }
}

/// The values of a list with `; ` between them; nothing for what is no list, or has more than plain values in it.
fn joined(value: &str) -> Option<String> {
    if !value.trim_start().starts_with('[') {
        return None;
    }
    let mut texts = Vec::new();
    for item in items(value) {
        if item.starts_with(['[', '{']) {
            return None;
        }
        texts.push(plain(item));
    }
    texts.retain(|text| !text.is_empty());
    Some(texts.join("; "))
}

/// How dates look at a terminal, all in UTC.
const TO_THE_MINUTE: &str = "%Y-%m-%d %H:%M";
/// How dates look in a file.
const TO_THE_SECOND: &str = "%Y-%m-%dT%H:%M:%SZ";

/// Milliseconds as a date of the common calendar, in UTC.
fn instant(value: &str, form: &str) -> Option<String> {
    let millis = value.trim().parse().ok()?;
    let instant = jiff::Timestamp::from_millisecond(millis).ok()?;
    Some(instant.strftime(form).to_string())
}

/// The field of the list's member whose id the row has under this name.
fn primary(list: &str, row: &[(&str, &str)], name: &str, field: &str) -> Option<String> {
    let (_, id) = row.iter().find(|(quoted, _)| is_named(quoted, name))?;
    let id = unquote(id)?;
    let is_it = |item: &&str| member(item, "id").and_then(unquote).as_deref() == Some(id.as_str());
    let found = items(list).find(is_it)?;
    member(found, field).map(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::view;

    const ROW: &str = r#"{"id":"user_1","email_addresses":[{"id":"idn_1","email_address":"a@x.co"},{"id":"idn_2","email_address":"b@x.co"}],"primary_email_address_id":"idn_2","created_at":1700000000123,"banned":false,"first_name":null,"public_metadata":{"k": [1]}}"#;

    #[test]
    fn the_primary_address_is_the_one_the_row_names() {
        let mut cells = Cells::new(&[], view("users.list")).unwrap();
        let row = cells.of(ROW, Reader::Person);
        assert_eq!(row[..3], ["user_1", "b@x.co", ""]);
        assert_eq!(row[5], "2023-11-14T22:13:20Z");
        assert_eq!(cells.of(ROW, Reader::Sheet)[5], "2023-11-14T22:13:20Z");
        assert_eq!(cells.of(ROW, Reader::Program)[5], "1700000000123");
        let gone = ROW.replace("\"idn_2\",\"created", "null,\"created");
        assert_eq!(cells.of(&gone, Reader::Person)[1], "");
        assert!(cells.unknown().is_empty());
    }

    #[test]
    fn fields_replace_the_columns_and_unknown_ones_are_reported() {
        let fields = [
            "email_address",
            "public_metadata",
            "nope",
            "email_addresses.id",
        ]
        .map(str::to_owned);
        let mut cells = Cells::new(&fields, view("users.list")).unwrap();
        let row = cells.of(ROW, Reader::Person);
        assert_eq!(row, ["b@x.co", "{\"k\":[1]}", "", "idn_1; idn_2"]);
        assert_eq!(cells.of(ROW, Reader::Sheet), row);
        assert_eq!(cells.unknown(), ["nope"]);
        let raw = cells.of(ROW, Reader::Program);
        assert_eq!(raw[3], "[\"idn_1\",\"idn_2\"]");
        let fields = ["primary_email_address", "primary_phone_number"].map(str::to_owned);
        let mut cells = Cells::new(&fields, view("users.list")).unwrap();
        let numbered = ROW.replace(
            "\"banned\"",
            "\"primary_phone_number_id\":\"idn_3\",\"phone_numbers\":[{\"id\":\"idn_3\",\"phone_number\":\"+1555\"}],\"banned\"",
        );
        assert_eq!(cells.of(&numbered, Reader::Sheet), ["b@x.co", "+1555"]);
    }
}

//! A row of an export, looked at by the names of its columns, and by paths into its objects.

use std::sync::Arc;

use clerk_api_admin::input::json::check;
use clerk_api_admin::problem::{Outcome, Problem};
use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::note::Told;
use super::{date, phone};
use crate::rows::{BadRow, Cell, Columns, Row, shown};

/// A row of an export.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    pub(super) row: &'r Row,
    pub(super) columns: &'r Columns,
    /// Whether `null` in a cell means that there is nothing, as databases write it.
    pub(super) nulls: bool,
    /// The code of the country of phone numbers that have none.
    pub(super) country: Option<&'r str>,
}

/// A value that was found in a row.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The column, or the path of the member.
    pub(super) column: String,
    /// The text of a cell or a JSON string, any other JSON as it is written.
    pub(super) text: String,
    raw: Option<Box<RawValue>>,
}

impl Found {
    /// A text from a column.
    pub(super) fn text(column: &str, text: &str) -> Self {
        Self::of(column, Cell::Text(text))
    }

    fn of(column: &str, cell: Cell<'_>) -> Self {
        let raw = match cell {
            Cell::Json(raw) => Some(raw.to_owned()),
            _ => None,
        };
        let (column, text) = (column.to_owned(), cell.text());
        Self { column, text, raw }
    }

    /// The value as a cell.
    pub(super) fn cell(&self) -> Cell<'_> {
        match &self.raw {
            Some(raw) => Cell::Json(raw),
            None => Cell::Text(&self.text),
        }
    }

    /// The members, where it is an object: JSON, or the text of one in a cell.
    pub(super) fn members(&self) -> Option<IndexMap<String, Box<RawValue>>> {
        let json = self.json();
        let is_object = json.trim_start().starts_with('{') && check(json).is_ok();
        is_object.then(|| serde_json::from_str(json).ok()).flatten()
    }

    /// The items, where it is a list.
    pub(super) fn items(&self) -> Vec<Self> {
        let items: Vec<Box<RawValue>> = serde_json::from_str(self.json()).unwrap_or_default();
        items
            .iter()
            .map(|raw| Self::of(&self.column, Cell::Json(raw)))
            .collect()
    }

    /// A member, where it is an object that has it and it is something.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        let members = self.members()?;
        let raw = members.get(name).filter(|raw| raw.get() != "null")?;
        let column = format!("{}.{name}", self.column);
        let found = Self::of(&column, Cell::Json(raw));
        (!found.text.is_empty()).then_some(found)
    }

    /// Whether it says yes.
    pub(super) fn is_true(&self) -> bool {
        let word = self.text.trim().to_ascii_lowercase();
        matches!(word.as_str(), "true" | "t" | "yes" | "1")
    }

    /// Its JSON. A string may hold some, as a cell may.
    fn json(&self) -> &str {
        match &self.raw {
            Some(raw) if !raw.get().starts_with('"') => raw.get(),
            _ => &self.text,
        }
    }
}

impl<'r> Record<'r> {
    /// The value of the first of these columns that has one. `a.b` is a column of this name, or the member `b` of the object in `a`.
    pub(super) fn any(&self, paths: &[&str]) -> Option<Found> {
        paths.iter().find_map(|path| self.get(path))
    }

    /// The value of a column or a member, if it is something.
    pub(super) fn get(&self, path: &str) -> Option<Found> {
        if let Some(found) = self.whole(path) {
            return Some(found);
        }
        let (mut end, mut found) = (path.len(), None);
        while found.is_none() {
            end = path[..end].rfind('.')?;
            found = self.whole(&path[..end]);
        }
        let members = path[end + 1..].split('.');
        members.fold(found, |found, name| found?.member(name))
    }

    fn whole(&self, name: &str) -> Option<Found> {
        let column = self.columns.find(name);
        let found = match column {
            Some(column) => Found::of(&self.columns.names[column], self.row.cell(column)),
            None => {
                let (name, raw) = self.row.more().find(|(more, _)| *more == name)?;
                Found::of(name, Cell::Json(raw))
            }
        };
        let is_null = match &found.raw {
            Some(raw) => raw.get() == "null",
            None => self.nulls && matches!(found.text.as_str(), "null" | "NULL" | "\\N"),
        };
        (!is_null && !found.text.trim().is_empty()).then_some(found)
    }

    /// All columns whose cells say something, in order.
    pub(super) fn cells(&self) -> Vec<Found> {
        let names = self.columns.names.iter();
        names.filter_map(|name| self.whole(name)).collect()
    }

    /// The problem of a value; it is shown, so it must be no secret.
    pub(super) fn wrong(&self, found: &Found, what: &str) -> Box<Problem> {
        self.bad(
            Some(&found.column),
            &format!("{what}: {}", shown(&found.text)),
        )
    }

    /// A problem of the row.
    pub(super) fn bad(&self, column: Option<&str>, what: &str) -> Box<Problem> {
        BadRow {
            at: self.row.at,
            column: column.map(Arc::from),
            what: what.to_owned(),
            hint: None,
        }
        .into()
    }

    /// The milliseconds since 1970 of a date.
    pub(super) fn date(&self, found: &Found, told: &mut Told) -> Outcome<String> {
        let (millis, unit) = date::read(&found.text).ok_or_else(|| {
            self.wrong(found, "is no date").hint(
                "write seconds or milliseconds since 1970, or a date such as 2026-01-31T12:00:00Z",
            )
        })?;
        told.dates.push((found.column.clone(), unit));
        Ok(millis.to_string())
    }

    /// A phone number in E.164 form.
    pub(super) fn phone(&self, found: &Found) -> Outcome<String> {
        phone::normal(&found.text, self.country).ok_or_else(|| {
            let problem = self.wrong(
                found,
                "is no phone number in E.164 form such as +15551234567",
            );
            match self.country {
                None => {
                    problem.hint("--phone-country +49 gives numbers without a country their code")
                }
                Some(_) => problem,
            }
        })
    }
}

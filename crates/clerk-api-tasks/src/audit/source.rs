//! What an export says about itself, and how much is in it.

use clerk_api_admin::problem::{Outcome, Problem};

use super::cell::Cell;
use super::database::Database;
use crate::export::tables;
use crate::sweep::Kind;

/// The tables that a report counts.
const COUNTED: [&str; 8] = [
    "users",
    "email_addresses",
    "organizations",
    "memberships",
    "organization_invitations",
    "invitations",
    "roles",
    "domains",
];

/// What is looked at.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The file.
    pub file: String,
    /// What the export says about itself, by name.
    pub meta: Vec<(String, String)>,
    /// How many rows each table has.
    pub counts: Vec<(&'static str, i64)>,
    /// When it was read, in milliseconds since 1970: all rules take this as now.
    pub read_at: i64,
}

impl Source {
    /// One fact that the export says about itself.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        let found = self.meta.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A table of the export that SQL names although its kind was not exported, or only what changed of it.
    #[must_use]
    pub fn lacks(&self, sql: &str) -> Option<&'static str> {
        let has = |word: &str, kind: &Kind| self.fact(&format!("{word}.{}", kind.name())).is_some();
        let was_read = |kind: &Kind| has("consistent", kind) && !has("since", kind);
        // What others made of an export may say nothing about kinds.
        if !Kind::ALL.iter().any(|kind| has("consistent", kind)) {
            return None;
        }
        let missing = Kind::ALL.iter().filter(|kind| !was_read(kind));
        let mut tables = missing
            .flat_map(|kind| tables(*kind))
            .map(|table| table.name);
        tables.find(|table| words(sql).any(|word| word == *table))
    }

    /// How many rows the tables have that SQL names, each as often as it does: roughly what it costs.
    pub(super) fn rows_for(&self, sql: &str) -> i64 {
        let rows = |word: &str| {
            let table = self.counts.iter().find(|(table, _)| *table == word);
            table.map(|(_, count)| *count)
        };
        words(sql).filter_map(rows).sum()
    }
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

impl Database {
    /// What an export says about itself.
    ///
    /// # Errors
    /// A file that is no export.
    pub fn source(&self) -> Outcome<Source> {
        let database = self;
        let rows = database.rows("SELECT key, value FROM meta ORDER BY key")?;
        let meta: Vec<(String, String)> = rows
            .iter()
            .map(|row| (row[0].shown(), row[1].shown()))
            .collect();
        let mut counts = Vec::new();
        for table in COUNTED {
            let rows = database.rows(&format!("SELECT COUNT(*) FROM {table}"))?;
            if let Some([Cell::Integer(count)]) = rows.first().map(Vec::as_slice) {
                counts.push((table, *count));
            }
        }
        let mut source = Source {
            file: database.path().display().to_string(),
            meta,
            counts,
            read_at: 0,
        };
        let read_at = source
            .fact("swept_at")
            .and_then(|text| text.parse::<jiff::Timestamp>().ok());
        source.read_at = read_at
            .map(jiff::Timestamp::as_millisecond)
            .ok_or_else(|| {
                Problem::usage(format!("{} does not say when it was read", source.file))
                    .hint("the table meta has the key swept_at in every export")
            })?;
        Ok(source)
    }
}

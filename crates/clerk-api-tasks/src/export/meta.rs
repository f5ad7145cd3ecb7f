//! What an export says about itself.

use std::path::Path;

use clerk_api::time::Timestamp;
use clerk_api_admin::input::instant::millis;
use clerk_api_admin::problem::{Outcome, Problem};
use rusqlite::{Connection, OpenFlags};

use super::instant::Iso;
use crate::sweep::Sweep;

/// The version of the tables: a column more does not change it, a column less or another meaning does.
pub const FORMAT_VERSION: i32 = 1;

/// What is known of an export beside its rows.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The version of this program.
    pub tool_version: String,
    /// The instance.
    pub instance_id: String,
    /// Whether it is a production instance.
    pub live: bool,
    /// When the sweep began.
    pub swept_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
}

impl Facts {
    /// All keys and values, in the order of the reference.
    #[must_use]
    pub fn meta(&self, sweep: &Sweep) -> Vec<(String, String)> {
        let instant = |at| Iso::of(at).map_or_else(String::new, |iso| iso.as_str().to_owned());
        let environment = if self.live { "live" } else { "test" };
        let own = [
            ("format_version", FORMAT_VERSION.to_string()),
            ("tool_version", self.tool_version.clone()),
            ("instance_id", self.instance_id.clone()),
            ("environment", environment.to_owned()),
            ("api_version", clerk_api::API_VERSION.to_owned()),
            ("swept_at", instant(self.swept_at)),
            ("ended_at", instant(self.ended_at)),
            ("consistent", sweep.is_consistent().to_string()),
        ];
        let mut meta: Vec<(String, String)> = own
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        for count in &sweep.counts {
            let kind = count.kind().name();
            let counted = [("before", count.before), ("after", count.after)];
            for (word, number) in counted {
                if let Some(number) = number {
                    meta.push((format!("{word}.{kind}"), number.to_string()));
                }
            }
            if let Some(since) = count.since {
                meta.push((format!("since.{kind}"), instant(since)));
            }
            meta.push((format!("consistent.{kind}"), count.consistent.to_string()));
        }
        meta
    }
}

/// When an earlier export began, and of which instance it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The instance.
    pub instance_id: String,
    /// When it began.
    pub swept_at: Timestamp,
}

impl Mark {
    /// Reads the mark of a SQLite export.
    ///
    /// # Errors
    /// The file cannot be read, or is no such export.
    pub fn of(path: &Path) -> Outcome<Self> {
        let unread = |error: &rusqlite::Error| {
            Problem::usage(format!(
                "{} is not a SQLite export of clerk-api",
                path.display()
            ))
            .cause(error.to_string())
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = Connection::open_with_flags(path, flags).map_err(|error| unread(&error))?;
        let value = |key: &str| {
            let sql = "SELECT value FROM meta WHERE key = ?";
            db.query_row(sql, [key], |row| row.get::<_, String>(0))
                .map_err(|error| unread(&error))
        };
        let swept_at = value("swept_at")?;
        let swept_at = millis(&swept_at).map(Timestamp::from_millis);
        Ok(Self {
            instance_id: value("instance_id")?,
            swept_at: swept_at.ok_or_else(|| unread(&rusqlite::Error::QueryReturnedNoRows))?,
        })
    }
}

//! Until when an earlier export has read each kind, so that the next one can take what changed since.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use clerk_api::time::Timestamp;
use clerk_api_admin::input::instant::millis;
use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::meta::Facts;
use crate::fresh::Fresh;
use crate::sweep::{Kind, Sweep};

/// Since when each kind has to be read again, and of which instance that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The instance.
    pub instance_id: String,
    /// When the earlier export began, for each kind that it has whole.
    pub kinds: BTreeMap<Kind, Timestamp>,
}

/// The file's content.
#[derive(Serialize, Deserialize)]
struct Kept {
    instance_id: String,
    swept_at: BTreeMap<String, String>,
}

impl Mark {
    /// The file in a folder. A name like this is no data for those who read the folder.
    pub const FILE: &str = ".clerk-api-mark.json";

    /// The mark that an export leaves. What was not read whole this time keeps its older one.
    #[must_use]
    pub fn after(facts: &Facts, sweep: &Sweep, before: Option<&Self>) -> Self {
        let mut kinds = before.map(|mark| mark.kinds.clone()).unwrap_or_default();
        for count in &sweep.counts {
            if count.consistent && count.off.is_none() {
                kinds.insert(count.kind(), facts.swept_at);
            }
        }
        Self {
            instance_id: facts.instance_id.clone(),
            kinds,
        }
    }

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
        };
        let swept_at = value("swept_at").map_err(|error| unread(&error))?;
        let swept_at = millis(&swept_at).map(Timestamp::from_millis);
        let swept_at = swept_at.ok_or_else(|| unread(&rusqlite::Error::QueryReturnedNoRows))?;
        let whole = |kind: &Kind| {
            let is_whole = value(&format!("consistent.{}", kind.name()));
            is_whole.is_ok_and(|is_whole| is_whole == "true")
        };
        let kinds = Kind::ALL.into_iter().filter(whole);
        Ok(Self {
            instance_id: value("instance_id").map_err(|error| unread(&error))?,
            kinds: kinds.map(|kind| (kind, swept_at)).collect(),
        })
    }

    /// Reads the mark of a folder; nothing if it has none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn in_folder(folder: &Path) -> Outcome<Option<Self>> {
        let path = folder.join(Self::FILE);
        if !path.exists() {
            return Ok(None);
        }
        let damaged = |error: &dyn std::fmt::Display| {
            Problem::usage(format!("cannot read {}", path.display()))
                .cause(error.to_string())
                .hint("delete the file to export everything once more")
        };
        let text = fs::read(&path).map_err(|error| damaged(&error))?;
        let kept: Kept = serde_json::from_slice(&text).map_err(|error| damaged(&error))?;
        let kinds = kept.swept_at.iter().map(|(kind, at)| {
            let at = millis(at).ok_or_else(|| damaged(&format!("{at:?} is not an instant")))?;
            Ok((Kind::parse(kind)?, Timestamp::from_millis(at)))
        });
        Ok(Some(Self {
            instance_id: kept.instance_id,
            kinds: kinds.collect::<Outcome<_>>()?,
        }))
    }

    /// Writes it into a folder, in place of an older one.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(&self, folder: &Path) -> Outcome<()> {
        let path = folder.join(Self::FILE);
        let kept = Kept {
            instance_id: self.instance_id.clone(),
            swept_at: self
                .kinds
                .iter()
                .map(|(kind, at)| (kind.name().to_owned(), at.to_string()))
                .collect(),
        };
        let failed =
            |error: std::io::Error| Problem::io(format!("cannot write {}", path.display()), &error);
        let mut text = serde_json::to_string_pretty(&kept).unwrap_or_default();
        text.push('\n');
        let mut file = Fresh::create(&path, true)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.finish()
    }
}

//! The rows of a job over people: written once, when the job is made, and read again from there.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::rows::Position;

/// When an entry is sent: all of one phase have their responses before the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Removals that have to make place first.
    MakePlace,
    /// Those who can manage members, so that an organization never is without one.
    Admins,
    /// Everybody else.
    People,
    /// Removals.
    Leavers,
}

/// One person of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The line of the input, from 1; 0 where none names the person.
    pub line: u64,
    /// The id of the organization.
    pub organization: String,
    /// The organization as people call it.
    pub team: String,
    /// The person as the input names them; of a removal, by the address that the API shows.
    pub who: String,
    /// The role that is wanted; of a removal, the one that the member has.
    pub role: String,
    pub(super) phase: Phase,
    /// The user to remove. Nothing for somebody who is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove: Option<String>,
}

impl Entry {
    /// Somebody who is wanted.
    pub(super) fn wanted(line: u64, organization: &str, team: &str, who: &str, role: &str) -> Self {
        let phase = if role == "org:admin" {
            Phase::Admins
        } else {
            Phase::People
        };
        Self {
            line,
            organization: organization.to_owned(),
            team: team.to_owned(),
            who: who.to_owned(),
            role: role.to_owned(),
            phase,
            remove: None,
        }
    }
}

/// The entries of a job.
#[derive(Debug)]
pub struct Sheet {
    path: PathBuf,
    rows: Vec<(Position, Entry)>,
}

impl Sheet {
    /// Writes the entries down, in the order in which they are done, and opens them.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn write(path: &Path, entries: &[Entry]) -> Outcome<Self> {
        let mut sorted: Vec<&Entry> = entries.iter().collect();
        sorted.sort_by_key(|entry| entry.phase);
        let mut text = String::new();
        for entry in sorted {
            let line = serde_json::to_string(entry).map_err(|error| unwritten(&error))?;
            text.push_str(&line);
            text.push('\n');
        }
        let written = fs_err::File::create_new(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| unwritten(&error))?;
        Self::open(path)
    }

    /// Opens what was written down.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else.
    pub fn open(path: &Path) -> Outcome<Self> {
        let text = fs_err::read_to_string(path)
            .map_err(|error| Problem::io("cannot read the rows of the job", &error))?;
        let mut rows = Vec::new();
        let mut offset = 0;
        for (at, line) in text.split_terminator('\n').enumerate() {
            let entry: Entry = serde_json::from_str(line).map_err(|_| changed(path))?;
            let mut hash = [0; 16];
            hash.copy_from_slice(&Sha256::digest(line.as_bytes())[..16]);
            let at = Position {
                number: at as u64 + 1,
                line: entry.line,
                offset,
                length: line.len() as u64,
                hash,
            };
            offset += at.length + 1;
            rows.push((at, entry));
        }
        Ok(Self {
            path: path.to_owned(),
            rows,
        })
    }

    /// Where it is written down.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All entries, with their places.
    pub fn rows(&self) -> impl Iterator<Item = (Position, &Entry)> {
        self.rows.iter().map(|(at, entry)| (*at, entry))
    }

    /// The entry of this number.
    #[must_use]
    pub fn numbered(&self, number: u64) -> Option<&Entry> {
        let at = usize::try_from(number.checked_sub(1)?).ok()?;
        self.rows.get(at).map(|(_, entry)| entry)
    }

    /// The entry in a place, if it is the one that the journal knows.
    pub(super) fn at(&self, at: Position) -> Outcome<&Entry> {
        let found = usize::try_from(at.number.saturating_sub(1)).ok();
        let found = found.and_then(|index| self.rows.get(index));
        match found {
            Some((place, entry)) if place.hash == at.hash => Ok(entry),
            _ => Err(changed(&self.path)),
        }
    }

    /// Whether an entry is the first of its phase.
    pub(super) fn begins_phase(&self, number: u64) -> bool {
        let phase = |number| self.numbered(number).map(|entry| entry.phase);
        number > 1 && phase(number) != phase(number - 1)
    }
}

fn unwritten(error: &impl std::fmt::Display) -> Box<Problem> {
    Problem::io("cannot write the rows of the job down", error)
}

fn changed(path: &Path) -> Box<Problem> {
    let message = format!("{} is not what the job wrote down", path.display());
    Problem::new(ProblemKind::Changed, "input_changed", message)
        .hint("begin a new job: where it is already right, nothing changes")
}

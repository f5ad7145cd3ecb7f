//! A copy of the skill in the folder of an agent: whether it is ours, whose version it has, and how it is replaced.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clerk_api_admin::problem::Outcome;
use clerk_api_admin::skill::FILES;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::setup::user_file;

/// The file beside the skill that says what we wrote.
const RECORD: &str = ".clerk-api.json";

/// A place for the skill.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) agent: Option<&'static str>,
    /// The folder of the skill.
    pub(super) folder: PathBuf,
    /// Below here no link is followed.
    pub(super) root: PathBuf,
}

/// What is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    Absent,
    /// The skill of this version.
    Current,
    /// One of another version, as we wrote it, or a part of one.
    Outdated,
    /// Files that somebody changed after us, or wrote.
    Changed(Vec<&'static str>),
}

/// What we wrote: the version, and the hash of each file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    version: String,
    files: BTreeMap<String, String>,
}

fn hash(text: &str) -> String {
    let bytes = Sha256::digest(text);
    bytes.iter().fold(String::new(), |mut all, byte| {
        use std::fmt::Write as _;
        let _ = write!(all, "{byte:02x}");
        all
    })
}

impl Copy {
    fn text(&self, name: &str) -> Outcome<Option<String>> {
        let path = self.folder.join(name);
        user_file::refuse_links(&self.root, &path)?;
        user_file::text(&path)
    }

    /// What we wrote; nothing if it cannot be read, so that files count as somebody's.
    fn record(&self) -> Outcome<Option<Record>> {
        let text = self.text(RECORD)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(super) fn state(&self) -> Outcome<State> {
        let record = self.record()?.unwrap_or_default();
        let (mut absent, mut current, mut changed) = (0, 0, Vec::new());
        for (name, ours) in FILES {
            match self.text(name)? {
                None => absent += 1,
                Some(text) if text == ours => current += 1,
                Some(text) if record.files.get(name) == Some(&hash(&text)) => {}
                Some(_) => changed.push(name),
            }
        }
        Ok(match (absent, current) {
            _ if !changed.is_empty() => State::Changed(changed),
            (absent, _) if absent == FILES.len() => State::Absent,
            (_, current) if current == FILES.len() => State::Current,
            _ => State::Outdated,
        })
    }

    /// Where it is and what is there, for people and programs.
    pub(super) fn row(&self) -> Outcome<Value> {
        let state = self.state()?;
        let version = match state {
            State::Absent => None,
            State::Current => Some(env!("CARGO_PKG_VERSION").to_owned()),
            _ => self.record()?.map(|record| record.version),
        };
        let word = match state {
            State::Absent => "absent",
            State::Current => "current",
            State::Outdated => "outdated",
            State::Changed(_) => "changed",
        };
        Ok(json!({"agent": self.agent, "folder": self.folder, "state": word, "version": version}))
    }

    /// Writes this version's files, each at once, and then the record.
    pub(super) fn write(&self) -> Outcome<()> {
        let mut record = Record {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Record::default()
        };
        for (name, ours) in FILES {
            let before = self.text(name)?;
            user_file::put(&self.folder.join(name), before.as_deref(), ours)?;
            record.files.insert(name.to_owned(), hash(ours));
        }
        let before = self.text(RECORD)?;
        let text = serde_json::to_string_pretty(&record).unwrap_or_default();
        user_file::put(
            &self.folder.join(RECORD),
            before.as_deref(),
            &format!("{text}\n"),
        )
    }
}

//! What an export has read until it was cut, kept beside its target so that the next one goes on from there (reliability.md 4.12).
//!
//! A hidden folder has a file of objects for each kind, and a file that says which kinds are whole. Users are read by a cursor,
//! so they go on behind the last one that is there; of the other kinds only whole ones are of use.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use fs_err as fs;
use serde::{Deserialize, Serialize};

use super::secret;
use super::target::Target;
use crate::private;
use crate::sweep::{Count, Kind};

const STATE: &str = "state.json";

/// The folder.
pub struct Partial {
    folder: PathBuf,
    state: State,
    files: BTreeMap<Kind, BufWriter<fs::File>>,
    /// Only one export at a time keeps its things here: the lock ends with the process.
    _lock: std::fs::File,
}

/// What the objects belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The instance.
    pub instance_id: String,
    /// Whether links of invitations are in the objects.
    pub urls: bool,
    /// Since when users were wanted that changed, in milliseconds since 1970.
    pub since: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct State {
    origin: Origin,
    /// When the first sweep began, in milliseconds since 1970.
    swept_at: i64,
    /// The kinds that are whole, by their names.
    whole: BTreeMap<String, Whole>,
}

#[derive(Serialize, Deserialize)]
struct Whole {
    before: Option<u64>,
    rows: u64,
    after: Option<u64>,
    consistent: bool,
    off: Option<String>,
}

impl Partial {
    /// Opens what an earlier export to the target kept, or starts again where that belongs to something else.
    ///
    /// # Errors
    /// There is no place beside the target, it cannot be written, or another export uses it.
    pub fn open(target: &Target, origin: &Origin, now: i64) -> Outcome<Self> {
        let folder = match target {
            Target::Folder(folder) => folder.join(".clerk-api-partial"),
            Target::File(path) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                path.with_file_name(format!(".{name}.clerk-api-partial"))
            }
            Target::Stdout => {
                return Err(
                    Problem::usage("--resume is for files and folders").hint("name one with --to")
                );
            }
        };
        let failed = |error: std::io::Error| failed(&folder, &error);
        private::folder(&folder).map_err(failed)?;
        let lock = folder.join("lock");
        private::prepare(&lock).map_err(failed)?;
        let lock = fs::File::open(lock).map_err(failed)?.into_parts().0;
        if lock.try_lock().is_err() {
            let message = format!("another export to {} is running", shown(target));
            return Err(Problem::new(ProblemKind::Locked, "export_running", message));
        }
        let kept: Option<State> = fs::read(folder.join(STATE))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        let (state, is_new) = match kept {
            Some(state) if state.origin == *origin => (state, false),
            _ => {
                let origin = origin.clone();
                let whole = BTreeMap::new();
                (
                    State {
                        origin,
                        swept_at: now,
                        whole,
                    },
                    true,
                )
            }
        };
        let mut partial = Self {
            folder,
            state,
            files: BTreeMap::new(),
            _lock: lock,
        };
        for kind in Kind::ALL {
            let is_whole = partial.state.whole.contains_key(kind.name());
            let goes_on = kind == Kind::Users && partial.state.origin.since.is_none();
            if is_new || !is_whole && !goes_on {
                partial.drop_kind(kind)?;
            }
        }
        partial.cut_users()?;
        partial.save()?;
        Ok(partial)
    }

    /// When the sweep began whose objects these are, in milliseconds since 1970.
    #[must_use]
    pub const fn swept_at(&self) -> i64 {
        self.state.swept_at
    }

    /// The last of the users, where they are not whole, and how many they are.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn users_after(&self) -> Outcome<Option<(String, u64)>> {
        #[derive(Deserialize)]
        struct User {
            id: String,
        }
        if self.state.whole.contains_key(Kind::Users.name()) {
            return Ok(None);
        }
        let (mut rows, mut last) = (0, String::new());
        self.read(Kind::Users, &mut |object| {
            rows += 1;
            object.clone_into(&mut last);
            Ok(())
        })?;
        let last: Option<User> = serde_json::from_str(&last).ok();
        Ok(last.map(|user| (user.id, rows)))
    }

    /// Forgets the users: the last one is gone, so nobody knows where they go on.
    ///
    /// # Errors
    /// The file cannot be deleted.
    pub fn drop_users(&mut self) -> Outcome<()> {
        self.drop_kind(Kind::Users)
    }

    /// What became of the kinds that are whole, of those that are wanted.
    pub(super) fn whole(&self, kinds: &[Kind]) -> Vec<Count> {
        let found = kinds.iter().filter_map(|kind| {
            let whole = self.state.whole.get(kind.name())?;
            let mut count = Count::of(*kind);
            count.before = whole.before;
            count.rows = whole.rows;
            count.after = whole.after;
            count.consistent = whole.consistent;
            count.off.clone_from(&whole.off);
            Some(count)
        });
        found.collect()
    }

    /// Gives every object of a kind that is kept.
    pub(super) fn read(
        &self,
        kind: Kind,
        each: &mut dyn FnMut(&str) -> Outcome<()>,
    ) -> Outcome<()> {
        let path = self.file(kind);
        if !path.exists() {
            return Ok(());
        }
        let file = fs::File::open(&path).map_err(|error| failed(&path, &error))?;
        let mut file = BufReader::new(file);
        let mut line = String::new();
        loop {
            line.clear();
            let read = file.read_line(&mut line);
            if read.map_err(|error| failed(&path, &error))? == 0 {
                return Ok(());
            }
            each(line.trim_end())?;
        }
    }

    /// Keeps an object. One that cannot be read may hold a secret, so it is not kept.
    pub(super) fn add(&mut self, kind: Kind, object: &str, urls: bool) -> Outcome<()> {
        let Ok(object) = secret::without(kind, object, urls) else {
            return Ok(());
        };
        let path = self.file(kind);
        let file = match self.files.entry(kind) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                private::prepare(&path).map_err(|error| failed(&path, &error))?;
                let file = fs::OpenOptions::new().append(true).open(&path);
                entry.insert(BufWriter::new(file.map_err(|error| failed(&path, &error))?))
            }
        };
        let line = object.replace(['\r', '\n'], " ");
        file.write_all(line.as_bytes())
            .and_then(|()| file.write_all(b"\n"))
            .map_err(|error| failed(&path, &error))
    }

    /// Gives what was added to the system, which keeps it if this process is killed.
    pub(super) fn flush(&mut self, kind: Kind) -> Outcome<()> {
        let flushed = self.files.get_mut(&kind).map_or(Ok(()), BufWriter::flush);
        flushed.map_err(|error| failed(&self.folder, &error))
    }

    /// Notes that a kind is whole.
    pub(super) fn end(&mut self, count: &Count) -> Outcome<()> {
        // What was asked for since an instant is no whole kind.
        if count.since.is_some() {
            return Ok(());
        }
        let whole = Whole {
            before: count.before,
            rows: count.rows,
            after: count.after,
            consistent: count.consistent,
            off: count.off.clone(),
        };
        self.state
            .whole
            .insert(count.kind().name().to_owned(), whole);
        self.save()
    }

    /// Takes all of it away.
    pub(super) fn remove(self) {
        // What is left does no harm: the next export to the target begins with it or takes it away.
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn file(&self, kind: Kind) -> PathBuf {
        self.folder.join(format!("{}.ndjson", kind.name()))
    }

    fn drop_kind(&mut self, kind: Kind) -> Outcome<()> {
        self.state.whole.remove(kind.name());
        let path = self.file(kind);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(failed(&path, &error))
            }
            _ => Ok(()),
        }
    }

    /// Takes away a line that was cut.
    fn cut_users(&self) -> Outcome<()> {
        let path = self.file(Kind::Users);
        if !path.exists() {
            return Ok(());
        }
        let whole = || -> std::io::Result<()> {
            let mut file = BufReader::new(fs::File::open(&path)?);
            let (mut length, mut line) = (0, Vec::new());
            while file.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
                length += line.len() as u64;
                line.clear();
            }
            fs::OpenOptions::new()
                .write(true)
                .open(&path)?
                .set_len(length)
        };
        whole().map_err(|error| failed(&path, &error))
    }

    fn save(&self) -> Outcome<()> {
        let path = self.folder.join(STATE);
        let text = serde_json::to_vec(&self.state).unwrap_or_default();
        let beside = self.folder.join("state.new");
        let save = || {
            private::prepare(&beside)?;
            fs::write(&beside, text)?;
            fs::rename(&beside, &path)
        };
        save().map_err(|error| failed(&path, &error))
    }
}

fn shown(target: &Target) -> String {
    match target {
        Target::Folder(path) | Target::File(path) => path.display().to_string(),
        Target::Stdout => "-".to_owned(),
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Box<Problem> {
    Problem::io(
        format!("cannot keep what was read in {}", path.display()),
        error,
    )
}

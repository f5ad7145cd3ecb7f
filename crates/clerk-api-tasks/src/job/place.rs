//! Where a job lives: a folder of its own in the state directory, and the lock that says that a process works on it (reliability.md
//! 4.1, 4.9, 9).

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use fs_err as fs;
use ulid::Ulid;

use crate::private;

/// The folder of a job.
#[derive(Debug, Clone)]
pub struct Place {
    id: Ulid,
    folder: PathBuf,
}

/// Says that this process works on a job; the kernel takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not read")] File);

impl Place {
    /// Makes the folder of a new job. `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// The folder cannot be made, or a part of its path is a link.
    pub fn make(jobs: &Path, now: u64) -> Outcome<Self> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|error| Problem::io("cannot name the job", &error))?;
        let id = Ulid::from_parts(now, u128::from_be_bytes(random));
        private_folder(jobs)?;
        let folder = jobs.join(id.to_string());
        private_folder(&folder)?;
        Ok(Self { id, folder })
    }

    /// The place of a job that exists. Its id may be shortened, as long as only one job begins so.
    ///
    /// # Errors
    /// No job, or several, have this id.
    pub fn find(jobs: &Path, id: &str) -> Outcome<Self> {
        let wanted = id.to_ascii_uppercase();
        let all = Self::all(jobs)?;
        let mut fitting = all
            .into_iter()
            .filter(|place| place.id().starts_with(&wanted));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) if !wanted.is_empty() => Ok(one),
            (Some(_), Some(_)) => Err(Problem::usage(format!(
                "several jobs have an id that begins with {id}"
            ))
            .hint("`clerk-api jobs list` shows the ids")),
            _ => Err(Problem::new(
                ProblemKind::Absent,
                "not_found",
                format!("there is no job {id:?}"),
            )
            .hint("`clerk-api jobs list` shows the jobs")),
        }
    }

    /// All jobs, the newest first. A folder that is not a job's is passed over.
    ///
    /// # Errors
    /// The folder of the jobs cannot be read.
    pub fn all(jobs: &Path) -> Outcome<Vec<Self>> {
        let entries = match fs::read_dir(jobs) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Problem::io("cannot list the jobs", &error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Problem::io("cannot list the jobs", &error))?;
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| Ulid::from_string(name).ok());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if let Some(id) = id.filter(|_| is_folder) {
                found.push(Self {
                    id,
                    folder: entry.path(),
                });
            }
        }
        found.sort_by_key(|place| std::cmp::Reverse(place.id));
        Ok(found)
    }

    /// The job's id.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// When the job was made, in milliseconds since 1970.
    #[must_use]
    pub const fn made_at(&self) -> u64 {
        self.id.timestamp_ms()
    }

    /// The place of another job in the same folder.
    ///
    /// # Errors
    /// No job has this id.
    pub fn beside(&self, id: &str) -> Outcome<Self> {
        Self::find(self.folder.parent().unwrap_or(&self.folder), id)
    }

    /// The folder that all of it is in.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The database of the job.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.folder.join("job.db")
    }

    /// What objects were like before they were changed, for undoing.
    #[must_use]
    pub fn backup(&self) -> PathBuf {
        self.folder.join("backup.ndjson")
    }

    /// Where input is kept that came through a pipe or stood on the command line.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        self.folder.join("input.spool")
    }

    /// Keeps an input that no file of the user holds, as one that came through a pipe.
    ///
    /// # Errors
    /// It cannot be written, or there is one already.
    pub fn write_spool(&self, input: &str) -> Outcome<()> {
        let mut file = private_file(&self.spool(), false)?;
        let written = file.write_all(input.as_bytes());
        written
            .and_then(|()| file.sync_all())
            .map_err(|error| Problem::io("cannot keep the input", &error))
    }

    /// Where rows are kept that no file of the user holds.
    #[must_use]
    pub fn rows(&self) -> PathBuf {
        self.folder.join("rows.ndjson")
    }

    /// Takes the job for this process.
    ///
    /// # Errors
    /// Another process has it.
    pub fn lock(&self) -> Outcome<Lock> {
        let path = self.folder.join("lock");
        let file = private_file(&path, true)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(std::fs::TryLockError::WouldBlock) => Err(Problem::new(
                ProblemKind::Locked,
                "locked",
                format!("another process works on the job {}", self.id),
            )
            .hint("wait until it ends, or stop it; the job continues where it is then")),
            Err(std::fs::TryLockError::Error(error)) => {
                Err(Problem::io("cannot lock the job", &error))
            }
        }
    }

    /// Whether a process works on the job now.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.lock(), Err(problem) if problem.kind == ProblemKind::Locked)
    }

    /// Deletes everything that is kept of the job.
    ///
    /// # Errors
    /// Something of it cannot be deleted.
    pub fn remove(&self) -> Outcome<()> {
        let _lock = self.lock()?;
        fs::remove_dir_all(&self.folder)
            .map_err(|error| Problem::io("cannot delete the job", &error))
    }
}

/// The place of a job that does not run yet. Everything in it goes when this is dropped, unless the place is kept.
#[derive(Debug)]
pub struct NewPlace {
    place: Place,
    is_kept: bool,
}

impl NewPlace {
    /// Makes a place. `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// As those of [`Place::make`].
    pub fn make(jobs: &Path, now: i64) -> Outcome<Self> {
        Ok(Self {
            place: Place::make(jobs, u64::try_from(now).unwrap_or_default())?,
            is_kept: false,
        })
    }

    /// Keeps the place: from here on its job exists.
    pub fn keep(mut self) -> Place {
        self.is_kept = true;
        self.place.clone()
    }
}

impl Deref for NewPlace {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Drop for NewPlace {
    fn drop(&mut self) {
        if !self.is_kept {
            // What stays is a folder of a job that never began, which goes by itself after a day.
            let _ = self.place.remove();
        }
    }
}

/// A folder that only its owner can open, and that is no link: it could lead the job's data elsewhere.
fn private_folder(path: &Path) -> Outcome<()> {
    private::folder(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::Other => Problem::refused(error.to_string()),
        _ => Problem::io(format!("cannot make the folder {}", path.display()), &error),
    })
}

/// A file that only its owner can open, and that is no link.
pub(crate) fn private_file(path: &Path, keep: bool) -> Outcome<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    if keep {
        options.create(true).truncate(false);
    } else {
        options.create_new(true);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
        #[expect(clippy::cast_possible_wrap, reason = "the flag is one bit")]
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    }
    options
        .open(path)
        .map_err(|error| Problem::io(format!("cannot open {}", path.display()), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_4_9_a_job_belongs_to_one_process_at_a_time() {
        let jobs = tempfile::tempdir().unwrap();
        let place = Place::make(jobs.path(), 1_700_000_000_000).unwrap();
        let held = place.lock().unwrap();
        assert_eq!(place.lock().unwrap_err().kind, ProblemKind::Locked);
        assert!(place.is_locked());
        assert_eq!(place.remove().unwrap_err().kind, ProblemKind::Locked);
        drop(held);
        place.remove().unwrap();
        assert!(Place::all(jobs.path()).unwrap().is_empty());
    }

    #[test]
    fn a_job_is_found_by_the_beginning_of_its_id() {
        let jobs = tempfile::tempdir().unwrap();
        let old = Place::make(jobs.path(), 1_700_000_000_000).unwrap();
        let new = Place::make(jobs.path(), 1_800_000_000_000).unwrap();
        fs::create_dir(jobs.path().join("something else")).unwrap();
        let ids: Vec<String> = Place::all(jobs.path())
            .unwrap()
            .iter()
            .map(Place::id)
            .collect();
        assert_eq!(ids, [new.id(), old.id()]);
        let found = Place::find(jobs.path(), &old.id()[..12].to_lowercase()).unwrap();
        assert_eq!(found.id(), old.id());
        assert_eq!(found.made_at(), 1_700_000_000_000);
        for unknown in ["", "0", "x", "../.."] {
            assert!(Place::find(jobs.path(), unknown).is_err(), "{unknown}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn reliability_9_a_job_is_private_and_follows_no_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let jobs = home.path().join("jobs");
        let place = Place::make(&jobs, 1).unwrap();
        let _lock = place.lock().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&jobs), 0o700);
        assert_eq!(mode(&place.folder), 0o700);
        assert_eq!(mode(&place.folder.join("lock")), 0o600);
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&jobs, &link).unwrap();
        assert_eq!(
            Place::make(&link, 2).unwrap_err().kind,
            ProblemKind::Refused
        );
    }
}

//! A job as a whole: made from a work, found again, planned, run.

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use futures_util::future::LocalBoxFuture;

use super::decide::Decider;
use super::journal::{Database, Entry, INCOMPLETE, Meta, Phase, Scan};
use super::keys::{hashed, hex};
use super::place::{Lock, Place};
use super::plan::{NotBack, Plan};
use super::room;
use super::state::Counts;
use super::work::Work;
use crate::governor::Governor;

/// A job that this process works on.
pub struct Job {
    pub(super) place: Place,
    pub(super) meta: Meta,
    pub(super) lock: Option<Lock>,
    pub(super) database: Database,
}

impl Job {
    /// Makes a job: writes down what it is and all of its rows. Nothing is sent. `meta.salt` is set here.
    ///
    /// # Errors
    /// The input or the journal fails, or the disk has too little room. What was made of the job is deleted then.
    pub fn make(place: Place, meta: Meta, work: &dyn Work) -> Outcome<Self> {
        room::check(place.folder(), 0)?;
        let job = Self::write_down(place, meta, work)?;
        let counts = job.counts();
        match counts.and_then(|counts| room::check(job.place.folder(), counts.total())) {
            Ok(()) => Ok(job),
            Err(problem) => {
                job.discard();
                Err(problem)
            }
        }
    }

    /// As [`Self::make`], however little room there is.
    pub(super) fn write_down(place: Place, mut meta: Meta, work: &dyn Work) -> Outcome<Self> {
        let lock = place.lock()?;
        let mut salt = [0_u8; 16];
        getrandom::fill(&mut salt).map_err(|error| Problem::io("cannot make the job", &error))?;
        meta.salt = hex(&salt);
        let database = Database::make(&place.database(), &meta)?;
        let mut job = Self {
            place,
            meta,
            lock: Some(lock),
            database,
        };
        match job.fill(work) {
            Ok(()) => Ok(job),
            Err(problem) => {
                job.discard();
                Err(problem)
            }
        }
    }

    fn fill(&mut self, work: &dyn Work) -> Outcome<()> {
        let salt = self.meta.salt.clone();
        let mut left_out = 0;
        self.database.fill(|write| {
            left_out = work.scan(&mut |row| {
                write(Scan {
                    at: row.at,
                    key: row.key.as_deref().map(|key| hashed(&salt, key)),
                    invalid: row.call.err().map(|problem| said(&problem)),
                })
            })?;
            Ok(())
        })?;
        self.database.mark_doubles()?;
        self.database.set_left_out(left_out)?;
        // From here on the job exists.
        self.database.set_phase(&Phase::Planned)
    }

    /// Opens a job that exists, for this process alone.
    ///
    /// # Errors
    /// Another process works on it, or its journal cannot be read.
    pub fn open(place: Place) -> Outcome<Self> {
        let lock = place.lock()?;
        let database = Database::open(&place.database())?;
        let meta = database.meta()?;
        Ok(Self {
            place,
            meta,
            lock: Some(lock),
            database,
        })
    }

    /// Opens a job to look at it, also while a process works on it.
    ///
    /// # Errors
    /// Its journal cannot be read.
    pub fn read(place: Place) -> Outcome<Self> {
        let database = Database::open(&place.database())?;
        let meta = database.meta()?;
        Ok(Self {
            place,
            meta,
            lock: None,
            database,
        })
    }

    /// The unfinished job that does the same to the same input, the newest first, or the one of this name. Of finished ones only those
    /// that ended after `since` (milliseconds since 1970) count.
    ///
    /// # Errors
    /// The folder of the jobs cannot be read.
    pub fn same(jobs: &Path, meta: &Meta, since: i64) -> Outcome<Option<(Place, Phase)>> {
        for place in Place::all(jobs)? {
            // A job that is being made, or whose journal is damaged, is not the one.
            let Ok(database) = Database::open(&place.database()) else {
                continue;
            };
            let (Ok(other), Ok(phase)) = (database.meta(), database.phase()) else {
                continue;
            };
            let is_same = match &meta.job_key {
                Some(key) => other.job_key.as_ref() == Some(key) && other.instance == meta.instance,
                None => meta.does_the_same_as(&other),
            };
            let counts = match phase {
                Phase::Ended { at } => at >= since || meta.job_key.is_some(),
                Phase::Cancelled { .. } => false,
                _ => true,
            };
            // One without rows did nothing.
            let is_empty = || database.counts().is_ok_and(|counts| counts.total() == 0);
            if is_same && counts && (meta.job_key.is_some() || !is_empty()) {
                return Ok(Some((place, phase)));
            }
        }
        Ok(None)
    }

    /// Whether a problem says that a process ended while it wrote a job down: nothing was sent, and the rest can go.
    #[must_use]
    pub fn is_incomplete(problem: &Problem) -> bool {
        problem.code == INCOMPLETE
    }

    /// Where it lives.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What it is.
    #[must_use]
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// How far it is.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn phase(&self) -> Outcome<Phase> {
        self.database.phase()
    }

    /// How many rows are in each state.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn counts(&self) -> Outcome<Counts> {
        self.database.counts()
    }

    /// Rows in their order behind this number, at most so many.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn rows(&self, after: u64, most: usize) -> Outcome<Vec<Entry>> {
        self.database.entries(after, most)
    }

    /// How often requests were sent for rows.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn attempts(&self) -> Outcome<u64> {
        self.database.attempts()
    }

    /// How many rows of the input do not belong to the job.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn left_out(&self) -> Outcome<u64> {
        self.database.left_out()
    }

    /// Looks at what is there and says what the job will do; sends nothing.
    ///
    /// # Errors
    /// What is there cannot be looked at, or the input changed.
    pub fn plan<'a>(
        &'a self,
        work: &'a dyn Work,
        decider: &'a Decider,
        governor: Option<&'a Governor>,
        not_back: NotBack,
    ) -> LocalBoxFuture<'a, Outcome<Plan>> {
        Box::pin(Plan::make(
            work,
            decider,
            &self.database,
            governor,
            not_back,
        ))
    }

    /// Refuses to continue with another instance than the job was made for (reliability.md 4.7).
    ///
    /// # Errors
    /// It is another one.
    pub fn check_instance(&self, instance: &str) -> Outcome<()> {
        if self.meta.instance == instance {
            return Ok(());
        }
        let message = format!(
            "the job {} is for the instance {}, and the key is for {instance}",
            self.place.id(),
            self.meta.instance
        );
        Err(
            Problem::new(ProblemKind::Changed, "wrong_instance", message)
                .hint("nothing was sent; use the key of that instance"),
        )
    }

    /// Cancels what is left of the job: its rows stay as they are. `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn cancel(&self, now: i64) -> Outcome<()> {
        self.database.set_phase(&Phase::Cancelled { at: now })
    }

    /// Deletes a job that sent nothing.
    fn discard(self) {
        let Self {
            place,
            lock,
            database,
            ..
        } = self;
        drop(database);
        drop(lock);
        // What stays is a folder without rows, which `jobs forget` removes.
        let _ = place.remove();
    }
}

/// A problem in one sentence.
fn said(problem: &Problem) -> String {
    let mut text = problem.message.clone();
    for cause in &problem.causes {
        text.push_str(": ");
        text.push_str(cause);
    }
    text
}

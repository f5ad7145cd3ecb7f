//! Undoing a job: a job of its own, whose rows are those that the old job did.
//!
//! What the old job kept of each request says what was there before. Each object is looked at first, and one that somebody changed
//! since is left alone. `table` says which operation undoes which.

mod backup;
mod judge;
mod look;
mod lost;
mod metadata;
mod newcomers;
mod part;
mod rows;
mod table;

use std::cell::RefCell;
use std::io::Write as _;
use std::path::Path;

use clerk_api::declare::{Effect, Meta};
use clerk_api_admin::call::{Call, operation};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};

use crate::fresh::Fresh;
use crate::job::backup::line;
use crate::job::{Decider, Deciding, Job, Phase, Place, Scanned, State, Step, Task, Work};
use crate::rows::Position;
use backup::Backup;
use look::Invitations;
pub use lost::Lost;
use part::part;
use table::{Inverse, inverse};

/// Undoes what a job did.
pub struct UndoWork {
    job: Job,
    backup: Backup,
    invitations: Invitations,
    /// What the rows lose that were decided so far.
    lost: RefCell<Lost>,
    /// The first row behind what was made before the old job; 0 where nothing was.
    begins: u64,
}

/// So many rows are read from a journal at once.
const CHUNK: usize = 1000;

/// Whether an operation can be undone.
#[must_use]
pub fn is_undoable(op: &str) -> bool {
    inverse(op).is_ok()
}

/// What no undo brings back of a request, in words.
#[must_use]
pub fn not_back(step: &Step) -> Vec<String> {
    let Call { meta, args, .. } = &step.call;
    let mut lost = Lost::default();
    let is_silent = args.get("notify").is_some_and(|on| on.get() == "false");
    let mails = meta.effect == Effect::Mail && !is_silent;
    if mails {
        lost.add("emails that go out");
    }
    let kept = line(0, 0, step).and_then(|line| serde_json::from_str(&line).ok());
    // What it makes can be taken away by its id, whatever that will be.
    match kept.map(|line| part(line, Some("new"))) {
        Some(Ok(part)) => {
            lost.add_all(&part.lost);
            if matches!(part.inverse, Inverse::Anew(_)) {
                lost.add("ids");
            }
        }
        Some(Err(reason)) if !mails => lost.add(format!("{}: {reason}", meta.name)),
        _ => {}
    }
    lost.iter().map(|(what, _)| what.to_owned()).collect()
}

impl UndoWork {
    /// The work of undoing a job that is over.
    ///
    /// # Errors
    /// It is not over, or nothing was kept of what was there before.
    pub fn open(place: Place) -> Outcome<Self> {
        let job = Job::read(place)?;
        let (id, phase) = (job.place().id(), job.phase()?);
        if job.place().is_locked() {
            let message = format!("cannot undo the job {id}: a process works on it");
            return Err(Problem::new(ProblemKind::Locked, "locked", message)
                .hint("wait until it ends, or stop it"));
        }
        if !matches!(phase, Phase::Ended { .. } | Phase::Cancelled { .. }) {
            let message = format!("cannot undo the job {id}: it is not finished");
            return Err(Problem::refused(message).hint(format!(
                "`clerk-api jobs resume {id}` finishes it, `clerk-api jobs cancel {id}` gives up the rest; then undo it"
            )));
        }
        let backup = Backup::open(&job.place().backup())?;
        let mut work = Self {
            job,
            backup,
            invitations: Invitations::default(),
            lost: RefCell::default(),
            begins: 0,
        };
        work.begins = work.first_row()?;
        Ok(work)
    }

    /// The job that is undone.
    #[must_use]
    pub const fn job(&self) -> &Job {
        &self.job
    }

    /// The SHA-256 of what was kept, in hex.
    #[must_use]
    pub fn sha256(&self) -> String {
        self.backup.sha256.clone()
    }

    /// The operation that decides what is asked before: of all that undo the job, the one that does most harm.
    ///
    /// # Errors
    /// Nothing of the job can be undone.
    pub fn operation(&self) -> Outcome<&'static Meta> {
        let mut worst: Option<&'static Meta> = None;
        let mut reasons = Vec::new();
        for op in &self.backup.ops {
            let undone_by = match inverse(op) {
                Ok(Inverse::Opposite(by) | Inverse::Take(by) | Inverse::Anew(by)) => by,
                Ok(Inverse::Join) => "organizations.add_member",
                Ok(Inverse::Fields | Inverse::Merge | Inverse::Whole) => op,
                Err(reason) => {
                    reasons.push(format!("{op}: {reason}"));
                    continue;
                }
            };
            let meta = operation(undone_by)?;
            if worst.is_none_or(|worst| harm(meta) > harm(worst)) {
                worst = Some(meta);
            }
        }
        worst.ok_or_else(|| {
            let problem = Problem::refused(format!(
                "the job {} cannot be undone",
                self.job.place().id()
            ));
            reasons.into_iter().fold(problem, Problem::cause)
        })
    }

    /// What became of the objects of an undo that ran: what they lost, and each that was made anew, by its old and its new id.
    ///
    /// # Errors
    /// A journal cannot be read, or what was kept changed.
    pub fn outcome(
        &self,
        undo: &Job,
        mut anew: impl FnMut(&str, &str) -> Outcome<()>,
    ) -> Outcome<Lost> {
        let mut lost = Lost::default();
        let mut after = 0;
        loop {
            let entries = undo.rows(after, CHUNK)?;
            let Some(last) = entries.last() else {
                return Ok(lost);
            };
            after = last.at.number;
            for entry in &entries {
                if !matches!(entry.state, State::Done | State::DoneReconciled) {
                    continue;
                }
                for part in self.parts(entry.at.number)?.into_iter().flatten() {
                    lost.add_all(&part.lost);
                    if let (Inverse::Anew(_), Some(old), Some(new)) =
                        (part.inverse, part.before["id"].as_str(), &entry.id)
                    {
                        anew(old, new)?;
                    }
                }
            }
        }
    }

    /// The number under which it was kept what a row of the undo is about: first what was made before the old job, then its rows.
    fn old(&self, number: u64) -> u64 {
        let made = self.backup.made.len() as u64;
        if number > made {
            return number - made;
        }
        let first = self.backup.made.first_key_value();
        first.map_or(0, |(first, _)| first + number - 1)
    }

    /// The first of the old job's rows, where something was made before them.
    fn first_row(&self) -> Outcome<u64> {
        let made = self.backup.made.len() as u64;
        if made == 0 {
            return Ok(0);
        }
        let mut after = 0;
        loop {
            let entries = self.job.rows(after, CHUNK)?;
            let Some(last) = entries.last() else {
                return Ok(0);
            };
            after = last.at.number;
            let mut rows = entries
                .iter()
                .filter(|entry| self.counts(entry.at.number, entry.state));
            if let Some(first) = rows.next() {
                return Ok(first.at.number + made);
            }
        }
    }

    /// A row of the undo. The old job's rows are about one object each.
    fn scanned(&self, number: u64, line: u64) -> Outcome<Scanned> {
        let mut at = Position {
            number,
            line,
            offset: 0,
            length: 0,
            hash: [0; 16],
        };
        if let Some(spot) = self.backup.spot(self.old(number)) {
            (at.offset, at.length) = (spot.offset, spot.length);
            at.hash = self.backup.bytes(spot)?.1;
        }
        Ok(Scanned {
            at,
            call: Ok(Call::new(operation(&self.job.meta().operation)?)),
            key: None,
        })
    }

    /// Whether the old job's row is one to be undone: it was done, or something was sent for it that may have been done.
    fn counts(&self, number: u64, state: State) -> bool {
        match state {
            State::Done | State::DoneReconciled => true,
            // Sent once without an answer, and found to be so when it was looked at again.
            State::SkippedExisting | State::SkippedAbsent | State::Unknown => {
                self.backup.spot(number).is_some()
            }
            _ => false,
        }
    }
}

impl Work for UndoWork {
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64> {
        let made = self.backup.made.len() as u64;
        for number in 1..=made {
            each(self.scanned(number, 0)?)?;
        }
        let (mut after, mut left_out) = (0, 0);
        loop {
            let entries = self.job.rows(after, CHUNK)?;
            let Some(last) = entries.last() else {
                break;
            };
            after = last.at.number;
            for entry in entries {
                if !self.counts(entry.at.number, entry.state) {
                    left_out += 1;
                    continue;
                }
                each(self.scanned(entry.at.number + made, entry.at.line)?)?;
            }
        }
        Ok(left_out)
    }

    /// With an organization go all who are in it, so they are looked at when it is gone or stays.
    fn waits(&self, number: u64) -> bool {
        number == self.begins
    }

    fn reread(&self, at: Position) -> Outcome<Call> {
        self.first_call(at)
    }

    fn decide<'a>(&'a self, decider: &'a Decider, tasks: Vec<Task>) -> Deciding<'a> {
        Box::pin(async move { self.decided(decider, &tasks).await })
    }

    fn lost(&self) -> Option<Vec<(String, u64)>> {
        let lost = self.lost.borrow();
        let lost = lost.iter().map(|(what, count)| (what.to_owned(), count));
        Some(lost.collect())
    }
}

fn harm(meta: &Meta) -> u8 {
    match meta.effect {
        Effect::Destroy => 4,
        Effect::Replace => 3,
        Effect::Mail | Effect::Once => 2,
        Effect::Create => 1,
        _ => 0,
    }
}

/// A file of old and new ids, as CSV.
#[derive(Debug)]
pub struct Ids(Fresh);

impl Ids {
    /// Begins the file.
    ///
    /// # Errors
    /// The file exists and must not be replaced, or cannot be written.
    pub fn create(path: &Path, replaces: bool) -> Outcome<Self> {
        let mut ids = Self(Fresh::create(path, replaces)?);
        ids.add("old", "new")?;
        Ok(ids)
    }

    /// Adds an object.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, old: &str, new: &str) -> Outcome<()> {
        writeln!(self.0, "{old},{new}")
            .map_err(|error| Problem::io("cannot write the file of ids", &error))
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// It cannot be written, or another file has taken its place meanwhile.
    pub fn finish(self) -> Outcome<()> {
        self.0.finish()
    }
}

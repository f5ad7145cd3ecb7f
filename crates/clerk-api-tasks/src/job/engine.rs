//! Runs a job: looks at what is there, writes down what it will send, sends it, and writes down what became of it (reliability.md 4.5).

mod batch;
mod breaker;
mod doubt;
mod send;
mod slots;
mod stage;
mod unwritable;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use clerk_api::Client;
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use futures_util::future::LocalBoxFuture;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use super::decide::Decider;
use super::event::{Event, Watch};
use super::journal::{Database, Ended, Phase, Report, Writer};
use super::state::{Counts, State};
use super::store::Job;
use super::timing::Timing;
use super::work::Work;
use crate::governor::{Governor, WallClock};

use breaker::Breaker;
use send::Ready;
use slots::Slots;
use unwritable::Unwritable;

/// How a face asks a job to end: no row is begun any more, and responses in flight are waited for.
#[derive(Debug, Clone)]
pub struct Control(watch::Sender<bool>);

impl Default for Control {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Control {
    /// Asks the job to end.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Why a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum End {
    /// Every row is in its last state.
    Finished,
    /// Somebody asked for it; what is left can be continued.
    Stopped,
    /// It waits for something, and can be continued.
    Parked(Box<Problem>),
}

/// What a run works with.
pub struct Engine<'e> {
    /// The client of all requests.
    pub client: Client,
    /// Who gives permits, so that the job can tell what it waits for.
    pub governor: Option<Arc<Governor>>,
    /// The time of day.
    pub wall: Arc<dyn WallClock>,
    /// How much the server's clock is ahead of ours, in milliseconds.
    pub skew: i64,
    /// How long is waited for what.
    pub timing: Timing,
    /// Never send twice what could be done twice, whatever looking shows.
    pub at_most_once: bool,
    /// Keep what objects were like before they are changed.
    pub backup: bool,
    /// Receives the events.
    pub watch: &'e dyn Watch,
    /// How it is asked to end.
    pub control: Control,
}

/// What the stages of a run share.
struct Run<'r, 'e> {
    engine: &'r Engine<'e>,
    work: &'r dyn Work,
    decider: &'r Decider,
    /// For the rows' own requests.
    client: Client,
    writer: Writer,
    reader: Database,
    counts: RefCell<Counts>,
    results: RefCell<Vec<Ended>>,
    breaker: RefCell<Breaker>,
    /// Why it has to end before all rows are done.
    halt: RefCell<Option<Halt>>,
    refusals: Cell<(Option<u16>, u32)>,
    batches: Cell<u64>,
    /// The job's id.
    job: String,
    /// How long the journal cannot be written.
    unwritable: Unwritable,
    /// How many requests are claimed and have no result yet.
    claimed: Cell<usize>,
    /// Raised when one got its result.
    landed: Notify,
    /// Those of them that are in flight.
    slots: Slots,
    /// Rows that are to be sent once more, alone.
    again: RefCell<VecDeque<Ready>>,
}

/// Why a run ends early.
#[derive(Debug)]
enum Halt {
    Stopped,
    Parked(Box<Problem>),
    /// The journal cannot be written (4.10).
    Disk(Box<Problem>),
}

impl Job {
    /// Runs the job until every row is in its last state, or it has to end before.
    ///
    /// # Errors
    /// The journal cannot be written, or the input changed. What was written down before stays true.
    pub fn run<'a>(
        self,
        work: &'a dyn Work,
        decider: &'a Decider,
        engine: &'a Engine<'_>,
    ) -> LocalBoxFuture<'a, Outcome<(Self, End)>> {
        // Boxed, so that it is compiled here and not in every crate that runs jobs.
        Box::pin(self.run_all(work, decider, engine))
    }

    async fn run_all(
        self,
        work: &dyn Work,
        decider: &Decider,
        engine: &Engine<'_>,
    ) -> Outcome<(Self, End)> {
        let Self {
            place,
            meta,
            lock,
            database,
        } = self;
        let counts = database.counts()?;
        database.set_phase(&Phase::Running)?;
        let run = Run {
            engine,
            work,
            decider,
            client: engine.patient_client(),
            writer: Writer::start(database, &place.backup())?,
            reader: Database::open(&place.database())?,
            counts: RefCell::new(counts),
            results: RefCell::default(),
            breaker: RefCell::new(Breaker::new(&engine.timing)),
            halt: RefCell::default(),
            refusals: Cell::default(),
            batches: Cell::new(u64::try_from(engine.now()).unwrap_or_default()),
            job: place.id(),
            unwritable: Unwritable::default(),
            claimed: Cell::default(),
            landed: Notify::new(),
            slots: Slots::default(),
            again: RefCell::default(),
        };
        let ended = run.all().await;
        let (database, end) = run.close(ended).await?;
        Ok((
            Self {
                place,
                meta,
                lock,
                database,
            },
            end,
        ))
    }
}

impl Engine<'_> {
    /// Now by the server's clock, in milliseconds since 1970.
    fn now(&self) -> i64 {
        self.wall.micros() / 1000 + self.skew
    }

    /// The client of the requests for rows.
    fn patient_client(&self) -> Client {
        let mut policy = self.timing.policy.clone();
        policy.at_most_once = self.at_most_once;
        self.client.with_policy(policy)
    }

    fn is_stopped(&self) -> bool {
        *self.control.0.borrow()
    }
}

impl Run<'_, '_> {
    /// All passes over the rows.
    async fn all(&self) -> Outcome<()> {
        self.settle_sent().await?;
        for deferred in [false, true] {
            if self.halt.borrow().is_none() {
                self.pass(deferred).await?;
            }
        }
        if self.halt.borrow().is_none() && !self.engine.at_most_once {
            self.look_again().await?;
        }
        Ok(())
    }

    /// Ends the run: what is known is written down, and how far the job is.
    async fn close(self, ended: Outcome<()>) -> Outcome<(Database, End)> {
        if let Err(problem) = ended {
            self.halt_for(problem);
        }
        self.flush().await;
        let halt = self.halt.borrow_mut().take();
        let now = self.engine.wall.micros() / 1000;
        let (phase, end) = match halt {
            None => (Phase::Ended { at: now }, End::Finished),
            Some(Halt::Stopped) => (Phase::stopped(), End::Stopped),
            Some(Halt::Parked(problem)) => {
                let after = problem
                    .retry_after_s
                    .map(|seconds| now + (seconds * 1000.0) as i64);
                (parked(&problem.message, after), End::Parked(problem))
            }
            Some(Halt::Disk(problem)) => return Err(problem),
        };
        self.writer.phase(phase).await?;
        Ok((self.reader, end))
    }

    /// Remembers why the run has to end. The first reason counts, but a full disk goes before everything.
    fn halt(&self, reason: Halt) {
        let mut halt = self.halt.borrow_mut();
        if halt.is_none() || matches!(reason, Halt::Disk(_)) {
            *halt = Some(reason);
        }
    }

    fn halt_for(&self, problem: Box<Problem>) {
        let reason = match problem.kind {
            ProblemKind::Io | ProblemKind::Changed | ProblemKind::Usage => Halt::Disk(problem),
            _ => Halt::Parked(problem),
        };
        self.halt(reason);
    }

    fn goes_on(&self) -> bool {
        if self.engine.is_stopped() {
            self.halt(Halt::Stopped);
        }
        self.halt.borrow().is_none()
    }

    /// Notes the state that a row got; it is written down with the next ones.
    fn ended(&self, number: u64, from: State, state: State, deferred: bool, report: Report) {
        self.engine.watch.tell(&Event::Row {
            number,
            state,
            report: &report,
        });
        self.counts.borrow_mut().moved(from, state);
        let at = self.engine.wall.micros() / 1000;
        self.results.borrow_mut().push(Ended {
            number,
            state,
            deferred,
            report,
            at,
        });
    }

    /// Writes down what is known.
    async fn flush(&self) {
        let results = std::mem::take(&mut *self.results.borrow_mut());
        if !results.is_empty()
            && let Err(first) = self.store(results).await
        {
            self.halt(Halt::Disk(first));
        }
        let counts = *self.counts.borrow();
        self.engine.watch.tell(&Event::Progress(counts));
    }

    /// Tries for a while to write down the results of requests: without them they would have to be settled by looking (4.10).
    async fn store(&self, results: Vec<Ended>) -> Outcome<()> {
        loop {
            match self.writer.end(results.clone()).await {
                Ok(()) => {
                    self.unwritable.ends();
                    return Ok(());
                }
                Err(problem) if self.unwritable.is_over(Instant::now()) => return Err(problem),
                Err(_) => sleep(Duration::from_millis(500)).await,
            }
        }
    }

    fn wait(&self, reason: &str, wait: Duration) {
        self.engine.watch.tell(&Event::Waiting { reason, wait });
    }
}

fn parked(reason: &str, resume_after: Option<i64>) -> Phase {
    Phase::Parked {
        reason: reason.to_owned(),
        resume_after,
    }
}

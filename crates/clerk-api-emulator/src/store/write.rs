//! The writing thread. Jobs that wait together share a transaction, each in a savepoint of its own,
//! and are answered only after the commit (reliability 11.6).

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::content::Content;
use super::listener::Listener;
use super::memory::{Memory, Opaque};
use super::tx::Tx;
use super::{StoreError, Writing, execute, search};

/// Most jobs of one transaction, so that other processes get their turn.
const BATCH: usize = 256;
/// How long nothing must arrive before the thread sees to the search indexes.
const IDLE: Duration = Duration::from_millis(100);

/// What the thread is given to do.
enum Job {
    InBatch(Work),
    /// Has the connection to itself, outside of any transaction.
    Alone(Box<dyn FnOnce(&mut Connection) + Send>),
}

/// Does its work, then returns what tells the caller once the commit is known.
type Work = Box<dyn FnOnce(Result<&Tx<'_>, StoreError>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// How the rest of a batch is kept from a job that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// What the job wrote is undone. Copies every page that the job touches.
    Savepoint,
    /// The job fails, if it does, before its first write.
    ChecksFirst,
}

pub(super) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    pub(super) fn start(
        db: Connection,
        content: &'static Content,
        initial: Opaque,
        listener: Arc<dyn Listener>,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("clerk-writer".to_owned())
            .spawn(move || {
                let serving = Serving {
                    content,
                    listener: &*listener,
                    queue: &queue,
                    memory: Rc::new(Memory::new(initial)),
                };
                serving.run(db);
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) async fn run<T, E>(&self, guard: Guard, work: Writing<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Work = Box::new(move |tx| {
            let outcome = match (tx, guard) {
                (Ok(tx), Guard::Savepoint) => in_savepoint(tx, work),
                (Ok(tx), Guard::ChecksFirst) => in_the_open(tx, work),
                (Err(error), _) => Err(error.into()),
            };
            Box::new(move |committed: Result<(), StoreError>| {
                // A caller that has hung up does not matter.
                let _ = tell.send(committed.map_err(E::from).and(outcome));
            })
        });
        self.send(Job::InBatch(job))?;
        told.await.unwrap_or_else(|_| {
            Err(StoreError::Broken("Writing to the database failed badly.").into())
        })
    }

    /// Runs something that needs the connection itself, after all that came before it. Blocks.
    pub(super) fn alone<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> T + Send + 'static,
    {
        let (tell, told) = mpsc::channel();
        self.send(Job::Alone(Box::new(move |db| {
            // Without a response the caller learns that this went badly.
            if let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| work(db))) {
                let _ = tell.send(outcome);
            }
        })))?;
        told.recv()
            .map_err(|_| StoreError::Broken("Working on the database failed badly."))
    }

    fn send(&self, job: Job) -> Result<(), StoreError> {
        let sent = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(job).is_ok());
        if sent {
            Ok(())
        } else {
            Err(StoreError::Broken("The database has been closed."))
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn in_the_open<T, E: From<StoreError>>(tx: &Tx<'_>, work: Writing<T, E>) -> Result<T, E> {
    let before = tx.db.total_changes();
    let outcome = contained(tx, work);
    // Half a job must not be committed: the whole batch is dropped, and everyone in it gets the error.
    if outcome.is_err() && tx.db.total_changes() != before && !tx.db.is_autocommit() {
        tx.memory.settle(false);
        execute(tx.db, "ROLLBACK")?;
    }
    outcome
}

/// A panic must not take the thread, and every other caller, with it.
fn contained<T, E: From<StoreError>>(tx: &Tx<'_>, work: Writing<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(|| work(tx)))
        .unwrap_or_else(|_| Err(StoreError::Broken("The request could not be carried out.").into()))
}

fn in_savepoint<T, E: From<StoreError>>(tx: &Tx<'_>, work: Writing<T, E>) -> Result<T, E> {
    execute(tx.db, "SAVEPOINT job")?;
    let outcome = contained(tx, work);
    // A full disk rolls the whole transaction back by itself; then there is no savepoint left.
    if outcome.is_err() && !tx.db.is_autocommit() {
        tx.memory.settle(false);
        execute(tx.db, "ROLLBACK TO job")?;
    }
    if !tx.db.is_autocommit() {
        execute(tx.db, "RELEASE job")?;
    }
    outcome
}

/// What the thread works with.
struct Serving<'a> {
    content: &'a Content,
    listener: &'a dyn Listener,
    queue: &'a Receiver<Job>,
    memory: Rc<Memory>,
}

impl Serving<'_> {
    fn run(&self, mut db: Connection) {
        // Another process may have left something to index.
        let mut unsearched = true;
        loop {
            let first = if unsearched {
                match self.queue.recv_timeout(IDLE) {
                    Ok(job) => job,
                    Err(RecvTimeoutError::Timeout) => {
                        unsearched = index_some(&db, self.content);
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            } else {
                let Ok(job) = self.queue.recv() else { return };
                job
            };
            let mut next = Some(first);
            while let Some(job) = next {
                next = match job {
                    Job::InBatch(work) => self.batch(&db, work),
                    Job::Alone(work) => {
                        work(&mut db);
                        self.memory.forget();
                        None
                    }
                };
            }
            unsearched = true;
        }
    }

    /// Runs what waits in one transaction, and returns what must have the connection to itself.
    fn batch(&self, db: &Connection, first: Work) -> Option<Job> {
        let begun = execute(db, "BEGIN IMMEDIATE");
        let tx = Tx::followed(db, Rc::clone(&self.memory), self.listener);
        let mut answers = Vec::with_capacity(BATCH);
        let mut next = Some(first);
        let mut other = None;
        while let Some(job) = next {
            // After a failed BEGIN, or a rollback that SQLite did by itself, every job of the batch fails.
            answers.push(match &begun {
                Ok(()) if db.is_autocommit() => {
                    job(Err(StoreError::Broken("The database gave up a write.")))
                }
                Ok(()) => job(Ok(&tx)),
                Err(error) => job(Err(error.clone())),
            });
            next = None;
            if answers.len() < BATCH {
                match waiting(self.queue) {
                    Some(Job::InBatch(work)) => next = Some(work),
                    Some(alone) => other = Some(alone),
                    None => {}
                }
            }
        }
        let committed = begun.and_then(|()| execute(db, "COMMIT"));
        self.memory.settle(committed.is_ok());
        if committed.is_err() && !db.is_autocommit() {
            let _ = execute(db, "ROLLBACK");
        }
        if tx.heard.wakes() {
            self.listener.wake();
        }
        for answer in answers {
            answer(committed.clone());
        }
        other
    }
}

/// Returns what waits, or comes once others have had the processor: a commit costs the same for many as for one.
fn waiting(queue: &Receiver<Job>) -> Option<Job> {
    queue.try_recv().ok().or_else(|| {
        thread::yield_now();
        queue.try_recv().ok()
    })
}

/// Indexes a little, so that a job never waits long; true if there is more to do.
pub(super) fn index_some(db: &Connection, content: &Content) -> bool {
    let behind = db.query_row("SELECT EXISTS (SELECT 1 FROM search_pending)", [], |row| {
        row.get(0)
    });
    if !behind.unwrap_or(false) {
        return false;
    }
    let done = execute(db, "BEGIN IMMEDIATE")
        .and_then(|()| Ok(search::catch_up(db, content)?))
        .and_then(|more| execute(db, "COMMIT").map(|()| more));
    if done.is_err() && !db.is_autocommit() {
        let _ = execute(db, "ROLLBACK");
    }
    // After a failure a search will try again and report it.
    done.unwrap_or(false)
}

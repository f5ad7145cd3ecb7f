//! Reading connections, opened as they are needed, at most a few at a time.

use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::blocking;

use super::memory::{Memory, Opaque};
use super::{Anchors, Ordered, Reading, Start, StoreError, connect, execute};

const MOST: usize = 4;

/// One consistent view of the database.
#[derive(Debug)]
pub(crate) struct Snapshot<'a> {
    db: &'a Connection,
    anchors: &'a Anchors,
    memory: &'a Memory,
}

impl<'a> Snapshot<'a> {
    pub(super) fn new(db: &'a Connection, anchors: &'a Anchors, memory: &'a Memory) -> Self {
        Self {
            db,
            anchors,
            memory,
        }
    }

    pub(crate) fn memory(&self) -> &Memory {
        self.memory
    }

    /// Finds where a page at this offset begins in a list's order of creation; `None` is past the end.
    pub(crate) fn seek(
        &self,
        list: &Ordered,
        descending: bool,
        offset: u64,
    ) -> Result<Option<Start>, StoreError> {
        Ok(self.anchors.seek(self.db, list, descending, offset)?)
    }

    /// Returns whether the numbers of a list's rows are in order of creation: nothing was ever back-dated.
    pub(crate) fn is_in_order(&self, list: &Ordered) -> Result<bool, StoreError> {
        let displaced: bool = self
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM counters WHERE name = ?1 || '_displaced')",
            )?
            .query_row([list.list], |row| row.get(0))?;
        Ok(!displaced)
    }

    /// Returns a counter, such as the length of a list.
    pub(crate) fn counter(&self, name: &str) -> Result<u64, StoreError> {
        let n: i64 = self
            .prepare_cached("SELECT n FROM counters WHERE name = ?1")?
            .query_row([name], |row| row.get(0))?;
        Ok(u64::try_from(n).unwrap_or(0))
    }
}

impl Deref for Snapshot<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.db
    }
}

pub(super) struct Pool {
    path: PathBuf,
    initial: Opaque,
    idle: Arc<Mutex<Vec<Reader>>>,
    permits: Semaphore,
}

/// A connection and what it remembers.
struct Reader {
    db: Connection,
    memory: Memory,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Pool {
    pub(super) fn new(path: PathBuf, initial: Opaque) -> Self {
        Self {
            path,
            initial,
            idle: Arc::default(),
            permits: Semaphore::new(MOST),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn run<T, E>(&self, anchors: Arc<Anchors>, work: Reading<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _permit = self.permits.acquire().await;
        let idle = Arc::clone(&self.idle);
        let free = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match free {
            Some(reader) => Ok(reader),
            None => Err((self.path.clone(), Arc::clone(&self.initial))),
        };
        let reading = blocking::run(move || {
            let reader = match reader {
                Ok(reader) => reader,
                Err((path, initial)) => Reader::open(&path, initial)?,
            };
            let answer = in_transaction(&reader, &anchors, work);
            if reader.db.is_autocommit() {
                idle.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(reader);
            }
            answer
        });
        reading
            .await
            .unwrap_or_else(|| Err(StoreError::Broken("Reading the database failed badly.").into()))
    }
}

impl Reader {
    fn open(path: &Path, initial: Opaque) -> Result<Self, StoreError> {
        Ok(Self {
            db: connect::open_reader(path)?,
            memory: Memory::new(initial),
        })
    }
}

fn in_transaction<T, E: From<StoreError>>(
    Reader { db, memory }: &Reader,
    anchors: &Anchors,
    work: Reading<T, E>,
) -> Result<T, E> {
    execute(db, "BEGIN")?;
    let answer = work(&Snapshot::new(db, anchors, memory));
    execute(db, "COMMIT")?;
    answer
}

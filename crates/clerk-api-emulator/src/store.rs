//! The database: one thread that writes and groups commits, a few connections that read.
//!
//! Nothing is believed in memory that another process could change: what is remembered between
//! requests (see `anchor`) is checked against the database in the transaction that uses it.

mod anchor;
pub(crate) mod bulk;
mod checkpoint;
pub(crate) mod connect;
mod content;
mod copy;
mod error;
mod frozen;
mod listener;
mod memory;
pub(crate) mod own_file;
mod read;
mod schema;
pub(crate) mod search;
pub(crate) mod search_index;
mod select;
mod tx;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::id::Ids;
use crate::start_error::StartError;

pub(crate) use anchor::{Anchors, Key, Ordered, Start};
use checkpoint::Checkpoints;
pub(crate) use content::{Content, Expiring, Searched, Seeded};
pub(crate) use copy::{Part, check_whole, is_instance, is_leftover, open_alone};
pub(crate) use error::StoreError;
pub(crate) use frozen::Frozen;
pub(crate) use listener::Listener;
pub(crate) use memory::{Memory, Opaque};
pub(crate) use read::Snapshot;
#[cfg(test)]
pub(crate) use select::assert_indexed;
pub(crate) use select::{Select, marks};
pub(crate) use tx::Tx;
use write::Guard;

/// What reads, boxed: what the store does around it is compiled once for each type of answer, not for each closure.
pub(crate) type Reading<T, E> = Box<dyn FnOnce(&Snapshot<'_>) -> Result<T, E> + Send>;
/// What writes, boxed likewise.
pub(crate) type Writing<T, E> = Box<dyn FnOnce(&Tx<'_>) -> Result<T, E> + Send>;

/// Where an instance keeps its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Vanishes when the emulator stops.
    Memory,
    /// A SQLite file, made if absent; several processes may use one at a time.
    File(PathBuf),
}

/// What a store is opened with.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) database: &'a Database,
    pub(crate) content: &'static Content,
    pub(crate) ids: &'a Ids,
    /// Whether the ids have a seed. Then every opening gets a branch of it of its own.
    pub(crate) seeded: bool,
    pub(crate) now: i64,
    /// The initial state of every connection (see `Memory::initial`).
    pub(crate) initial: Opaque,
}

/// An open database. Dropping it finishes what was queued.
#[derive(Debug)]
pub(crate) struct Store {
    writer: write::Writer,
    /// After the writer, whose end they wait for.
    _checkpoints: Option<Checkpoints>,
    /// `None` in memory: there the writing thread also reads.
    readers: Option<read::Pool>,
    anchors: Arc<Anchors>,
    content: &'static Content,
    instance_id: String,
    initial: Opaque,
}

impl Store {
    /// Opens a database. `prepare` completes it and makes what follows its changes; it is given the instance's id.
    pub(crate) fn open<L: Listener>(
        opening: Opening<'_>,
        prepare: impl FnOnce(&Connection, &str) -> rusqlite::Result<L>,
    ) -> Result<Self, StartError> {
        let Opening {
            database,
            content,
            ids,
            initial,
            ..
        } = opening;
        let mut db = connect::open(database, content, ids, opening.now)?;
        if opening.seeded {
            ids.fork(connect::count_opening(&db)?);
        }
        let sql = "SELECT value FROM instance WHERE key = 'id'";
        let instance_id: String = db.query_row(sql, [], |row| row.get(0))?;
        let listener = Arc::new(prepare(&db, &instance_id)?);
        let (readers, checkpoints) = match database {
            Database::Memory => (None, None),
            Database::File(path) => (
                Some(read::Pool::new(path.clone(), Arc::clone(&initial))),
                Some(Checkpoints::of(&mut db, path)?),
            ),
        };
        Ok(Self {
            writer: write::Writer::start(db, content, Arc::clone(&initial), listener)?,
            _checkpoints: checkpoints,
            readers,
            anchors: Arc::default(),
            content,
            instance_id,
            initial,
        })
    }

    pub(crate) fn instance_id(&self) -> &str {
        &self.instance_id
    }

    /// Runs a reading closure in a transaction of its own.
    pub(crate) async fn read<T, E>(&self, work: Reading<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let anchors = Arc::clone(&self.anchors);
        match &self.readers {
            Some(pool) => pool.run(anchors, work).await,
            None => {
                let work: Writing<T, E> =
                    Box::new(move |tx| work(&Snapshot::new(tx.db(), &anchors, tx.memory())));
                self.writer.run(Guard::ChecksFirst, work).await
            }
        }
    }

    /// Runs a writing closure. When this returns `Ok`, what it wrote is committed; on `Err` nothing of it is.
    pub(crate) async fn write<T, E>(&self, work: Writing<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.run(Guard::Savepoint, work).await
    }

    /// Like `write`, but quicker, for closures that fail only before their first write.
    pub(crate) async fn write_after_checks<T, E>(&self, work: Writing<T, E>) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.run(Guard::ChecksFirst, work).await
    }

    /// Replaces all content with a copy, including everything that was acknowledged before. Blocks.
    pub(crate) fn load(&self, from: &Path, ids: &Ids, now: i64) -> Result<(), StartError> {
        let source = copy::open(from, self.content, ids, now)?;
        self.writer
            .alone(move |db| copy::copy(&source, db))
            .map_err(|error| StartError::Instance(error.to_string()))??;
        Ok(())
    }

    /// Copies all there is into a database in memory. Blocks.
    pub(crate) fn copy_out(&self) -> Result<Connection, StartError> {
        let copied = self.writer.alone(|db| copy::in_memory(db));
        Ok(copied.map_err(|error| StartError::Instance(error.to_string()))??)
    }

    /// Puts the content of another database in place of all there is. Blocks.
    pub(crate) fn copy_in(&self, from: Arc<Mutex<Connection>>) -> Result<(), StartError> {
        self.writer
            .alone(move |db| copy::copy(&from.lock().unwrap_or_else(PoisonError::into_inner), db))
            .map_err(|error| StartError::Instance(error.to_string()))??;
        Ok(())
    }

    /// Keeps the state of this moment, search indexes included, for reads that are to be stale. Blocks.
    pub(crate) fn freeze(&self) -> Result<Frozen, StartError> {
        let file = self.readers.as_ref().map(|pool| pool.path().to_owned());
        let (initial, content) = (Arc::clone(&self.initial), self.content);
        let frozen = self.writer.alone(move |db| {
            while write::index_some(db, content) {}
            let seen = match file {
                Some(file) => connect::open_reader(&file)?,
                None => copy::in_memory(db)?,
            };
            Frozen::new(seen, initial)
        });
        Ok(frozen.map_err(|error| StartError::Instance(error.to_string()))??)
    }
}

/// Empties the database at a path.
pub(crate) fn reset(path: &Path, content: &Content, ids: &Ids, now: i64) -> Result<(), StartError> {
    let database = Database::File(path.to_owned());
    let mut db = connect::open(&database, content, ids, now)?;
    schema::reset(&mut db, content, ids, now)
}

/// Copies the database at a path, as it is now, into a file that waits for its name.
pub(crate) fn save(database: &Path, beside: &Path) -> Result<Part, StartError> {
    own_file::check(database)?;
    Part::write(&mut connect::open_reader(database)?, beside)
}

/// Puts the content of a copy in place of all there is in the database at a path.
pub(crate) fn load(
    from: &Path,
    database: &Path,
    content: &Content,
    ids: &Ids,
    now: i64,
) -> Result<(), StartError> {
    let source = copy::open(from, content, ids, now)?;
    let mut db = connect::open(&Database::File(database.to_owned()), content, ids, now)?;
    Ok(copy::copy(&source, &mut db)?)
}

fn execute(db: &Connection, sql: &str) -> Result<(), StoreError> {
    db.prepare_cached(sql)?.execute([])?;
    Ok(())
}

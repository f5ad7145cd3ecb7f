//! The database: one thread that writes and groups commits, a few connections that read.
//!
//! Nothing is believed in memory that another process could change: what is remembered between
//! requests (see `anchor`) is checked against the database in the transaction that uses it.

pub(crate) mod access_tokens;
mod anchor;
mod beginning;
pub(crate) mod bulk;
mod checkpoint;
mod copy;
pub(crate) mod credits;
pub(crate) mod deliveries;
pub(crate) mod domains;
pub(crate) mod events;
mod frozen;
pub(crate) mod images;
pub(crate) mod invitations;
pub(crate) mod jwt_templates;
pub(crate) mod keys;
pub(crate) mod listed;
pub(crate) mod mails;
pub(crate) mod memberships;
pub(crate) mod organization_invitations;
pub(crate) mod organizations;
pub(crate) mod outbox;
pub(crate) mod own_file;
pub(crate) mod permissions;
mod read;
pub(crate) mod redirect_urls;
pub(crate) mod role_sets;
pub(crate) mod roles;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod search_index;
pub(crate) mod sessions;
pub(crate) mod settings;
mod tx;
pub(crate) mod users;
pub(crate) mod verifications;
pub(crate) mod waitlist;
pub(crate) mod webhooks;
mod write;

use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::{Config, Database};
use crate::error::ApiError;
use crate::id::Ids;
use crate::start_error::StartError;

pub(crate) use anchor::{Anchors, Key, Ordered, Start};
use checkpoint::Checkpoints;
pub(crate) use copy::{Part, check_whole, is_instance, is_leftover, open_alone};
pub(crate) use frozen::Frozen;
use outbox::Outbox;
pub(crate) use read::Snapshot;
use settings::Settings;
pub(crate) use tx::Tx;
use write::Guard;

/// An open database. Dropping it finishes what was queued.
#[derive(Debug)]
pub(crate) struct Store {
    writer: write::Writer,
    /// After the writer, whose end they wait for.
    _checkpoints: Option<Checkpoints>,
    /// `None` in memory: there the writing thread also reads.
    readers: Option<read::Pool>,
    anchors: Arc<Anchors>,
    instance_id: String,
    initial: Arc<Settings>,
    /// Told when something is to be delivered.
    pub(crate) waiting: Arc<Notify>,
}

impl Store {
    /// Opens a database. With a seed every opening gets a branch of it of its own. `server` is the address that links get.
    pub(crate) fn open(config: &Config, ids: &Ids, server: String) -> Result<Self, StartError> {
        let mut db = schema::open(&config.database, ids, config.clock.peek())?;
        if config.seed.is_some() {
            ids.fork(schema::count_opening(&db)?);
        }
        let initial = Arc::new(Settings::of(config));
        settings::begin(&db, &initial)?;
        let instance_id: String =
            db.query_row("SELECT value FROM instance WHERE key = 'id'", [], |row| {
                row.get(0)
            })?;
        let readers = match &config.database {
            Database::Memory => None,
            Database::File(path) => Some(read::Pool::new(path.clone(), Arc::clone(&initial))),
        };
        let checkpoints = match &config.database {
            Database::Memory => None,
            Database::File(path) => Some(Checkpoints::of(&mut db, path)?),
        };
        let waiting = Arc::default();
        let outbox = Outbox {
            ids: ids.clone(),
            clock: config.clock.clone(),
            server,
            instance_id: instance_id.clone(),
            waiting: Arc::clone(&waiting),
        };
        Ok(Self {
            writer: write::Writer::start(db, Arc::clone(&initial), outbox)?,
            _checkpoints: checkpoints,
            waiting,
            readers,
            anchors: Arc::default(),
            instance_id,
            initial,
        })
    }

    pub(crate) fn instance_id(&self) -> &str {
        &self.instance_id
    }

    /// Runs a reading closure in a transaction of its own.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Snapshot<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        if let Some(frozen) = Frozen::current() {
            return frozen.run(work).await;
        }
        let anchors = Arc::clone(&self.anchors);
        let needs_organizations = needs_organizations();
        let work = move |snapshot: &Snapshot<'_>| {
            if needs_organizations {
                snapshot.settings()?.check_organizations()?;
            }
            work(snapshot)
        };
        match &self.readers {
            Some(pool) => pool.run(anchors, work).await,
            None => {
                self.writer
                    .run(Guard::ChecksFirst, move |tx| {
                        work(&Snapshot::new(tx.db(), &anchors, tx.memory()))
                    })
                    .await
            }
        }
    }

    /// Runs a writing closure. When this returns `Ok`, what it wrote is committed; on `Err` nothing of it is.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        self.write_with(Guard::Savepoint, work).await
    }

    /// Like `write`, but quicker, for closures that fail only before their first write.
    pub(crate) async fn write_after_checks<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        self.write_with(Guard::ChecksFirst, work).await
    }

    async fn write_with<T, F>(&self, guard: Guard, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        let needs_organizations = needs_organizations();
        let work = move |tx: &Tx<'_>| {
            if needs_organizations {
                tx.settings()?.check_organizations()?;
            }
            work(tx)
        };
        self.writer.run(guard, work).await
    }

    /// Puts the content of a copy in place of all there is; what was answered before is part of that. Blocks.
    pub(crate) fn load(&self, from: &Path, ids: &Ids, now: i64) -> Result<(), StartError> {
        let source = copy::open(from, ids, now)?;
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
        let initial = Arc::clone(&self.initial);
        let frozen = self.writer.alone(move |db| {
            while write::index_some(db) {}
            let seen = match file {
                Some(file) => schema::open_reader(&file)?,
                None => copy::in_memory(db)?,
            };
            Frozen::new(seen, initial)
        });
        Ok(frozen.map_err(|error| StartError::Instance(error.to_string()))??)
    }

    /// Marks the invitations whose time is over; call it before a read that filters by status.
    pub(crate) async fn expire_invitations(&self, now: i64) -> Result<(), ApiError> {
        let mut due = self
            .read(move |db| {
                Ok(invitations::is_due(db, now)? || organization_invitations::is_due(db, now)?)
            })
            .await?;
        while due {
            due = self
                .write(move |tx| {
                    Ok(invitations::expire(tx, now)? | organization_invitations::expire(tx, now)?)
                })
                .await?;
        }
        Ok(())
    }

    /// Brings the search indexes up to date; call it before a read that uses one.
    pub(crate) async fn catch_up_search(&self) -> Result<(), ApiError> {
        let mut behind = self
            .read(|snapshot| Ok(search::is_behind(snapshot)?))
            .await?;
        while behind {
            behind = self
                .write_after_checks(|tx| Ok(search::catch_up(tx.db())?))
                .await?;
        }
        Ok(())
    }
}

tokio::task_local! {
    /// Set while a request is served that makes sense only where the instance has organizations.
    static NEEDS_ORGANIZATIONS: ();
}

/// Serves a request whose reads and writes are refused while the instance has no organizations. The check is
/// made in the transaction that does the work, so it costs none of its own and other processes cannot get between.
pub(crate) fn needing_organizations<F: Future>(work: F) -> impl Future<Output = F::Output> {
    NEEDS_ORGANIZATIONS.scope((), work)
}

fn needs_organizations() -> bool {
    NEEDS_ORGANIZATIONS.try_with(|()| ()).is_ok()
}

/// Empties the database at a path.
pub(crate) fn reset(path: &Path, ids: &Ids, clock: &Clock) -> Result<(), StartError> {
    let mut db = schema::open(&Database::File(path.to_owned()), ids, clock.peek())?;
    schema::reset(&mut db, ids, clock.peek())
}

/// Copies the database at a path, as it is now, into a file that waits for its name.
pub(crate) fn save(database: &Path, beside: &Path) -> Result<Part, StartError> {
    own_file::check(database)?;
    Part::write(&mut schema::open_reader(database)?, beside)
}

/// Puts the content of a copy in place of all there is in the database at a path.
pub(crate) fn load(from: &Path, database: &Path, ids: &Ids, now: i64) -> Result<(), StartError> {
    let source = copy::open(from, ids, now)?;
    let mut db = schema::open(&Database::File(database.to_owned()), ids, now)?;
    Ok(copy::copy(&source, &mut db)?)
}

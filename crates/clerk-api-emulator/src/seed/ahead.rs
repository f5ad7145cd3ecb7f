//! Threads that make objects ahead of the one that inserts them.

use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread::{self, JoinHandle};

use super::SeedError;

/// Batches that may wait.
const WAITING: usize = 16;

/// What another thread makes, in batches. It also gets used batches back, because freeing them is cheaper there.
pub(super) struct Made<T> {
    pub(super) batches: Receiver<Vec<T>>,
    pub(super) used: Sender<Vec<T>>,
}

/// The other end.
pub(super) struct Maker<T> {
    batches: SyncSender<Vec<T>>,
    used: Receiver<Vec<T>>,
}

impl<T> Maker<T> {
    /// Hands over a batch; false if it is no longer wanted.
    pub(super) fn send(&self, batch: Vec<T>) -> bool {
        self.used.try_iter().for_each(drop);
        self.batches.send(batch).is_ok()
    }
}

/// Runs a maker on a thread of its own.
pub(super) fn ahead<T, F>(make: F) -> Result<Made<T>, SeedError>
where
    T: Send + 'static,
    F: FnOnce(Maker<T>) + Send + 'static,
{
    let (batches, made) = mpsc::sync_channel(WAITING);
    let (give_back, used) = mpsc::channel();
    spawn(move || make(Maker { batches, used }))?;
    Ok(Made {
        batches: made,
        used: give_back,
    })
}

pub(super) fn spawn<T, F>(work: F) -> Result<JoinHandle<T>, SeedError>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    thread::Builder::new()
        .name("clerk-seed".to_owned())
        .spawn(work)
        .map_err(|error| SeedError::Open(error.into()))
}

//! Copies the write-ahead log into the database on a thread of its own: waiting for the disk there, no commit waits for it.

use std::ffi::c_int;
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::schema;
use crate::start_error::StartError;

/// Pages that are written between two copies: 64 MiB.
const STEP: c_int = 16_384;
/// Pages of log at which commits wait until all is copied, so that the log can begin anew: 512 MiB.
const MOST: c_int = 131_072;

/// The thread; it ends when the connection is closed whose log it copies.
pub(super) struct Checkpoints {
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Takes the copying over from a connection to the database at `path`.
    pub(super) fn of(db: &mut Connection, path: &Path) -> Result<Self, StartError> {
        let copying = schema::open_copying(path)?;
        let (bell, rung) = mpsc::sync_channel(1);
        let thread = thread::Builder::new()
            .name("clerk-checkpoint".to_owned())
            .spawn(move || {
                while rung.recv().is_ok() {
                    // What cannot be copied now stays in the log, and is tried again after the next step.
                    let _ = copying.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                }
            })?;
        db.wal_hook(Some(ring(bell)))?;
        Ok(Self {
            thread: Some(thread),
        })
    }
}

/// Looks at the length of the log after each commit.
fn ring(bell: SyncSender<()>) -> impl FnMut(&mut Wal, c_int) -> rusqlite::Result<()> + Send {
    let mut due = STEP;
    move |log, pages| {
        if pages < STEP {
            // The log has begun anew.
            due = STEP;
        }
        if pages >= MOST {
            // The commit has been made: a copy that fails must not look like a commit that failed.
            let _ = log.checkpoint();
        } else if pages >= due {
            due = pages + STEP;
            let _ = bell.try_send(());
        }
        Ok(())
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Checkpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkpoints").finish_non_exhaustive()
    }
}

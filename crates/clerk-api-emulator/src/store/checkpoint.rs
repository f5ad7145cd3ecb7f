//! Copies the write-ahead log into the database on a thread of its own: waiting for the disk there, no commit waits for it.

use std::ffi::c_int;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::connect;
use crate::start_error::StartError;

/// When the log is copied, in pages.
#[derive(Clone, Copy)]
struct Pace {
    /// Written between two copies.
    step: c_int,
    /// From here one copy follows the other until few pages are left.
    many: c_int,
    /// A commit copies these by itself, so that everything is copied and the log can start again.
    few: c_int,
}

/// 64, 512 and 8 MiB.
const PACE: Pace = Pace {
    step: 16_384,
    many: 131_072,
    few: 2_048,
};

/// The thread; it ends when the connection is closed whose log it copies.
pub(super) struct Checkpoints {
    thread: Option<JoinHandle<()>>,
}

/// How far the thread is.
#[derive(Default)]
struct Progress {
    busy: AtomicBool,
    /// Pages of the log that the last copy left behind it.
    copied: AtomicI32,
}

impl Checkpoints {
    /// Takes the copying over from a connection to the database at `path`.
    pub(super) fn of(db: &mut Connection, path: &Path) -> Result<Self, StartError> {
        Self::at(PACE, db, path)
    }

    fn at(pace: Pace, db: &mut Connection, path: &Path) -> Result<Self, StartError> {
        let copying = connect::open_copying(path)?;
        let (bell, rung) = mpsc::sync_channel(1);
        let progress = Arc::<Progress>::default();
        let told = Arc::clone(&progress);
        let thread = thread::Builder::new()
            .name("clerk-checkpoint".to_owned())
            .spawn(move || {
                while rung.recv().is_ok() {
                    // What cannot be copied now stays in the log, and is tried again after the next step.
                    let copied =
                        copying.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(2));
                    told.copied.store(copied.unwrap_or(0), Ordering::Relaxed);
                    told.busy.store(false, Ordering::Release);
                }
            })?;
        db.wal_hook(Some(ring(pace, bell, progress)))?;
        Ok(Self {
            thread: Some(thread),
        })
    }
}

/// Looks at the length of the log after each commit.
fn ring(
    pace: Pace,
    bell: SyncSender<()>,
    progress: Arc<Progress>,
) -> impl FnMut(&mut Wal, c_int) -> rusqlite::Result<()> + Send {
    let Pace { step, many, few } = pace;
    let mut due = step;
    move |log, pages| {
        if pages < step {
            // The log has started again.
            due = step;
        }
        if pages < due.min(many) || progress.busy.load(Ordering::Acquire) {
            return Ok(());
        }
        let left = pages - progress.copied.load(Ordering::Relaxed);
        // A disk that is slower than those who write must hold them up, or the log grows without end.
        if pages >= many && (left <= few || pages >= 2 * many) {
            // The commit has been made: a copy that fails must not look like a commit that failed.
            let _ = log.checkpoint();
        } else {
            due = pages + step;
            progress.busy.store(true, Ordering::Relaxed);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Ids;
    use crate::store::{Content, Database};

    #[test]
    fn a_log_that_is_always_written_to_begins_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("live.db");
        let ids = Ids::new(Some(1));
        let mut db = connect::open(
            &Database::File(path.clone()),
            &Content::default(),
            &ids,
            1_000,
        )
        .expect("opens");
        let pace = Pace {
            step: 20,
            many: 100,
            few: 10,
        };
        let copying = Checkpoints::at(pace, &mut db, &path).expect("starts");
        let insert = "INSERT OR REPLACE INTO images
                      VALUES ('user_1', 'img_1', 'image/png', zeroblob(20000))";
        // The log's header counts how often it began.
        let begun = || {
            let log = fs_err::read(path.with_extension("db-wal")).expect("reads");
            log.get(12..16).map(<[u8]>::to_owned)
        };
        db.execute(insert, []).expect("writes");
        let first = begun();
        let anew = (0..50_000).any(|_| {
            db.execute(insert, []).expect("writes");
            thread::yield_now();
            begun() != first
        });
        // The thread ends with the connection.
        db.close().expect("closes");
        drop(copying);
        assert!(anew);
        let whole = "SELECT count(*) FROM images WHERE length(bytes) = 20000";
        let db = Connection::open(&path).expect("opens");
        let count = db.query_row(whole, [], |row| row.get::<_, i64>(0));
        assert_eq!(count.expect("reads"), 1);
    }
}

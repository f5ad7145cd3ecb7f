//! The thread that writes the database of an export, so that the next objects are read meanwhile.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};

use super::batch::Batch;
use super::{Database, failed};
use crate::export::table::{Rows, Table, Value};

/// Takes rows and writes them a little later: what goes wrong comes out with a later row, or at the end.
#[derive(Debug)]
pub(in crate::export) struct Writer {
    batch: Batch,
    /// To the thread, which has ended if it takes no more.
    full: Option<SyncSender<Batch>>,
    /// Batches that were written, to be filled again.
    empty: Receiver<Batch>,
    thread: Option<JoinHandle<Outcome<Database>>>,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread left.
    pub(in crate::export) fn start(mut database: Database) -> Outcome<Self> {
        let (full, batches) = sync_channel::<Batch>(1);
        let (written, empty) = sync_channel(1);
        let write = move || {
            for mut batch in batches {
                database.write(&batch).map_err(|error| failed(&error))?;
                batch.clear();
                // Never waits: once the last row has come, nobody takes it.
                let _ = written.try_send(batch);
            }
            Ok(database)
        };
        let thread = Builder::new().name("export".to_owned()).spawn(write);
        let thread = thread.map_err(|error| Problem::io("cannot start a thread", &error))?;
        Ok(Self {
            batch: Batch::default(),
            full: Some(full),
            empty,
            thread: Some(thread),
        })
    }

    /// Waits until every row is written.
    ///
    /// # Errors
    /// A row cannot be written.
    pub(in crate::export) fn finish(mut self) -> Outcome<Database> {
        if !self.batch.is_empty() {
            self.send()?;
        }
        self.end()
    }

    fn send(&mut self) -> Outcome<()> {
        let next = self.empty.try_recv().unwrap_or_default();
        let batch = std::mem::replace(&mut self.batch, next);
        match &self.full {
            Some(full) if full.send(batch).is_ok() => Ok(()),
            _ => self.end().map(drop),
        }
    }

    fn end(&mut self) -> Outcome<Database> {
        self.full = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Err(Problem::new(
                ProblemKind::Io,
                "io",
                "the database of the export is closed",
            )),
        }
    }
}

/// The file is removed next, so nobody may have it open.
impl Drop for Writer {
    fn drop(&mut self) {
        self.full = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Rows for Writer {
    fn row(&mut self, table: &'static Table, values: &[Value<'_>]) -> Outcome<()> {
        self.batch.row(table, values)?;
        if self.batch.is_full() {
            self.send()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::table::{Json, Record as _, User};

    fn user(number: usize, metadata: &str) -> User<'_> {
        User {
            id: Some(format!("user_{number:04}").into()),
            name: number.is_multiple_of(2).then(|| "Ada".into()),
            public_metadata: Some(Json(metadata.into())),
            ..User::default()
        }
    }

    #[test]
    fn all_rows_of_many_batches_are_written_as_they_came() {
        let mut writer = Writer::start(Database::in_memory().unwrap()).unwrap();
        let metadata = format!(r#"{{"note":"{}"}}"#, "x".repeat(50_000));
        for number in 0..200 {
            user(number, &metadata).give(&mut writer).unwrap();
        }
        let db = writer.finish().unwrap().finish().unwrap();
        let whole = "SELECT count(*), sum(name = 'Ada'), sum(name IS NULL) FROM users WHERE public_metadata = ?";
        let counts: (usize, usize, usize) = db
            .query_row(whole, [&metadata], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert_eq!(counts, (200, 100, 100));
    }

    #[test]
    fn a_row_that_cannot_be_written_is_told_at_the_end_at_the_latest() {
        let mut writer = Writer::start(Database::in_memory().unwrap()).unwrap();
        User::default().give(&mut writer).unwrap();
        let problem = writer.finish().unwrap_err();
        assert!(
            problem.message.contains("cannot write the database"),
            "{problem:?}"
        );

        let mut writer = Writer::start(Database::in_memory().unwrap()).unwrap();
        User::default().give(&mut writer).unwrap();
        let metadata = "1".repeat(100_000);
        let told = (0..100).find_map(|number| user(number, &metadata).give(&mut writer).err());
        let problem = told.expect("a later row tells it");
        assert!(
            problem.message.contains("cannot write the database"),
            "{problem:?}"
        );
        assert!(writer.finish().is_err());
    }
}

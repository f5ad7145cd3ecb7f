//! The thread that writes the journal.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use clerk_api_admin::problem::{Outcome, Problem};
use rusqlite::{Transaction, params};
use tokio::sync::oneshot;

use super::super::place::private_file;
use super::super::state::State;
use super::database::{Database, signed};
use super::{Phase, Report};

/// A row that is about to be sent.
pub(crate) struct Claim {
    pub(crate) number: u64,
    /// The operation that is sent, where it is not the job's own.
    pub(crate) op: Option<&'static str>,
    /// The number of the request that rows share.
    pub(crate) batch: Option<u64>,
    /// It is its last chance.
    pub(crate) deferred: bool,
    /// When, by the server's clock, in milliseconds since 1970.
    pub(crate) at: i64,
    /// A line for the file of what was there before.
    pub(crate) before: Option<String>,
}

/// A row that got a state.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) number: u64,
    pub(crate) state: State,
    /// It gets one more chance at the end.
    pub(crate) deferred: bool,
    pub(crate) report: Report,
    /// Now, in milliseconds since 1970.
    pub(crate) at: i64,
}

enum Work {
    Claims(Vec<Claim>),
    Ended(Vec<Ended>),
    Phase(Phase),
}

type Answer = oneshot::Sender<Result<(), String>>;

/// The way to the thread.
pub(crate) struct Writer {
    sender: Option<Sender<(Work, Answer)>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Gives the database to a thread of its own.
    pub(crate) fn start(database: Database, backup: &Path) -> Outcome<Self> {
        let backup = Backup {
            path: backup.to_owned(),
            file: None,
            begins: true,
        };
        let (sender, receiver) = channel();
        let thread = std::thread::Builder::new().name("journal".to_owned());
        let thread = thread.spawn(move || write(database, backup, &receiver));
        let thread = thread.map_err(|error| Problem::io("cannot start the journal", &error))?;
        Ok(Self {
            sender: Some(sender),
            thread: Some(thread),
        })
    }

    /// Writes down that rows are about to be sent. Nothing of them may leave before this is done (reliability.md 4.5).
    pub(crate) async fn claim(&self, claims: Vec<Claim>) -> Outcome<()> {
        self.write(Work::Claims(claims)).await
    }

    /// Writes down what became of rows.
    pub(crate) async fn end(&self, rows: Vec<Ended>) -> Outcome<()> {
        self.write(Work::Ended(rows)).await
    }

    /// Writes down how far the job is.
    pub(crate) async fn phase(&self, phase: Phase) -> Outcome<()> {
        self.write(Work::Phase(phase)).await
    }

    async fn write(&self, work: Work) -> Outcome<()> {
        let (answer, written) = oneshot::channel();
        let gone = || Problem::io("cannot write the journal of the job", &"its thread ended");
        let sender = self.sender.as_ref().ok_or_else(gone)?;
        sender.send((work, answer)).map_err(|_| gone())?;
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Problem::io("cannot write the journal of the job", &error)),
            Err(_) => Err(gone()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.sender.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(mut database: Database, mut backup: Backup, receiver: &Receiver<(Work, Answer)>) {
    while let Ok(first) = receiver.recv() {
        let mut all = vec![first];
        all.extend(receiver.try_iter());
        let written = if cfg!(feature = "no-journal") {
            Ok(())
        } else {
            write_all(&mut database, &mut backup, &all)
        };
        for (_, answer) in all {
            // The caller may have gone.
            let _ = answer.send(written.clone());
        }
    }
}

fn write_all(
    database: &mut Database,
    backup: &mut Backup,
    all: &[(Work, Answer)],
) -> Result<(), String> {
    backup.keep(all).map_err(|error| error.to_string())?;
    let tx = database
        .0
        .transaction()
        .map_err(|error| error.to_string())?;
    for (work, _) in all {
        put(&tx, work).map_err(|error| error.to_string())?;
    }
    tx.commit().map_err(|error| error.to_string())
}

fn put(tx: &Transaction<'_>, work: &Work) -> rusqlite::Result<()> {
    match work {
        Work::Claims(claims) => {
            // The first time counts: what a later attempt finds may be from an earlier one.
            let sql = "UPDATE row SET state = ?2, op = ?3, batch = ?4, sent_at = coalesce(sent_at, ?5), deferred = ?6 WHERE number = ?1";
            let mut update = tx.prepare_cached(sql)?;
            for claim in claims {
                let batch = claim.batch.map(signed);
                update.execute(params![
                    signed(claim.number),
                    State::Sent.code(),
                    claim.op,
                    batch,
                    claim.at,
                    claim.deferred,
                ])?;
            }
        }
        Work::Ended(rows) => {
            let sql = "UPDATE row SET state = ?2, deferred = ?3, attempts = attempts + ?4, id = coalesce(?5, id), http = ?6, code = ?7,
                message = ?8, trace = ?9, time = ?10 WHERE number = ?1";
            let mut update = tx.prepare_cached(sql)?;
            let sql = "INSERT INTO attempt SELECT number, batch, ?2, ?3, ?4, ?5 FROM row WHERE number = ?1";
            let mut attempt = tx.prepare_cached(sql)?;
            for row in rows {
                let report = &row.report;
                update.execute(params![
                    signed(row.number),
                    row.state.code(),
                    row.deferred,
                    report.attempts,
                    report.id,
                    report.http,
                    report.code,
                    report.message,
                    report.trace_id,
                    row.at,
                ])?;
                if report.attempts > 0 {
                    attempt.execute(params![
                        signed(row.number),
                        row.at,
                        report.attempts,
                        report.http,
                        report.trace_id
                    ])?;
                }
            }
        }
        Work::Phase(phase) => {
            let text = serde_json::to_string(phase)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            tx.execute("UPDATE meta SET value = ?1 WHERE name = 'phase'", [text])?;
        }
    }
    Ok(())
}

/// The file of what objects were like before they were changed.
struct Backup {
    path: std::path::PathBuf,
    file: Option<File>,
    /// Nothing was written by this process yet.
    begins: bool,
}

impl Backup {
    /// Keeps the lines of all claims, on the disk, before the claims themselves are.
    fn keep(&mut self, all: &[(Work, Answer)]) -> std::io::Result<()> {
        let mut text = String::new();
        for (work, _) in all {
            if let Work::Claims(claims) = work {
                for line in claims.iter().filter_map(|claim| claim.before.as_deref()) {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        if self.file.is_none() {
            let opened = private_file(&self.path, true)
                .map_err(|problem| std::io::Error::other(problem.to_string()))?;
            self.file = Some(opened);
        }
        if let Some(file) = &mut self.file {
            use std::io::{Seek as _, SeekFrom};
            let end = file.seek(SeekFrom::End(0))?;
            if self.begins && end > 0 {
                // A process that was killed may have left half a line.
                file.write_all(b"\n")?;
            }
            self.begins = false;
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
        }
        Ok(())
    }
}

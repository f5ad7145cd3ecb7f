//! Writes down calls that were done one by one, as a job that ended, so that they can be undone like one.

use std::collections::BTreeMap;

use clerk_api::{Client, Reply};
use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem};

use super::backup;
use super::current::{AT_ONCE, Current};
use super::journal::{Claim, Ended, Meta, Phase, Report, Writer};
use super::place::Place;
use super::settle::id_of;
use super::state::State;
use super::store::Job;
use super::task::{Scanned, Step};
use super::work::Work;
use crate::rows::Position;

/// A call that was done.
#[derive(Debug)]
pub struct Done {
    step: Step,
    report: Report,
}

impl Done {
    /// A call, what its object was like before, and its response.
    #[must_use]
    pub fn new(call: Call, before: Option<String>, reply: &Reply<()>) -> Self {
        let report = Report {
            id: id_of(&reply.raw),
            http: Some(reply.status),
            trace_id: reply.trace_id.clone(),
            attempts: reply.attempts,
            ..Report::default()
        };
        Self {
            step: Step { call, before },
            report,
        }
    }
}

/// The objects that calls are about, as they are now; nothing for what does not exist, or where no list shows it. The calls are of one
/// operation and share the path around their objects.
///
/// # Errors
/// The list cannot be asked.
pub async fn before(client: &Client, calls: &[Call]) -> Outcome<Vec<Option<String>>> {
    let first = calls.first();
    let current = first.and_then(|call| Some((Current::of(call.meta)?, call)));
    let Some((current, first)) = current else {
        return Ok(calls.iter().map(|_| None).collect());
    };
    let id = |call: &Call| call.args.text(current.id.name).unwrap_or_default();
    let ids: Vec<String> = calls.iter().map(id).collect();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        found.extend(current.look(client, &first.args, ids).await?);
    }
    let text = |id: &String| found.get(id).map(|object| object.text.clone());
    Ok(ids.iter().map(text).collect())
}

/// The rows of what is written down; nobody reads them again.
struct Rows<'d>(&'d [Done]);

impl Work for Rows<'_> {
    fn scan(&self, each: &mut dyn FnMut(Scanned) -> Outcome<()>) -> Outcome<u64> {
        for (number, done) in (1..).zip(self.0) {
            let at = Position {
                number,
                line: number,
                offset: 0,
                length: 0,
                hash: [0; 16],
            };
            each(Scanned {
                at,
                call: Ok(done.step.call.clone()),
                key: None,
            })?;
        }
        Ok(0)
    }

    fn reread(&self, _at: Position) -> Outcome<Call> {
        Err(Problem::usage("there is nothing to continue"))
    }
}

impl Job {
    /// Writes down what was done as a job that ended at `now`, in milliseconds since 1970.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn record(place: Place, meta: Meta, done: Vec<Done>, now: i64) -> Outcome<()> {
        let job = Self::write_down(place, meta, &Rows(&done))?;
        let Self {
            place,
            lock,
            database,
            ..
        } = job;
        let writer = Writer::start(database, &place.backup())?;
        let (mut claims, mut ended) = (Vec::new(), Vec::new());
        for (number, Done { step, report }) in (1..).zip(done) {
            claims.push(Claim {
                number,
                op: Some(step.call.meta.name),
                batch: None,
                deferred: false,
                at: now,
                before: backup::line(number, 0, &step),
            });
            ended.push(Ended {
                number,
                state: State::Done,
                deferred: false,
                report,
                at: now,
            });
        }
        writer.claim(claims).await?;
        writer.end(ended).await?;
        writer.phase(Phase::Ended { at: now }).await?;
        drop(lock);
        Ok(())
    }
}

//! Sends what rows ask for, and says what the result is.

use std::time::Duration;

use clerk_api::declare::Place;
use clerk_api::{Client, Error, ErrorKind, Reply};
use clerk_api_admin::already;
use clerk_api_admin::call::Call;
use clerk_api_admin::format::rows::Shape;
use clerk_api_admin::problem::{Problem, ProblemKind};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::Value;

use super::super::backup;
use super::super::current::Current;
use super::super::fate::{self, Fate};
use super::super::journal::{Claim, Report};
use super::super::settle::{Settled, id_of, not_found, settle};
use super::super::state::State;
use super::super::task::Step;
use super::batch::Bulk;
use super::{Halt, Run};

/// So many rows in a row with the same refusal park the job (R7).
const SAME_REFUSALS: u32 = 20;

/// A row that can be sent.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) number: u64,
    pub(super) steps: Vec<Step>,
    /// It failed before, and this is its last chance.
    pub(super) deferred: bool,
    /// It does not go together with others.
    pub(super) alone: bool,
}

/// Rows that go in one request.
#[derive(Debug)]
pub(super) enum Request {
    One(Ready),
    Many(Bulk, Vec<Ready>),
}

impl Request {
    pub(super) fn rows(&self) -> &[Ready] {
        match self {
            Self::One(row) => std::slice::from_ref(row),
            Self::Many(_, rows) => rows,
        }
    }
}

impl Ready {
    pub(super) fn first(&self) -> Option<&Call> {
        self.steps.first().map(|step| &step.call)
    }
}

impl Run<'_, '_> {
    /// Writes down that rows are about to be sent, and then sends them.
    pub(super) async fn fly(&self, requests: Vec<Request>) {
        let mut claims = Vec::new();
        for request in &requests {
            let batch = matches!(request, Request::Many(..)).then(|| {
                self.batches.set(self.batches.get() + 1);
                self.batches.get()
            });
            claims.extend(request.rows().iter().map(|row| self.claim(row, batch)));
        }
        let numbers: Vec<u64> = claims.iter().map(|claim| claim.number).collect();
        if let Err(problem) = self.writer.claim(claims).await {
            self.halt(Halt::Disk(problem));
            self.claimed.set(self.claimed.get() - requests.len());
            return;
        }
        for _ in numbers {
            self.counts.borrow_mut().moved(State::Pending, State::Sent);
        }
        let mut flights: FuturesUnordered<_> = requests
            .into_iter()
            .map(|request| self.request(request))
            .collect();
        while flights.next().await.is_some() {
            self.claimed.set(self.claimed.get() - 1);
            self.landed.notify_one();
        }
    }

    fn claim(&self, row: &Ready, batch: Option<u64>) -> Claim {
        let op = row.first().map(|call| call.meta.name);
        let before = self.engine.backup.then(|| kept(row)).flatten();
        Claim {
            number: row.number,
            op,
            batch,
            deferred: row.deferred,
            at: self.engine.now(),
            before,
        }
    }

    async fn request(&self, request: Request) {
        let most = || if self.goes_on() { self.at_once() } else { 0 };
        if !self.slots.take(most).await {
            return self.not_sent(request);
        }
        match request {
            Request::One(row) => self.one(row).await,
            Request::Many(bulk, rows) => self.many(bulk, rows).await,
        }
        self.slots.give_back();
    }

    /// Rows were claimed, and may not be sent now after all.
    fn not_sent(&self, request: Request) {
        let rows = match request {
            Request::One(row) => vec![row],
            Request::Many(_, rows) => rows,
        };
        let goes_on = self.goes_on();
        for row in rows {
            if goes_on {
                self.send_again(row);
            } else {
                self.released(&row);
            }
        }
    }

    /// Nothing was sent for a row that was claimed.
    fn released(&self, row: &Ready) {
        let report = Report::default();
        self.ended(
            row.number,
            State::Sent,
            State::Pending,
            row.deferred,
            report,
        );
    }

    /// Sends all that a row asks for. The first failure decides.
    async fn one(&self, row: Ready) {
        let mut report = Report::default();
        let mut reconciled = false;
        for step in &row.steps {
            let call = &step.call;
            match self.client.call(call.meta, call.args.clone()).await {
                Ok(reply) => {
                    self.went_well();
                    reconciled |= reply.reconciled;
                    let attempts = report.attempts + reply.attempts;
                    report = Report {
                        id: report.id.or_else(|| id_of(&reply.raw)),
                        attempts,
                        ..good(&reply)
                    };
                }
                Err(error) => return self.failed(&row, call, error, report.id).await,
            }
        }
        let state = if reconciled {
            State::DoneReconciled
        } else {
            State::Done
        };
        self.ended(row.number, State::Sent, state, false, report);
    }

    fn went_well(&self) {
        self.breaker.borrow_mut().note(false);
        self.refusals.set((None, 0));
    }

    /// `id` is that of what an earlier step made.
    async fn failed(&self, row: &Ready, call: &Call, error: Error, id: Option<String>) {
        let (mut fate, mut report) = fate::of(call.meta, &call.args, error);
        report.id = id;
        // What a list shows was there when the row was decided. Of the others nobody has seen what they would be removed from.
        if matches!(fate, Fate::Ended(State::SkippedAbsent))
            && Current::of(call.meta).is_none()
            && let Err(problem) = already::absent(&self.client, call).await
        {
            fate = match already::is_absent(&problem) {
                true => Fate::Ended(State::Rejected),
                false => Fate::Later,
            };
        }
        self.breaker.borrow_mut().note(fate.is_trouble());
        let (state, deferred) = match fate {
            Fate::Ended(state) => (state, row.deferred),
            Fate::Later if row.deferred => (State::FailedRetryable, false),
            Fate::Later => (State::Pending, true),
            Fate::Park(problem) => {
                self.halt(Halt::Parked(problem));
                (State::Pending, row.deferred)
            }
        };
        self.note_refusal(&report);
        self.ended(row.number, State::Sent, state, deferred, report);
    }

    /// The same refusal again and again would meet the rest too.
    fn note_refusal(&self, report: &Report) {
        let (last, same) = self.refusals.get();
        let same = if last == report.http { same + 1 } else { 1 };
        self.refusals.set((report.http, same));
        if fate::repeats(report.http) && same >= SAME_REFUSALS {
            let why = report.message.clone().unwrap_or_default();
            let message = format!("{same} rows were refused in the same way: {why}");
            let mut problem = Problem::new(ProblemKind::Rejected, "same_refusal", message);
            problem.http = report.http;
            self.halt(Halt::Parked(problem));
        }
    }

    /// Sends one request for many rows. Only a success is believed for all of them (4.6).
    async fn many(&self, bulk: Bulk, rows: Vec<Ready>) {
        let calls = rows.iter().filter_map(Ready::first);
        let Some(meta) = calls.clone().map(|call| call.meta).next() else {
            return;
        };
        let args = match bulk.args(meta, calls.map(|call| &call.args)) {
            Ok(args) => args,
            Err(problem) => return self.halt_for(problem),
        };
        match self.client.call(bulk.meta, args).await {
            Ok(reply) => {
                self.went_well();
                let ids = Ids::of(&reply.raw);
                for row in &rows {
                    let id = row.first().and_then(|call| ids.of_call(call));
                    let report = Report { id, ..good(&reply) };
                    self.ended(row.number, State::Sent, State::Done, false, report);
                }
            }
            Err(error) => self.apart(bulk, rows, error).await,
        }
    }

    /// A request for many rows failed: each is looked at by itself, and sent alone where it may be.
    async fn apart(&self, bulk: Bulk, rows: Vec<Ready>, error: Error) {
        let refused = error.kind == ErrorKind::Api && error.status != Some(401);
        let args = clerk_api::Args::new();
        let (fate, _) = fate::of(bulk.meta, &args, error);
        self.breaker.borrow_mut().note(fate.is_trouble());
        if let Fate::Park(problem) = fate {
            self.halt(Halt::Parked(problem));
            for row in &rows {
                self.released(row);
            }
            return;
        }
        let mut policy = self.client.policy().clone();
        if refused {
            // The API said no, so there is nothing that could appear later.
            policy.looks = [Duration::ZERO; 3];
        }
        let client = self.client.with_policy(policy);
        let mut settling: FuturesUnordered<_> = rows
            .into_iter()
            .map(|row| self.alone(&client, row, refused))
            .collect();
        while settling.next().await.is_some() {}
    }

    async fn alone(&self, client: &Client, mut row: Ready, refused: bool) {
        let Some(call) = row.first() else {
            return;
        };
        let now = self.engine.now();
        let settled = settle(client, call, now - AGE_OF_A_BATCH).await;
        row.alone = true;
        match settled {
            Ok(Settled::Ended(state, report)) => {
                self.ended(row.number, State::Sent, state, false, report);
            }
            Ok(Settled::Again) => self.send_again(row),
            Ok(Settled::NotFound) if refused => self.send_again(row),
            Ok(Settled::NotFound) => {
                let deferred = row.deferred;
                self.ended(
                    row.number,
                    State::Sent,
                    State::Unknown,
                    deferred,
                    not_found(),
                );
            }
            Err(problem) => self.halt_for(problem),
        }
    }

    fn send_again(&self, row: Ready) {
        self.counts.borrow_mut().moved(State::Sent, State::Pending);
        self.again.borrow_mut().push_back(row);
    }
}

/// What a request for many rows made cannot be older than this when it failed.
const AGE_OF_A_BATCH: i64 = 75 * 60 * 1000;

/// What is written down of a success.
fn good(reply: &Reply<()>) -> Report {
    Report {
        id: id_of(&reply.raw),
        http: Some(reply.status),
        trace_id: reply.trace_id.clone(),
        attempts: reply.attempts,
        ..Report::default()
    }
}

/// What was there before a row's steps, a line for each.
fn kept(row: &Ready) -> Option<String> {
    let lines = row.steps.iter().enumerate();
    let lines: Option<Vec<String>> = lines
        .map(|(at, step)| backup::line(row.number, at, step))
        .collect();
    lines
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join("\n"))
}

/// The ids in the response to a request for many rows.
struct Ids(Vec<Value>);

impl Ids {
    fn of(raw: &[u8]) -> Self {
        let text = String::from_utf8_lossy(raw);
        Self(
            Shape::of(&text)
                .rows()
                .filter_map(|row| serde_json::from_str(row).ok())
                .collect(),
        )
    }

    /// The id of what a request did for one of its calls: what has the call's address, else the object that the call names.
    fn of_call(&self, call: &Call) -> Option<String> {
        let Some(address) = call.args.text("email_address") else {
            let mut paths = call
                .meta
                .fields
                .iter()
                .filter(|field| field.place == Place::Path);
            return paths
                .next_back()
                .and_then(|field| call.args.text(field.name));
        };
        let address = address.to_lowercase();
        let has = |object: &&Value| {
            let found = object.get("email_address").and_then(Value::as_str);
            found.is_some_and(|found| found.to_lowercase() == address)
        };
        let object = self.0.iter().find(has)?;
        object.get("id")?.as_str().map(str::to_owned)
    }
}

//! The passes over the rows: what is looked at ahead, what is sent, and when the run waits.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use clerk_api::declare::{Class, Kind, RateClass};
use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Sleep, sleep};

use super::super::current::AT_ONCE;
use super::super::journal::OpenRow;
use super::super::state::State;
use super::super::task::{Decision, Step, Task};
use super::batch::Bulk;
use super::breaker::Open;
use super::send::{Ready, Request};
use super::{Halt, Run};

/// Results are written down when there are so many, if not sooner.
const RESULTS: usize = 64;
/// So many rows are claimed together at most (4.5).
const CLAIMS: usize = 64;
/// So many rows are looked at ahead.
const AHEAD: usize = 2 * AT_ONCE;

type Preparing<'p> = Pin<Box<dyn Future<Output = Outcome<Vec<Ready>>> + 'p>>;
type Flushing<'p> = Pin<Box<dyn Future<Output = ()> + 'p>>;

/// One pass over the rows.
struct Pass<'p> {
    deferred: bool,
    /// The last row that was taken.
    after: u64,
    /// The last row before those that are looked at now.
    before: u64,
    exhausted: bool,
    /// The next row waits until those before it have their responses.
    waits: bool,
    preparing: Option<Preparing<'p>>,
    ready: VecDeque<Ready>,
    /// Nothing is sent until it is over.
    hold: Option<Pin<Box<Sleep>>>,
}

impl Run<'_, '_> {
    /// Sends what rows ask for: those that were not tried, or those that get one more chance.
    pub(super) async fn pass(&self, deferred: bool) -> Outcome<()> {
        let mut pass = Pass {
            deferred,
            after: 0,
            before: 0,
            exhausted: false,
            waits: false,
            preparing: None,
            ready: VecDeque::new(),
            hold: None,
        };
        let mut flights = FuturesUnordered::new();
        // Requests go on while results are written down.
        let mut flushing: Option<Flushing<'_>> = None;
        let mut patience: Option<Pin<Box<Sleep>>> = None;
        let mut stop = self.engine.control.0.subscribe();
        loop {
            pass.ready.append(&mut self.again.borrow_mut());
            if self.goes_on() {
                self.look_ahead(&mut pass)?;
                while let Some(group) = self.next(&mut pass) {
                    flights.push(self.fly(group));
                }
                self.slots.set_open(pass.hold.is_none());
            } else {
                self.slots.set_open(false);
                pass.preparing = None;
                pass.ready.clear();
                patience.get_or_insert_with(|| Box::pin(sleep(self.engine.timing.last_responses)));
            }
            let idle = flights.is_empty() && pass.preparing.is_none() && pass.ready.is_empty();
            if idle && (pass.exhausted || !self.goes_on()) {
                self.last_flush(flushing).await;
                return Ok(());
            }
            if self.results.borrow().len() >= RESULTS && flushing.is_none() {
                flushing = Some(Box::pin(self.flush()));
            }
            tokio::select! {
                biased;
                () = until(&mut flushing) => flushing = None,
                Some(()) = flights.next(), if !flights.is_empty() => {}
                () = self.landed.notified() => {}
                prepared = until(&mut pass.preparing) => {
                    pass.preparing = None;
                    match prepared {
                        Ok(rows) => pass.ready.extend(rows),
                        Err(problem) => self.trouble(problem, &mut pass),
                    }
                }
                () = until(&mut pass.hold) => pass.hold = None,
                () = until(&mut patience) => {
                    // Rows whose responses did not come stay as sent; the next run settles them.
                    self.last_flush(flushing).await;
                    return Ok(());
                }
                _ = stop.changed() => {}
                () = sleep(self.engine.timing.flush), if flushing.is_none() => flushing = Some(Box::pin(self.flush())),
            }
        }
    }

    /// Writes down what is left to write, after what is being written.
    async fn last_flush(&self, flushing: Option<Flushing<'_>>) {
        if let Some(flushing) = flushing {
            flushing.await;
        }
        self.flush().await;
    }

    /// Begins to look at the next rows.
    fn look_ahead<'p>(&'p self, pass: &mut Pass<'p>) -> Outcome<()> {
        while pass.hold.is_none()
            && pass.preparing.is_none()
            && !pass.exhausted
            && pass.ready.len() < AHEAD
        {
            let mut rows = self.reader.open_rows(State::Pending, pass.after, AT_ONCE)?;
            let waits = |row: &OpenRow| self.work.waits(row.at.number);
            let is_free = self.claimed.get() == 0 && pass.ready.is_empty();
            pass.waits = !is_free && rows.first().is_some_and(waits);
            if pass.waits {
                break;
            }
            // A row that waits is the first of those that are looked at with it.
            let next = rows.iter().skip(1).position(waits);
            rows.truncate(next.map_or(AT_ONCE, |at| at + 1));
            let Some(last) = rows.last() else {
                pass.exhausted = true;
                break;
            };
            (pass.before, pass.after) = (pass.after, last.at.number);
            let rows: Vec<OpenRow> = rows
                .into_iter()
                .filter(|row| row.deferred == pass.deferred)
                .collect();
            if !rows.is_empty() {
                pass.preparing = Some(Box::pin(self.prepare(rows)));
            }
        }
        Ok(())
    }

    /// Looks at what is there for rows, and keeps those that something has to be sent for.
    async fn prepare(&self, rows: Vec<OpenRow>) -> Outcome<Vec<Ready>> {
        let tasks = rows.iter().map(|row| {
            Ok(Task {
                number: row.at.number,
                call: self.work.reread(row.at)?,
            })
        });
        let tasks = tasks.collect::<Outcome<Vec<Task>>>()?;
        let mut ready = Vec::new();
        for (number, decision) in self.work.decide(self.decider, tasks).await? {
            match decision {
                Decision::Settled(state, report) => {
                    self.ended(number, State::Pending, state, false, report);
                }
                Decision::Send(mut steps) => {
                    for step in &mut steps {
                        self.make_repeatable(number, step)?;
                    }
                    let deferred = rows
                        .iter()
                        .any(|row| row.at.number == number && row.deferred);
                    ready.push(Ready {
                        number,
                        steps,
                        deferred,
                        alone: deferred,
                    });
                }
            }
        }
        Ok(ready)
    }

    /// A key that makes a write repeatable belongs to the row, so that a later process sends the same one.
    fn make_repeatable(&self, number: u64, step: &mut Step) -> Outcome<()> {
        let call = &mut step.call;
        let mut keys = call
            .meta
            .fields
            .iter()
            .filter(|field| matches!(field.kind, Kind::IdempotencyKey));
        if let Some(key) = keys.find(|field| call.args.get(field.name).is_none()) {
            let value = format!("{}-{number}", self.job);
            call.args
                .set(key.name, &value)
                .map_err(|error| Problem::usage(error.to_string()))?;
        }
        Ok(())
    }

    /// What is there could not be looked at: the rows are looked at again after a pause.
    fn trouble(&self, problem: Box<Problem>, pass: &mut Pass<'_>) {
        let network = problem.kind == ProblemKind::Later && problem.code != "rate_limited";
        if !network {
            return self.halt_for(problem);
        }
        let mut breaker = self.breaker.borrow_mut();
        for _ in 0..40 {
            breaker.note(true);
        }
        drop(breaker);
        // Exactly these rows again: those before them may be on their way, though the journal does not show it yet.
        pass.after = pass.before;
        pass.exhausted = false;
        self.rest(pass);
    }

    /// Pauses where too much fails. Says whether it does.
    fn rest(&self, pass: &mut Pass<'_>) -> bool {
        let opened = self.breaker.borrow_mut().opened();
        match opened {
            None => false,
            Some(Open::Pause(pause)) => {
                self.wait("most requests fail", pause);
                pass.hold = Some(Box::pin(sleep(pause)));
                true
            }
            Some(Open::Park) => {
                let message = "most requests failed for an hour";
                let mut problem = Problem::new(ProblemKind::Later, "outage", message);
                problem.retry_after_s = Some(self.engine.timing.breaker_most.as_secs_f64());
                self.halt(Halt::Parked(problem));
                true
            }
        }
    }

    /// The next requests to send together, if any may go now.
    fn next(&self, pass: &mut Pass<'_>) -> Option<Vec<Request>> {
        if pass.hold.is_some() || pass.ready.is_empty() || self.rest(pass) {
            return None;
        }
        let most = self.most_claimed(pass);
        let room = most.saturating_sub(self.claimed.get());
        let starves = self.claimed.get() < self.at_once();
        if !starves && room < CLAIMS {
            // Few rows at a time would cost a write to the disk each.
            return None;
        }
        let mut group = Vec::new();
        let mut claims = 0;
        while self.claimed.get() < most && claims < CLAIMS && pass.hold.is_none() {
            let Some(request) = self.next_request(pass) else {
                break;
            };
            claims += request.rows().len();
            self.claimed.set(self.claimed.get() + 1);
            group.push(request);
        }
        (!group.is_empty()).then_some(group)
    }

    /// How many requests may be in flight.
    pub(super) fn at_once(&self) -> usize {
        if self.breaker.borrow().probes() {
            return 1;
        }
        let governor = self.engine.governor.as_ref();
        governor.map_or(16, |governor| governor.concurrency())
    }

    /// How many requests may be claimed. What could be done twice is claimed only when it is about to be sent: if the process ends,
    /// nobody knows of such a row whether it was. The same holds for what waits for a limit by the hour.
    fn most_claimed(&self, pass: &Pass<'_>) -> usize {
        let at_once = self.at_once();
        let call = pass.ready.front().and_then(Ready::first);
        let ahead = call.is_some_and(|call| {
            let class = call.meta.class(&call.args);
            matches!(class, Class::Idempotent | Class::Keyed)
                && Bulk::of(call.meta).is_none()
                && !is_hourly(call.meta.rate)
        });
        if ahead && at_once > 1 {
            // While one group is sent, the next one is written down whole.
            at_once.max(2 * CLAIMS)
        } else {
            at_once
        }
    }

    /// The next request: for many rows where the API takes them and its limit allows it, else for one.
    fn next_request(&self, pass: &mut Pass<'_>) -> Option<Request> {
        let first = pass.ready.front()?;
        let call = first.first()?;
        let bulk = Bulk::of(call.meta).filter(|_| !first.alone && first.steps.len() == 1);
        let Some(bulk) = bulk else {
            return self
                .may_go(call.meta.rate, None, pass)
                .then(|| pass.ready.pop_front().map(Request::One))
                .flatten();
        };
        let scope = bulk.scope(call.meta, &call.args);
        let joins = |row: &&Ready| {
            let call = row.first().filter(|_| !row.alone && row.steps.len() == 1);
            scope.is_some()
                && call.is_some_and(|other| {
                    other.meta.name == call_name(first)
                        && bulk.scope(other.meta, &other.args) == scope
                })
        };
        let together = pass.ready.iter().take_while(joins).take(bulk.most).count();
        let comes_more = pass.preparing.is_some() || !(pass.exhausted || pass.waits);
        if together < bulk.most && together == pass.ready.len() && comes_more && scope.is_some() {
            return None;
        }
        let single = call.meta.rate;
        if together < 2 {
            return self
                .may_go(single, None, pass)
                .then(|| pass.ready.pop_front().map(Request::One))
                .flatten();
        }
        if self.ready_in(bulk.meta.rate).is_zero() {
            let rows = pass.ready.drain(..together).collect();
            return Some(Request::Many(bulk, rows));
        }
        self.may_go(single, Some(bulk.meta.rate), pass)
            .then(|| pass.ready.pop_front().map(Request::One))
            .flatten()
    }

    /// Whether a request of this class may be claimed now. If not, the pass holds until it, or one of the other class, may.
    fn may_go(&self, class: RateClass, or: Option<RateClass>, pass: &mut Pass<'_>) -> bool {
        let wait = self.ready_in(class);
        if wait.is_zero() {
            return true;
        }
        let wait = or.map_or(wait, |other| wait.min(self.ready_in(other)));
        if wait > self.engine.timing.longest_wait {
            let mut problem = Problem::new(
                ProblemKind::Later,
                "rate_limited",
                "the hourly limit is used up",
            );
            problem.retry_after_s = Some(wait.as_secs_f64());
            self.halt(Halt::Parked(problem));
        } else {
            self.wait("the hourly limit is used up", wait);
            pass.hold = Some(Box::pin(sleep(wait)));
        }
        false
    }

    /// How long a class with a limit by the hour has to wait. A row that waits for others is not claimed, so that it needs no looking
    /// for if the process ends; shorter waits are the pace's.
    fn ready_in(&self, class: RateClass) -> Duration {
        match &self.engine.governor {
            Some(governor) if is_hourly(class) => governor.ready_in(class, ""),
            _ => Duration::ZERO,
        }
    }
}

fn is_hourly(class: RateClass) -> bool {
    let limit = class.extra();
    limit.is_some_and(|limit| limit.per >= Duration::from_secs(600))
}

fn call_name(row: &Ready) -> &'static str {
    row.first().map_or("", |call| call.meta.name)
}

/// Waits for what was begun; for ever where nothing was.
async fn until<F: Future + Unpin>(begun: &mut Option<F>) -> F::Output {
    match begun {
        Some(begun) => begun.await,
        None => std::future::pending().await,
    }
}

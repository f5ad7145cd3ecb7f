//! Decides when each request may leave, so that all processes together stay within the published limits (reliability.md section 3).
//!
//! A [`Governor`] is the [`Pace`] of a client. Short limits are spread evenly at a [`Share`] of what the API allows; hourly limits are
//! counted exactly, over restarts too. A refusal (429) stops its bucket for all requests of all processes, and slows it down afterwards.

mod clock;
mod file;
mod forecast;
mod latency;
mod lease;
mod lesson;
mod object;
mod queue;
mod rule;
mod share;
mod state;
mod table;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clerk_api::declare::RateClass;
use clerk_api::pace::{Exchange, Observed, Pace};
use clerk_api::transport::{BoxFuture, Clock};
use futures_util::future::select;
use tokio::sync::Notify;

pub use clock::{SystemWall, WallClock};
pub use forecast::Forecast;
pub use share::{Share, ShareError};
pub use table::{Limit, Table};

use clock::Moment;
use latency::Latency;
use lesson::Came;
use queue::{Place, Queue};
use rule::{Rule, duration, micros, real};
use state::{State, Step};
use table::{Bucket, Want};

/// Nobody sleeps longer without looking again: the computer's clock may be moved.
const LOOK_AGAIN: i64 = 30_000_000;

/// Gets what the user should know.
type Warn = dyn Fn(&str) + Send + Sync;

/// Gives permits to all requests of a process, and shares the limits with other processes through a file.
///
/// It never fails. Where the file cannot be used, it warns once and goes on by itself at half of its share. Other machines and the
/// application's own requests are not seen; refusals tell of them.
pub struct Governor {
    clock: Arc<dyn Clock>,
    wall: Arc<dyn WallClock>,
    warn: Option<Box<Warn>>,
    state: Mutex<State>,
    latency: Mutex<Latency>,
    queue: Queue,
    /// Whose turn it is, for each bucket, in the order of asking.
    turns: [tokio::sync::Mutex<()>; Bucket::SINGLE.len()],
    /// Raised when something is free sooner than it looked.
    changed: Notify,
    paced: bool,
}

impl Governor {
    /// Makes a governor for these limits. Without a table nobody's limits are known, as on a loopback server: no request waits, but for
    /// the end of a block that a 429 asked for.
    #[must_use]
    pub fn new(table: Option<Table>, share: Share, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            wall: Arc::new(SystemWall),
            warn: None,
            paced: table.is_some(),
            state: Mutex::new(State::new(table, share)),
            latency: Mutex::default(),
            queue: Queue::default(),
            turns: std::array::from_fn(|_| tokio::sync::Mutex::new(())),
            changed: Notify::new(),
        }
    }

    /// Shares the limits with all processes that name the same file. It is made with its folder at the first permit that needs it.
    #[must_use]
    pub fn shared_in(self, path: impl Into<PathBuf>) -> Self {
        self.state().share_in(path.into());
        self
    }

    /// Says that there is no place for a file: the governor goes on by itself at half of its share, and warns once.
    #[must_use]
    pub fn unshared(self, reason: &str) -> Self {
        self.state().stay_alone(reason);
        self
    }

    /// Sets who tells the time of day; the computer's clock by default.
    #[must_use]
    pub fn wall_clock(mut self, wall: Arc<dyn WallClock>) -> Self {
        self.wall = wall;
        self
    }

    /// Sets who hears, once, that the file cannot be used, and why.
    #[must_use]
    pub fn on_warning(mut self, warn: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.warn = Some(Box::new(warn));
        self
    }

    /// Returns how many requests in flight reach the permitted rate, from how long exchanges took: 4 at first, at most 64.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        let per_second = {
            let mut state = self.state();
            let now = self.now(&mut state);
            match state.rule(Bucket::Instance, now.stamp) {
                Some(Rule::Spread { gap, .. }) => 1e6 / real(gap),
                Some(Rule::Counted { most, window }) => {
                    real(i64::try_from(most).unwrap_or(i64::MAX)) * 1e6 / real(window)
                }
                None => 1e12,
            }
        };
        lock(&self.latency).concurrency(per_second)
    }

    /// Estimates how long so many requests of each class take from now on, and which limit decides it.
    #[must_use]
    pub fn forecast(&self, demand: &[(RateClass, u64)]) -> Forecast {
        let mut state = self.state();
        let now = self.now(&mut state);
        forecast::forecast(&mut state, now, demand)
    }

    /// Returns how long a request of this class with this path (below `/v1`) would have to wait: zero where it may go now.
    ///
    /// Nothing is taken, and requests that wait already are not counted.
    #[must_use]
    pub fn ready_in(&self, class: RateClass, path: &str) -> Duration {
        match Want::of(class, path).map(|want| self.step(want, false)) {
            Some(Step::Wait(wait, _)) => duration(wait),
            Some(Step::Go) | None => Duration::ZERO,
        }
    }

    /// Returns the limit that requests wait for now, in words, and for how long at least; nothing where none waits.
    #[must_use]
    pub fn binding(&self) -> Option<(&'static str, Duration)> {
        let (bucket, until) = self.queue.longest()?;
        Some((bucket.words(), duration(until - micros(self.clock.now()))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn now(&self, state: &mut State) -> Moment {
        state.at(micros(self.clock.now()), self.wall.micros())
    }

    fn step(&self, want: Want<'_>, take: bool) -> Step {
        let demand = u32::try_from(self.queue.len()).unwrap_or(u32::MAX);
        let mut state = self.state();
        let now = self.now(&mut state);
        let step = state.step(want, now, demand, take);
        let warning = state.warning.take();
        drop(state);
        self.warn(warning);
        step
    }

    fn warn(&self, warning: Option<String>) {
        if let (Some(warning), Some(warn)) = (warning, &self.warn) {
            warn(&warning);
        }
    }

    /// Waits until the request may go. One request at a time looks for permits of a bucket, the others stand behind it.
    async fn permitted(&self, want: Want<'_>) {
        let place = self.queue.enter();
        let claim = self.claim(want, &place).await;
        let _turn = match want.extra {
            Some(bucket) => Some(self.turns[bucket.index()].lock().await),
            None => None,
        };
        loop {
            let turn = self.turns[Bucket::Instance.index()].lock().await;
            loop {
                let changed = self.changed.notified();
                match self.step(want, true) {
                    Step::Go => return claim.keep(),
                    Step::Wait(wait, Bucket::Instance) => {
                        place.waits_for(Bucket::Instance, self.until(wait));
                        self.rest(wait, changed).await;
                    }
                    Step::Wait(wait, bucket) => {
                        // The instance's other requests need not wait for this.
                        drop(turn);
                        place.waits_for(bucket, self.until(wait));
                        self.rest(wait, changed).await;
                        break;
                    }
                }
            }
        }
    }

    /// Waits until no other write of the same object is under way.
    async fn claim<'a>(&'a self, want: Want<'a>, place: &Place<'_>) -> Claim<'a> {
        let object = want.object.filter(|_| self.paced);
        if let Some(object) = object {
            loop {
                let changed = self.changed.notified();
                let now = micros(self.clock.now());
                let claimed = self.state().objects.claim(object, now);
                let Err(wait) = claimed else { break };
                place.waits_for(Bucket::Object, now + wait);
                self.rest(wait, changed).await;
            }
        }
        Claim {
            governor: self,
            object,
        }
    }

    fn until(&self, wait: i64) -> i64 {
        micros(self.clock.now()) + wait
    }

    async fn rest(&self, wait: i64, changed: impl Future<Output = ()>) {
        let sleep = self.clock.sleep(duration(wait.clamp(1, LOOK_AGAIN)));
        select(sleep, std::pin::pin!(changed)).await;
    }

    fn release(&self, object: &str) {
        self.state().objects.release(object);
        self.changed.notify_waiters();
    }
}

impl Pace for Governor {
    fn permit<'a>(&'a self, exchange: &'a Exchange<'a>) -> BoxFuture<'a, ()> {
        match Want::of(exchange.rate, exchange.path) {
            Some(want) => Box::pin(self.permitted(want)),
            None => Box::pin(std::future::ready(())),
        }
    }

    fn observe(&self, exchange: &Exchange<'_>, observed: &Observed<'_>) {
        let Some(want) = Want::of(exchange.rate, exchange.path) else {
            return;
        };
        if observed.status.is_some() {
            lock(&self.latency).add(observed.took.as_secs_f64());
        }
        let came = match observed.status {
            Some(429) => Came::Refused(observed.retry_after.map(micros)),
            Some(_) => Came::Answered,
            None => Came::Nothing,
        };
        let mut state = self.state();
        let now = self.now(&mut state);
        let learned = state.came(want, now, now.own - micros(observed.took), came);
        let warning = state.warning.take();
        drop(state);
        self.warn(warning);
        if let Some(object) = want.object.filter(|_| self.paced) {
            self.release(object);
        } else if learned {
            self.changed.notify_waiters();
        }
    }

    fn expected(&self, exchange: &Exchange<'_>) -> Duration {
        let ready = self.ready_in(exchange.rate, exchange.path);
        let mut state = self.state();
        let now = self.now(&mut state);
        let gap = match state.rule(Bucket::Instance, now.stamp) {
            Some(Rule::Spread { gap, .. }) => gap,
            _ => 0,
        };
        let before = i64::try_from(self.queue.len()).unwrap_or(0) - 1;
        ready.max(duration(gap * before))
    }
}

/// An object that a write has for itself: until its answer comes, or until this is dropped without a permit.
struct Claim<'a> {
    governor: &'a Governor,
    object: Option<&'a str>,
}

impl Claim<'_> {
    /// The write takes place, and what comes of it ends the claim.
    fn keep(mut self) {
        self.object = None;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(object) = self.object {
            self.governor.release(object);
        }
    }
}

/// A lock that a panic elsewhere does not close.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

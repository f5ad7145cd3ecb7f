//! Simulated time: it passes only when everybody waits, and as many processes as a test likes live in it.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use clerk_api::declare::{RateClass, Verb};
use clerk_api::pace::{Exchange, Observed, Pace as _};
use clerk_api::transport::{BoxFuture, Clock};

use crate::governor::{Governor, Share, Table, WallClock};

/// Some day in 2026.
const BEGIN: i64 = 1_790_000_000_000_000;

/// The world's time, and when each request went out.
#[derive(Default)]
pub(super) struct Sim {
    now: Mutex<Duration>,
    sleepers: Mutex<BTreeMap<(Duration, u64), Waker>>,
    numbers: AtomicU64,
    /// By how much the wall clock was moved, in microseconds.
    moved: AtomicI64,
    pub(super) sent: Mutex<Vec<Duration>>,
    pub(super) warnings: Mutex<Vec<String>>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Sleep<'a> {
    sim: &'a Sim,
    until: Duration,
    number: u64,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let key = (self.until, self.number);
        let mut sleepers = self.sim.sleepers.lock().unwrap();
        if *self.sim.now.lock().unwrap() >= self.until {
            return Poll::Ready(());
        }
        sleepers.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        let key = (self.until, self.number);
        self.sim.sleepers.lock().unwrap().remove(&key);
    }
}

impl Clock for Sim {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(Sleep {
            sim: self,
            until: self.now() + duration,
            number: self.numbers.fetch_add(1, Ordering::Relaxed),
        })
    }

    fn random(&self) -> u64 {
        0
    }
}

impl WallClock for Sim {
    fn micros(&self) -> i64 {
        let now = i64::try_from(self.now().as_micros()).unwrap();
        BEGIN + now + self.moved.load(Ordering::Relaxed)
    }
}

impl Sim {
    pub(super) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Runs it to its end; where everybody waits, time passes.
    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let flag = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(flag.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            while flag.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                    return value;
                }
            }
            let next = self.sleepers.lock().unwrap().pop_first();
            let ((until, _), waker) = next.expect("everybody waits for nothing");
            self.pass_until(until);
            waker.wake();
        }
    }

    fn pass_until(&self, until: Duration) {
        let mut now = self.now.lock().unwrap();
        *now = until.max(*now);
    }

    /// Moves the wall clock.
    pub(super) fn move_clock(&self, seconds: i64) {
        self.moved.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    /// A process with a governor of its own, on this file if one is named.
    pub(super) fn process(
        self: &Arc<Self>,
        table: Option<Table>,
        share: f64,
        file: Option<&Path>,
    ) -> Governor {
        let share = Share::new(share).unwrap();
        let sim = self.clone();
        let governor = Governor::new(table, share, self.clone())
            .wall_clock(self.clone())
            .on_warning(move |text| sim.warnings.lock().unwrap().push(text.to_owned()));
        match file {
            Some(file) => governor.shared_in(file),
            None => governor,
        }
    }

    /// Sends one request that is answered with this status after so long; returns when it went out.
    pub(super) async fn send(
        &self,
        governor: &Governor,
        (class, path): (RateClass, &str),
        answer: (u16, Option<u64>),
        took: Duration,
    ) -> Duration {
        let exchange = Exchange::new("test", class, Verb::Post, path);
        governor.permit(&exchange).await;
        let at = self.now();
        self.sent.lock().unwrap().push(at);
        if !took.is_zero() {
            self.sleep(took).await;
        }
        let retry_after = answer.1.map(Duration::from_secs);
        governor.observe(&exchange, &Observed::new(Some(answer.0), retry_after, took));
        at
    }

    /// Sends so many good requests of a class, one after the other; returns when each went out.
    pub(super) async fn send_many(
        &self,
        governor: &Governor,
        class: RateClass,
        count: usize,
        took: Duration,
    ) -> Vec<Duration> {
        let mut all = Vec::new();
        for _ in 0..count {
            let sent = self.send(governor, (class, "/x"), (200, None), took);
            all.push(sent.await);
        }
        all
    }

    /// The largest number of requests in any window of this length, its end not included.
    pub(super) fn most_within(&self, window: Duration) -> usize {
        most_within(&self.sent.lock().unwrap(), window)
    }
}

pub(super) fn most_within(sent: &[Duration], window: Duration) -> usize {
    let mut sorted = sent.to_vec();
    sorted.sort();
    let in_window = |(index, first): (usize, &Duration)| {
        let rest = &sorted[index..];
        rest.partition_point(|at| *at < *first + window)
    };
    sorted.iter().enumerate().map(in_window).max().unwrap_or(0)
}

pub(super) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(super) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

//! Runs a job in this process: progress, signals, and what is left when it ends.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use clerk_api_tasks::governor::{SystemWall, WallClock as _};
use clerk_api_tasks::job::{
    Control, Counts, Decider, End, Engine, Event, Job, State, Timing, Work,
};

use crate::setup::context::{Context, Link};
use crate::show::signals::{Signal, Signals};
use crate::show::ui::Ui;

/// How a job is run.
pub(crate) struct Settings {
    pub(crate) at_most_once: bool,
    pub(crate) backup: bool,
    pub(crate) skew: i64,
}

/// A job after its run.
pub(crate) struct Ran {
    pub(crate) job: Job,
    pub(crate) end: End,
    /// The signal that asked for the end.
    pub(crate) signal: Option<Signal>,
    /// How long it ran, in milliseconds.
    pub(crate) took: i64,
}

/// How long a job may still wait for responses after the first signal, and then some for the disk.
const LAST: Duration = Duration::from_secs(25);

/// Runs a job until it ends. The first signal lets responses in flight come in, the second ends everything.
pub(crate) async fn run(
    context: &Context,
    link: &Link,
    job: Job,
    work: &dyn Work,
    decider: &Decider,
    settings: &Settings,
) -> Outcome<Ran> {
    let began = SystemWall.micros();
    let show = Show::new(&context.ui, job.counts()?);
    let watch = |event: &Event<'_>| show.tell(event);
    let control = Control::default();
    let engine = Engine {
        client: link.client.clone(),
        governor: Some(Arc::clone(&link.governor)),
        wall: Arc::new(SystemWall),
        skew: settings.skew,
        timing: timing(context),
        at_most_once: settings.at_most_once,
        backup: settings.backup,
        watch: &watch,
        control: control.clone(),
    };
    let mut signals = Signals::new()?;
    let mut asked = None;
    let id = job.place().id();
    let ran = {
        let mut running = std::pin::pin!(job.run(work, decider, &engine));
        tokio::select! {
            ran = &mut running => Some(ran),
            signal = signals.wait() => {
                asked = Some(signal);
                control.stop();
                context.ui.note("stopping: waiting for responses in flight (once more to stop at once)");
                signals.let_finish(&mut asked, LAST, running).await
            }
        }
    };
    show.end();
    let took = (SystemWall.micros() - began) / 1000;
    match ran {
        Some(ran) => ran
            .map(|(job, end)| Ran {
                job,
                end,
                signal: asked,
                took,
            })
            .map_err(|problem| unfinished(problem, &id)),
        None => Err(abandoned(&id, asked)),
    }
}

/// The second signal ended a job at once: rows on their way are settled by the next run.
fn abandoned(id: &str, signal: Option<Signal>) -> Box<Problem> {
    let interruption = signal.unwrap_or(Signal::Interrupt).interruption();
    let message = "interrupted before all responses came";
    let mut problem = Problem::new(
        ProblemKind::Interrupted(interruption),
        "interrupted",
        message,
    );
    problem.sent = clerk_api::Sent::Unknown;
    problem.hint(format!(
        "`clerk-api jobs resume {id}` finds out what was done, and continues"
    ))
}

/// A failure of the journal: what was written down before stays true.
fn unfinished(problem: Box<Problem>, id: &str) -> Box<Problem> {
    problem.hint(format!(
        "`clerk-api jobs resume {id}` continues the job when this is mended"
    ))
}

/// The times of a job; the configuration's times for single calls hold for its requests too.
pub(crate) fn timing(context: &Context) -> Timing {
    let mut timing = Timing::default();
    let http = &context.settings.http;
    if let Some(backoff) = http.backoff_ms {
        timing.policy.backoff = Duration::from_millis(backoff);
    }
    if let Some(looks) = http.looks_ms {
        timing.policy.looks = looks.map(Duration::from_millis);
        timing.look_again = Duration::from_millis(looks[2] * 10);
    }
    if let Some(pause) = http.breaker_ms {
        timing.breaker = Duration::from_millis(pause);
        timing.breaker_most = Duration::from_millis(pause * 20);
        timing.breaker_park = Duration::from_millis(pause * 240);
    }
    timing
}

/// Shows how far the job is: a bar at a terminal, a line now and then elsewhere.
struct Show<'u> {
    ui: &'u Ui,
    counts: Cell<Counts>,
    total: u64,
    began: i64,
    before: u64,
    line: Cell<i64>,
    bar: Option<indicatif::ProgressBar>,
    waits: RefCell<String>,
}

/// Where nobody watches a terminal, a line so often, in microseconds.
const LINES: i64 = 30_000_000;

impl<'u> Show<'u> {
    fn new(ui: &'u Ui, counts: Counts) -> Self {
        let open = counts.of(State::Pending) + counts.of(State::Sent);
        let began = SystemWall.micros();
        Self {
            ui,
            counts: Cell::new(counts),
            total: counts.total(),
            began,
            before: counts.total() - open,
            line: Cell::new(began),
            bar: ui.bar(counts.total()),
            waits: RefCell::default(),
        }
    }

    fn tell(&self, event: &Event<'_>) {
        match event {
            Event::Progress(counts) => {
                self.counts.set(*counts);
                self.draw();
            }
            Event::Waiting { reason, wait } => {
                let text = format!(
                    "{reason}; waiting {}",
                    clerk_api_admin::phrase::duration(*wait)
                );
                if self.bar.is_none() && wait.as_secs() >= 2 {
                    self.ui.note(&text);
                }
                self.waits.replace(text);
                self.draw();
            }
            _ => {}
        }
    }

    fn ended(&self) -> u64 {
        let counts = self.counts.get();
        counts.total() - counts.of(State::Pending) - counts.of(State::Sent)
    }

    fn draw(&self) {
        let ended = self.ended();
        let text = self.text(ended);
        if let Some(bar) = &self.bar {
            bar.set_position(ended);
            bar.set_message(text);
            return;
        }
        let now = SystemWall.micros();
        if now - self.line.get() >= LINES {
            self.line.set(now);
            self.ui
                .note(&format!("{ended} of {} rows, {text}", self.total));
        }
    }

    /// Rate, time left and failures.
    fn text(&self, ended: u64) -> String {
        let seconds = (SystemWall.micros() - self.began).max(1) as f64 / 1e6;
        let rate = (ended - self.before.min(ended)) as f64 / seconds;
        let left = self.total - ended;
        let failed = self
            .counts
            .get()
            .with(clerk_api_tasks::job::Outcome::Failed);
        let failed = failed - self.counts.get().of(State::Sent).min(failed);
        let mut text = format!("{rate:.0}/s");
        if rate > 0.0 && left > 0 && seconds > 1.0 {
            let left = Duration::from_secs_f64(left as f64 / rate);
            let _ = write!(text, ", {} left", clerk_api_admin::phrase::duration(left));
        }
        if failed > 0 {
            let _ = write!(text, ", {failed} failed");
        }
        let waits = self.waits.take();
        if !waits.is_empty() {
            let _ = write!(text, ", {waits}");
        }
        text
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

//! Runs a job in this process, so that a call can end before it does.

use std::rc::Rc;
use std::sync::Arc;

use clerk_api::API_VERSION;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::job::{
    Control, Counts, Decider, End, Engine, Event, Job, Meta, Outcome as Fate, Work,
};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::session::{Connected, Running};
use crate::turn::{Progress, Turn};

/// The command that starts jobs here: an agent cancels no others.
pub(super) const MADE_BY: &str = "mcp";

/// What a job is, but for its input.
pub(super) fn meta(connected: &Connected, kind: &str, operation: &str, options: Value) -> Meta {
    let connection = &connected.connection;
    Meta {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        kind: kind.to_owned(),
        operation: operation.to_owned(),
        instance: connected.instance.id.clone(),
        live: connection.live,
        key: connection.fingerprint.clone(),
        url: connection.url.clone(),
        api_version: API_VERSION.to_owned(),
        input: clerk_api_tasks::job::COMMAND_LINE.to_owned(),
        sha256: String::new(),
        size: 0,
        options,
        command: vec![MADE_BY.to_owned()],
        job_key: None,
        at_most_once: false,
        no_backup: false,
        undoes: None,
        salt: String::new(),
    }
}

/// Stops a job when the call that waits for it is given up.
pub(super) struct StopsWithIt(pub(super) Option<Control>);

impl Drop for StopsWithIt {
    fn drop(&mut self) {
        if let Some(control) = &self.0 {
            control.stop();
        }
    }
}

/// A job that runs.
pub(super) type Task = JoinHandle<Outcome<(Job, End)>>;

/// Begins to run a job.
pub(super) fn begin(
    turn: &Turn,
    connected: &Rc<Connected>,
    job: Job,
    work: Rc<dyn Work>,
    decider: Decider,
) -> (Control, Task) {
    let control = Control::default();
    let (ours, connected) = (control.clone(), Rc::clone(connected));
    let settings = turn.session.settings.clone();
    let progress = turn.progress.clone();
    let task = tokio::task::spawn_local(async move {
        let watch = |event: &Event<'_>| {
            if let (Event::Progress(counts), Some(progress)) = (event, &progress) {
                // A client that went away hears nothing.
                let _ = progress.send(far(counts));
            }
        };
        let engine = Engine {
            client: connected.connection.client.clone(),
            governor: connected.connection.governor.clone(),
            wall: Arc::clone(&settings.wall),
            skew: connected.instance.skew,
            timing: settings.timing.clone(),
            at_most_once: false,
            backup: true,
            watch: &watch,
            control: ours,
        };
        job.run(&*work, &decider, &engine).await
    });
    (control, task)
}

/// Keeps a job that goes on when its call is over. Its lock goes with its end, so that a person can continue what was stopped.
pub(super) fn keep(turn: &Turn, id: &str, control: Control, task: Task) {
    let task = tokio::task::spawn_local(async move { ended(task.await).map(drop) });
    let running = Running { control, task };
    let mut jobs = turn.session.jobs.borrow_mut();
    jobs.insert(id.to_owned(), running);
}

fn far(counts: &Counts) -> Progress {
    let left = counts.with(Fate::NotAttempted);
    (counts.total().saturating_sub(left), Some(counts.total()))
}

/// The end of the task of a job.
pub(super) fn ended<T>(ended: Result<Outcome<T>, tokio::task::JoinError>) -> Outcome<T> {
    ended.map_err(|error| {
        Problem::refused("the job ended in this program's mistake").cause(error.to_string())
    })?
}
